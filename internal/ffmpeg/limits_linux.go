package ffmpeg

import (
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"vitrine/internal/sched"
)

// ownGroup puts the child into a process group of its own and lets the kernel
// kill it when the thread that started it ends.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func killGroup(pid int) error { return unix.Kill(-pid, unix.SIGKILL) }

// apply limits a process that has just been started. What it did before, in the
// few microseconds since, is loading libraries, not reading the film.
func (l limits) apply(pid int) error {
	seconds := uint64((l.cpu + time.Second - 1) / time.Second)
	for _, r := range []struct {
		name  string
		which int
		most  uint64
	}{
		{"memory", unix.RLIMIT_AS, uint64(l.memory)},
		{"processor time", unix.RLIMIT_CPU, seconds},
		{"file size", unix.RLIMIT_FSIZE, uint64(l.fileSize)},
		{"open files", unix.RLIMIT_NOFILE, l.files},
		{"core dumps", unix.RLIMIT_CORE, 0},
	} {
		if err := unix.Prlimit(pid, r.which, &unix.Rlimit{Cur: r.most, Max: r.most}, nil); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	sched.Background(pid) // threads that it starts later do the same
	return nil
}
