package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	maxOutput = 1 << 20 // of a program's answer
	maxErrors = 4 << 10 // of what it complains about; the rest is thrown away
	// killWait is how long to wait for the pipes of a killed program.
	killWait = 2 * time.Second
)

// limits of a child process.
type limits struct {
	memory, fileSize int64 // bytes
	cpu              time.Duration
	files            uint64
}

// run starts a program without terminal, environment or network, in a process
// group of its own, and waits for its end. The group is killed when ctx or the
// time of the configuration ends, and the program also when this process dies.
func (t *Tools) run(ctx context.Context, fileSize int64, program string, args ...string) ([]byte, error) {
	within, cancel := context.WithTimeout(ctx, t.cfg.Timeout)
	defer cancel()

	cmd := exec.CommandContext(within, program, args...)
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	cmd.WaitDelay = killWait
	out, complaints := &capped{most: maxOutput}, &capped{most: maxErrors, forgiving: true}
	cmd.Stdout, cmd.Stderr = out, complaints

	// The signal for the parent's death follows the thread that started the
	// child, so that thread must not end before the child does.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			err = fmt.Errorf("%w: %w", ErrAbsent, err)
		}
		return nil, fmt.Errorf("starting %s: %w", program, err)
	}
	l := limits{memory: t.cfg.Memory, fileSize: fileSize, cpu: t.cfg.Timeout, files: 64}
	if err := l.apply(cmd.Process.Pid); err != nil && !errors.Is(err, syscall.ESRCH) {
		cancel()
		_ = cmd.Wait()
		return nil, fmt.Errorf("limiting %s: %w", program, err)
	}
	err := cmd.Wait()
	switch {
	case err == nil:
		return out.kept, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("running %s: %w", program, ctx.Err())
	case within.Err() != nil, out.over, killedBySignal(err):
		return nil, fmt.Errorf("running %s: %w: %w: %s", program, ErrLimit, err, complaints)
	}
	return nil, fmt.Errorf("running %s: %w: %w: %s", program, ErrFilm, err, complaints)
}

// killedBySignal reports whether a limit of the kernel, or a fault, ended it.
func killedBySignal(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

var errOverflow = errors.New("too much output")

// capped keeps the first bytes that are written to it. After them it refuses,
// which ends the writer, or swallows the rest if it is forgiving.
type capped struct {
	kept      []byte
	most      int
	forgiving bool
	over      bool
}

func (c *capped) Write(p []byte) (int, error) {
	n := min(len(p), c.most-len(c.kept))
	c.kept = append(c.kept, p[:n]...)
	if n == len(p) || c.forgiving {
		return len(p), nil
	}
	c.over = true
	return n, errOverflow
}

// String is what a program complained about, in one line.
func (c *capped) String() string { return strings.Join(strings.Fields(string(c.kept)), " ") }
