package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/app"
)

const (
	nodeCount    = 3
	nodeDecoders = 2
	spoolSize    = 64 << 20 // bytes of a node's disk for its spool, where it has one
	// stopLimit is how long a node that was told to stop may take; it gives requests
	// 30 seconds, and jobs 10.
	stopLimit = 50 * time.Second
	// killLimit is how long the kernel may take to end a process, on a machine whose
	// disk has more to do than it can.
	killLimit = time.Minute
	// clockVariable tells a node that is this test binary how wrong its clock is.
	clockVariable = "CLUSTER_CLOCK"
)

// node is one server: its folder, its wires, and its process while it runs.
type node struct {
	name, program    string
	address, metrics string
	folder           string
	environ          []string
	database, bucket *wire
	process          *process
	small            bool // the spool lies on a small disk
}

func (n *node) url() string   { return "http://" + n.address }
func (n *node) log() string   { return n.folder + ".log" }
func (n *node) spool() string { return filepath.Join(n.folder, "spool") }

// start starts the node and returns when it is ready.
func (n *node) start(t testing.TB) {
	t.Helper()
	n.run(t, exec.Command(n.program, "serve"))
}

// startAt is start with a clock that is wrong. Such a node is this test binary: the
// clock of the real program cannot be changed from outside.
func (n *node) startAt(t testing.TB, wrong time.Duration) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "node")
	cmd.Env = []string{clockVariable + "=" + wrong.String()}
	n.run(t, cmd)
}

func (n *node) run(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	n.launch(t, cmd)
	if err := n.wait(time.Minute); err != nil {
		t.Fatalf("%s does not get ready: %v\n%s", n.name, err, tail(n.log(), 4<<10))
	}
}

// launch starts the node without waiting for it.
func (n *node) launch(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	cmd.Env = append(cmd.Env, n.environ...)
	cmd.Dir = n.folder
	if err := os.MkdirAll(n.spool(), 0o700); err != nil {
		t.Fatal(err)
	}
	if n.small {
		cmd = onSmallDisk(cmd, n.spool(), spoolSize)
	}
	var err error
	if n.process, err = spawn(n.name, cmd, n.log(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// wait waits until the node says that it is ready.
func (n *node) wait(limit time.Duration) error {
	return waitFor(limit, func() error {
		if !n.process.running() {
			return fmt.Errorf("%s ended: %w", n.name, n.process.err)
		}
		resp, err := ask(context.Background(), http.MethodGet, n.url()+"/readyz", nil)
		if err == nil && resp.status != http.StatusOK {
			err = fmt.Errorf("%s: %d %s", n.name, resp.status, resp.body)
		}
		return err
	})
}

// kill ends the node in the middle of whatever it does.
func (n *node) kill() error { return n.process.end(syscall.SIGKILL, killLimit) }

// stop ends the node as an upgrade does.
func (n *node) stop() error {
	if err := n.process.end(syscall.SIGTERM, stopLimit); err != nil {
		return err
	}
	return n.process.err
}

// use is what a node has open.
type use struct{ goroutines, files, decoders int }

// look counts what the node has open.
func (n *node) look() (u use, err error) {
	resp, err := ask(context.Background(), http.MethodGet, "http://"+n.metrics+"/metrics", nil)
	if err != nil {
		return u, err
	}
	for line := range strings.Lines(string(resp.body)) {
		if value, ok := strings.CutPrefix(line, "go_goroutines "); ok {
			if _, err := fmt.Sscan(value, &u.goroutines); err != nil {
				return u, err
			}
		}
	}
	if u.goroutines == 0 {
		return u, errors.New("the metrics know no goroutines")
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", n.process.pid()))
	u.files = len(open)
	u.decoders = len(n.decoders())
	return u, err
}

// decoders are the pids of the node's children.
func (n *node) decoders() (pids []int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", n.process.pid()))
	for _, path := range tasks {
		text, _ := os.ReadFile(path)
		for field := range strings.FieldsSeq(string(text)) {
			var pid int
			if _, err := fmt.Sscan(field, &pid); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// serveNode is "vitrine serve" with another clock.
func serveNode() int {
	if err := serveWrongly(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func serveWrongly() error {
	wrong, err := time.ParseDuration(os.Getenv(clockVariable))
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	c, err := app.Load(app.Sources{Environ: os.Environ()})
	if err != nil {
		return err
	}
	c.Clock = func() time.Time { return time.Now().Add(wrong) }
	a, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	if err := a.Listen(ctx); err != nil {
		return errors.Join(err, a.Close())
	}
	return a.Serve(ctx)
}
