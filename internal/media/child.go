package media

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// childEnvironment is all that a decoder sees of the environment. Two arenas and
// a large mmap threshold keep its resident size flat and save page faults (15 to
// 20 % of the time for 1280×960); the trim threshold goes with the latter.
var childEnvironment = []string{
	"MALLOC_ARENA_MAX=2",
	"MALLOC_MMAP_THRESHOLD_=33554432",
	"MALLOC_TRIM_THRESHOLD_=67108864",
	"GOMAXPROCS=2",
	"VIPS_CONCURRENCY=1",
	"LC_ALL=C",
}

var errTooSlow = errors.New("out of time")

// child is a decoder process. It does one job at a time.
type child struct {
	cmd    *exec.Cmd
	in     *os.File // its standard input
	out    *os.File // its standard output
	reader *bufio.Reader
	stderr *tail
	jobs   int // done
}

func startChild(c Config) (*child, error) {
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("decoder: %w", err)
	}
	defer theirIn.Close()
	out, theirOut, err := os.Pipe()
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("decoder: %w", err)
	}
	defer theirOut.Close()
	args := append(c.Command[1:len(c.Command):len(c.Command)], "--spool", c.Spool, "--memory", fmt.Sprint(c.Memory))
	cmd := exec.Command(c.Command[0], args...)
	if c.self {
		cmd.Path = selfPath(cmd.Path)
	}
	errs := &tail{}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirIn, theirOut, errs
	cmd.Env, cmd.Dir, cmd.SysProcAttr = childEnvironment, "/", childAttributes()
	if err := cmd.Start(); err != nil {
		in.Close()
		out.Close()
		return nil, fmt.Errorf("decoder does not start: %w", err)
	}
	return &child{cmd: cmd, in: in, out: out, reader: bufio.NewReader(out), stderr: errs}, nil
}

// call does one job. After an error the child is of no more use. errTooSlow
// says that it took longer than patience.
func (c *child) call(ctx context.Context, req *request, patience time.Duration) (*response, error) {
	deadline := time.Now().Add(patience + grace)
	if err := errors.Join(c.in.SetWriteDeadline(deadline), c.out.SetReadDeadline(deadline)); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() {
		_ = c.in.SetWriteDeadline(time.Unix(1, 0))
		_ = c.out.SetReadDeadline(time.Unix(1, 0))
	})
	order := *req
	order.Patience = patience
	var answer response
	err := writeMessage(c.in, order)
	if err == nil {
		err = readMessage(c.reader, &answer)
	}
	switch {
	case !stop(): // even if it answered: its deadlines may be changed at any time now
		return nil, ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, errTooSlow
	case err != nil:
		return nil, fmt.Errorf("decoder: %w", err)
	}
	return &answer, nil
}

// kill ends the child, with everything it may have started, and waits for it.
func (c *child) kill() {
	killGroup(c.cmd.Process)
	_ = c.cmd.Wait() // "signal: killed"
	c.in.Close()
	c.out.Close()
}

// lastWords tells how the child ended and what it said last on standard error.
func (c *child) lastWords() string {
	return strings.TrimSpace(fmt.Sprintf("%v; %s", c.cmd.ProcessState, c.stderr))
}

// tailSize is how much of a decoder's standard error is kept.
const tailSize = 2 << 10

// tail keeps the first and the last bytes that were written to it: a crash of
// the Go runtime tells its reason first and its stacks after.
type tail struct {
	mu         sync.Mutex
	head, last []byte
}

// Write implements io.Writer. It never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	if room := tailSize - len(t.head); room > 0 {
		room = min(room, len(p))
		t.head, p = append(t.head, p[:room]...), p[room:]
	}
	t.last = append(t.last, p...)
	if over := len(t.last) - tailSize; over > 0 {
		t.last = append(t.last[:0], t.last[over:]...)
	}
	return n, nil
}

// String is what was kept, with a mark where something is missing.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.last) == 0 {
		return string(t.head)
	}
	return string(t.head) + " … " + string(t.last)
}
