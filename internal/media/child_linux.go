package media

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// childAttributes put the child into a group of its own, so that signals of the
// terminal do not reach it, and let the kernel kill it when the server dies.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// selfPath is the program that is running, even if an upgrade has put another
// one in its place meanwhile, whose decoder might not understand us.
func selfPath(string) string { return "/proc/self/exe" }

const (
	// politeness is how much nicer than the server decoders are: where both want the
	// processor, a decoder gets a tenth of what the server does. Alone it gets all.
	politeness = 10
	// politeSlice is how long a decoder may go on before others are looked at, which
	// those with shorter slices (2 to 4 ms) need not wait for: sched_setattr(2), Linux 6.12.
	politeSlice = 20 * time.Millisecond
)

// stepBack lets the calling thread, and every process that it starts from now on,
// give way to the server. It works as far as the kernel knows how.
func stepBack() {
	nice, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		return
	}
	nice = 20 - nice // what the system call gives is turned round
	attr := &unix.SchedAttr{
		Size: unix.SizeofSchedAttr, Policy: unix.SCHED_BATCH,
		Nice: int32(min(19, nice+politeness)), Runtime: uint64(politeSlice),
	}
	if unix.SchedSetAttr(0, attr, 0) != nil {
		_ = unix.Setpriority(unix.PRIO_PROCESS, 0, int(attr.Nice)) // a seccomp filter of a container may forbid the other
	}
}
