//go:build packaging

package packaging_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machine is a booted system in namespaces of its own: files, processes, network.
type machine struct{ init int } // the process that is its number 1, seen from here

// cannotBoot says why this machine cannot boot another, in one sentence.
func cannotBoot() string {
	if os.Getuid() != 0 {
		return "only root can boot a system in namespaces of its own"
	}
	for _, program := range []string{"unshare", "nsenter", "setpriv", "runuser", "ip", "curl", "dpkg", "/usr/lib/systemd/systemd"} {
		if _, err := exec.LookPath(program); err != nil {
			return "this needs a Debian system with systemd: " + program + " is missing"
		}
	}
	for _, path := range []string{"/var/lib/vitrine", "/etc/vitrine", "/usr/lib/systemd/system/vitrine.service"} {
		if _, err := os.Lstat(path); err == nil {
			return path + " is there: this needs a machine without Vitrine"
		}
	}
	if out, err := exec.Command("unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "--cgroup", "true").CombinedOutput(); err != nil {
		return "namespaces are not allowed here: " + strings.TrimSpace(string(out))
	}
	return ""
}

// boot starts a machine that has the files of the folder in /packages. It ends with
// the test, or with this process.
func boot(t *testing.T, packages string) machine {
	t.Helper()
	group, err := makeGroup()
	if err != nil {
		t.Skipf("this machine has no cgroups that systemd could use: %v", err)
	}
	t.Cleanup(func() { removeGroup(t, group) })
	cmd := exec.Command("unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
		"--uts", "--ipc", "--net", "--cgroup", "./boot", t.TempDir(), packages)
	var log bytes.Buffer // read after the end
	cmd.Stdout, cmd.Stderr = &log, &log
	dir, err := os.Open(group)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, UseCgroupFD: true, CgroupFD: int(dir.Fd())}
	ended := make(chan error)
	began := make(chan error)
	go func() { // ends with the process; the signal of a parent's death comes when its thread ends
		runtime.LockOSThread()
		err := cmd.Start()
		began <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-began; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // with it goes number 1, and with that all others
		<-ended
		if t.Failed() {
			t.Logf("the machine said:\n%s", &log)
		}
	})
	var m machine
	waitFor(t, "the machine to boot", func() bool {
		if m.init == 0 {
			m.init = childOf(cmd.Process.Pid)
			return false
		}
		if link, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", m.init)); err != nil || !strings.HasSuffix(link, "/systemd") {
			return false
		}
		out, _ := m.try("systemctl", "is-active", "packaging.target")
		return out == "active"
	})
	return m
}

// makeGroup makes a cgroup below our own, whose inside the machine takes for all.
func makeGroup() (string, error) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	ours, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return "", err
	}
	var path string
	for line := range strings.Lines(string(ours)) {
		if rest, ok := strings.CutPrefix(line, "0::"); ok {
			path = strings.TrimSpace(rest)
		}
	}
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); slices.Contains(fields, "cgroup2") {
			return os.MkdirTemp(filepath.Join(fields[4], path), "vitrine-packaging-")
		}
	}
	return "", errors.New("no cgroup2 is mounted")
}

// removeGroup waits until the kernel has taken the last process out.
func removeGroup(t *testing.T, group string) {
	waitFor(t, "the cgroup to be empty", func() bool {
		var folders []string
		_ = filepath.WalkDir(group, func(path string, d fs.DirEntry, err error) error { // what cannot be read cannot be removed either
			if err == nil && d.IsDir() {
				folders = append(folders, path)
			}
			return nil
		})
		for _, folder := range slices.Backward(folders) {
			if os.Remove(folder) != nil {
				return false
			}
		}
		return true
	})
}

func childOf(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0
	}
	child, _ := strconv.Atoi(strings.TrimSpace(string(text))) // 0: none yet
	return child
}

// try runs a program on the machine, as root, and returns all it prints.
func (m machine) try(args ...string) (string, error) {
	all := append([]string{"--target", strconv.Itoa(m.init), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd", "--"}, args...)
	cmd := exec.Command("nsenter", all...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "SYSTEMD_PAGER="}
	out, err := cmd.CombinedOutput()
	return strings.TrimSuffix(string(out), "\n"), err
}

// run runs a program that must succeed.
func (m machine) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := m.try(args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// write puts text into a file of the machine.
func (m machine) write(t *testing.T, path, text string) {
	t.Helper()
	m.run(t, "mkdir", "-p", filepath.Dir(path))
	m.run(t, "sh", "-c", `printf %s "$1" >"$2"`, "sh", text, path)
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited 30 s for %s", what)
		}
	}
}
