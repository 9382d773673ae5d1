//go:build !linux

package ffmpeg

import "syscall"

// Other systems than Linux are for development only: their children end with
// the context, but the kernel does not limit them.

func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

func (l limits) apply(int) error { return nil }
