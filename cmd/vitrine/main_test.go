package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/db/dbtest"
)

// built is the folder of the program, which the first test that runs it compiles.
var built string

var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(built, "vitrine")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	var err error
	if built, err = os.MkdirTemp("", "vitrine-cmd-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(built)
	os.Exit(code)
}

// ground is where a program keeps its things: a data folder, an engine.
type ground struct {
	data    string
	environ []string
}

func newGround(t *testing.T, engine string) ground {
	t.Helper()
	g := ground{data: filepath.Join(t.TempDir(), "data")}
	g.environ = append(g.environ, "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir(), "VITRINE_DATA="+g.data,
		"VITRINE_SLOW_QUERY=off") // tests compare what commands say, and a busy machine is slow
	if engine == "postgres" {
		g.environ = append(g.environ, "VITRINE_DATABASE="+dbtest.PostgresURL(t))
	}
	return g
}

// onEach runs fn as the subtests sqlite and postgres.
func onEach(t *testing.T, fn func(t *testing.T, g ground)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			fn(t, newGround(t, engine))
		})
	}
}

// command prepares the program.
func (g ground) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = g.environ
	cmd.Dir = t.TempDir()
	return cmd
}

// result is what a finished program left.
type result struct {
	out, err string
	code     int
}

// try runs the program with text on its standard input.
func (g ground) try(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := g.command(t, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// run runs the program, which must succeed, and returns its standard output
// without the last line end.
func (g ground) run(t *testing.T, args ...string) string {
	t.Helper()
	r := g.try(t, "", args...)
	if r.code != 0 || r.err != "" {
		t.Fatalf("vitrine %s: exit code %d\n%s", strings.Join(args, " "), r.code, r.err)
	}
	return strings.TrimSuffix(r.out, "\n")
}

// served is a running server.
type served struct {
	cmd   *exec.Cmd
	url   string        // without a final slash
	errs  *bytes.Buffer // read it after the end only
	start time.Duration // from the start of the process to the address
	ended chan error

	mu  sync.Mutex
	out bytes.Buffer // standard output until now
}

// Write implements io.Writer for what the server prints.
func (s *served) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

// printed is the standard output until now.
func (s *served) printed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// serve starts a server on a free port and waits for its address.
func (g ground) serve(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{
		cmd:  g.command(t, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...),
		errs: new(bytes.Buffer), ended: make(chan error, 1),
	}
	s.cmd.Stderr = s.errs
	pipe, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewReader(io.TeeReader(pipe, s))
		for {
			line, err := lines.ReadString('\n')
			if url, ok := strings.CutPrefix(strings.TrimSpace(line), "Vitrine is open at "); ok {
				address <- strings.TrimSuffix(url, "/")
			}
			if err != nil {
				break
			}
		}
		close(address)
		s.ended <- s.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // no error: it may have ended
		s.ended <- <-s.ended
		if t.Failed() {
			t.Logf("log of the server:\n%s", s.errs)
		}
	})
	select {
	case s.url = <-address:
	case <-time.After(20 * time.Second):
	}
	s.start = time.Since(begin)
	if s.url == "" {
		_ = s.cmd.Process.Kill()
		s.wait(t)
		t.Fatalf("no address:\n%s\n%s", s.printed(), s.errs)
	}
	return s
}

// stop sends SIGTERM, waits, and returns how long it took.
func (s *served) stop(t *testing.T) time.Duration {
	t.Helper()
	begin := time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.wait(t); err != nil {
		t.Errorf("the server ended with %v:\n%s", err, s.errs)
	}
	return time.Since(begin)
}

// wait waits for the end.
func (s *served) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.ended:
		s.ended <- err // for whoever waits again
		return err
	case <-time.After(time.Minute):
		t.Fatal("the server did not end within a minute")
		return nil
	}
}
