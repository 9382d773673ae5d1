package sched

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// politeness is how much nicer than this process what works in the background is,
	// where SCHED_IDLE cannot be had: it gets a tenth of a processor that both want.
	politeness = 10
	// slice is how long it may go on before others of its kind are looked at.
	slice = 20 * time.Millisecond
)

// Background lets a process, or the calling thread if pid is 0, give way to every
// other thread of this process. What it starts from now on does the same. A
// goroutine that calls it with 0 must be locked to its thread for good. It works
// as far as the kernel lets us.
//
// The policy is SCHED_IDLE: the kernel takes the processor away as soon as another
// thread wants it, while a nice thread may finish what is left of its tick, 4 ms
// at 250 Hz. The little that it is sure of, 3 of 1024 shares, is enough only
// among our own threads, which pause. Where those of other programs count too, it
// is SCHED_BATCH.
func Background(pid int) {
	nice, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		return
	}
	nice = min(19, 20-nice+politeness) // what the system call gives is turned round
	attr := &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_BATCH, Nice: int32(nice), Runtime: uint64(slice)}
	if apart() {
		attr.Policy = unix.SCHED_IDLE
	}
	if unix.SchedSetAttr(pid, attr, 0) != nil {
		_ = unix.Setpriority(unix.PRIO_PROCESS, pid, nice) // a seccomp filter of a container may forbid the other
	}
}

// apart reports whether this is a service whose processors the kernel shares out
// between it, with its children, and other programs as groups: cgroups(7), and
// sched(7) for autogroups, one for each session.
var apart = sync.OnceValue(func() bool {
	session, err := unix.Getsid(0)
	// An init process for a container begins the session of what it starts.
	if err != nil || session != os.Getpid() && (session != 1 || os.Getppid() != 1) {
		return false // begun by a shell, or by a test, which shares its group
	}
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return false
	}
	switch own, shared := grouped(string(groups), "/sys/fs/cgroup"); {
	case own:
		return true
	case shared:
		return false
	}
	on, err := os.ReadFile("/proc/sys/kernel/sched_autogroup_enabled")
	return err == nil && bytes.Equal(bytes.TrimSpace(on), []byte("1"))
})

// grouped reports whether one of the groups, lines of /proc/self/cgroup, has a
// share of the processors, and whether that is for this service only or for
// others too. Neither: there are autogroups, or nothing.
func grouped(groups, root string) (own, shared bool) {
	for line := range strings.Lines(groups) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, path, _ := strings.Cut(rest, ":")
		switch {
		case path == "/" && controllers != "":
		case controllers == "": // version 2, where not every group has a share
			for at := path; ; at = filepath.Dir(at) {
				if _, err := os.Stat(filepath.Join(root, at, "cpu.weight")); err == nil {
					return at == path, at != path
				}
				if at == "/" || at == "." {
					break
				}
			}
		case slices.Contains(strings.Split(controllers, ","), "cpu"):
			own = !strings.HasSuffix(path, ".slice")
			return own, !own
		}
	}
	return false, false
}
