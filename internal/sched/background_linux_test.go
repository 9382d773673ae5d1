package sched

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestMain is also the program that the test of a session starts.
func TestMain(m *testing.M) {
	if os.Getenv("SCHED_TEST_TELL") != "" {
		runtime.LockOSThread()
		Background(0)
		attr, err := unix.SchedGetAttr(0, 0)
		fmt.Println(attr.Policy, err)
		return
	}
	os.Exit(m.Run())
}

// TestBackground: a service gives way at once; what shares its session with
// others takes no more than a small part.
func TestBackground(t *testing.T) {
	t.Parallel()
	for name, own := range map[string]bool{"session of its own": true, "session of the test": false} {
		want := unix.SCHED_BATCH
		if own {
			on, _ := os.ReadFile("/proc/sys/kernel/sched_autogroup_enabled")
			groups, _ := os.ReadFile("/proc/self/cgroup")
			if own, shared := grouped(string(groups), "/sys/fs/cgroup"); own || !shared && strings.TrimSpace(string(on)) == "1" {
				want = unix.SCHED_IDLE
			}
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "SCHED_TEST_TELL=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: own}
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != fmt.Sprint(want, " <nil>") {
			t.Errorf("%s: policy %s, %v, want %d", name, got, err, want)
		}
	}
}

// TestBackgroundInherits: what the thread starts gives way too, other threads do not.
func TestBackgroundInherits(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread() // so that the other one has another thread
	defer runtime.UnlockOSThread()
	policies := make(chan uint32, 2)
	go func() {
		runtime.LockOSThread() // for good
		defer close(policies)
		Background(0)
		for _, pid := range []int{0, startCat(t)} {
			policies <- policy(t, pid)
		}
	}()
	for policy := range policies {
		if policy == unix.SCHED_NORMAL {
			t.Error("does not give way")
		}
	}
	if got := policy(t, 0); got != unix.SCHED_NORMAL {
		t.Errorf("the thread beside it has policy %d", got)
	}
}

// TestBackgroundOfChild: a process that runs already gives way too.
func TestBackgroundOfChild(t *testing.T) {
	t.Parallel()
	pid := startCat(t)
	Background(pid)
	if policy(t, pid) == unix.SCHED_NORMAL {
		t.Error("does not give way")
	}
}

func policy(t *testing.T, pid int) uint32 {
	t.Helper()
	attr, err := unix.SchedGetAttr(pid, 0)
	if err != nil {
		t.Error(err)
		return 0
	}
	return attr.Policy
}

// startCat starts a process that lasts until the test ends.
func startCat(t *testing.T) int {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Error(err)
		return 0
	}
	p, err := os.StartProcess("/bin/cat", []string{"cat"}, &os.ProcAttr{Files: []*os.File{read, nil, nil}})
	read.Close()
	if err != nil {
		t.Error(err)
		return 0
	}
	t.Cleanup(func() {
		write.Close() // and cat ends
		_, _ = p.Wait()
	})
	return p.Pid
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, group := range []string{"system.slice/vitrine.service", "user.slice/user-1.slice/session.scope"} {
		if err := os.MkdirAll(filepath.Join(root, group), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, group := range []string{"system.slice/vitrine.service", "user.slice"} {
		if err := os.WriteFile(filepath.Join(root, group, "cpu.weight"), []byte("100\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const own, shared, neither = "own", "shared", "neither"
	for groups, want := range map[string]string{
		"0::/system.slice/vitrine.service\n":          own,
		"0::/system.slice/ssh.service\n":              neither,
		"0::/user.slice/user-1.slice/session.scope\n": shared, // with all that the users do
		"0::/\n":                               neither,
		"4:cpu,cpuacct:/docker/1f\n0::/\n":     own,
		"4:cpu,cpuacct:/system.slice\n":        shared,
		"4:cpu,cpuacct:/\n3:cpuset:/docker/\n": neither,
		"3:cpuset:/docker/1f\n":                neither,
		"":                                     neither,
	} {
		got := neither
		switch o, s := grouped(groups, root); {
		case o:
			got = own
		case s:
			got = shared
		}
		if got != want {
			t.Errorf("%q is %s, want %s", groups, got, want)
		}
	}
}
