package media

import (
	"os"
	"syscall"
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
