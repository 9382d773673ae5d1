package cluster_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
)

// TestMain runs the tests, or is a node with a clock of its own, or a decoder of
// one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "node" {
		os.Exit(serveNode())
	}
	apptest.Main(m)
}

// repository is the top of the project.
const repository = "../.."

// compile builds the real program.
func compile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vitrine")
	cmd := exec.Command("go", "build", "-tags", "nodynamic", "-o", path, "./cmd/vitrine")
	cmd.Dir = repository
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return path
}

// process is something that a test has started. It gets the signal of its
// beginning if this process ends, in whatever way.
type process struct {
	name  string
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has
	err   error         // how it ended; read it after ended
}

// starter starts processes from a thread that lives as long as this process: the
// kernel sends the signal of a parent's death when the thread ends.
var starter = sync.OnceValue(func() chan func() {
	work := make(chan func())
	go func() { // ends with this process
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// spawn starts a process in a group of its own, with its output in a file.
// whenOrphaned is the signal that it gets when this process is gone.
func spawn(name string, cmd *exec.Cmd, log string, whenOrphaned syscall.Signal) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	cmd.SysProcAttr.Setpgid, cmd.SysProcAttr.Pdeathsig = true, whenOrphaned
	started := make(chan error)
	starter() <- func() { started <- cmd.Start() }
	if err := <-started; err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd, ended: make(chan struct{})}
	go func() { // ends with the process
		p.err = cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// running reports whether it has not ended.
func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// end sends a signal and waits for the end; after limit it kills the whole group
// and says so.
func (p *process) end(signal syscall.Signal, limit time.Duration) error {
	_ = p.cmd.Process.Signal(signal) // it may have ended
	select {
	case <-p.ended:
		return nil
	case <-time.After(limit):
	}
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	<-p.ended
	return fmt.Errorf("%s did not end within %v of %v", p.name, limit, signal)
}

var taken sync.Map // ports that freePort has given away

// freePort is a port of 127.0.0.1 that nobody listens on, outside the range from
// which the kernel takes ports of connections: a node gets it again after a kill.
func freePort() (int, error) {
	for port := 21000 + os.Getpid()%5000; port < 32000; port++ {
		if _, twice := taken.LoadOrStore(port, true); twice {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no free port")
}

// freeAddress is a free port as an address.
func freeAddress(t testing.TB) string {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}

// waitFor asks again and again until fn returns nil, and returns its last error
// after limit.
func waitFor(limit time.Duration, fn func() error) error {
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		err := fn()
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

// dial reports whether somebody listens.
func dial(address string) error {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}
