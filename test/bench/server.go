package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is the running program.
type server struct {
	cmd     *exec.Cmd
	url     string
	key     string
	log     *bytes.Buffer
	ended   chan struct{}
	stopped sync.Once
}

// client keeps as many connections as there are uploads at once.
var client = &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 128}}

// environment is that of the program: SQLite and a local folder, no limits that
// a single address would run into, nothing else of ours.
func environment(data, address string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + data,
		"VITRINE_DATA=" + data, "VITRINE_LISTEN=" + address, "VITRINE_LOG_LEVEL=warn",
		"VITRINE_SETTING_FLOOD_PROTECTION=off", "VITRINE_MAX_CONNECTIONS_PER_ADDRESS=off",
	}
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// startServer makes an account with a key on the command line and serves.
func (b *bench) startServer(ctx context.Context) (*server, error) {
	return b.startServerIn(ctx, filepath.Join(b.folder, "data"))
}

// startServerIn is startServer with another data folder.
func (b *bench) startServerIn(ctx context.Context, data string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	command := func(args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, b.binary, args...)
		cmd.Env = environment(data, address)
		cmd.Stdin = strings.NewReader("a long enough password\n")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("vitrine %s: %w: %s", strings.Join(args, " "), err, stderr.String())
		}
		return strings.TrimSpace(string(out)), nil
	}
	if _, err := command("user", "create", "--username", "bench", "--email", "bench@example.org", "--role", "admin", "--password-stdin"); err != nil {
		return nil, err
	}
	key, err := command("key", "create", "--user", "bench")
	if err != nil {
		return nil, err
	}
	s, err := b.serve(ctx, data, address)
	if err != nil {
		return nil, err
	}
	s.key = key
	return s, nil
}

// serve starts the server and waits until it is ready.
func (b *bench) serve(ctx context.Context, data, address string) (*server, error) {
	return b.serveWith(ctx, environment(data, address), address)
}

// serveAt is serve at an address of its own.
func (b *bench) serveAt(ctx context.Context, p place) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return b.serveWith(ctx, environmentAt(p, address), address)
}

func (b *bench) serveWith(ctx context.Context, environ []string, address string) (*server, error) {
	s := &server{url: "http://" + address, log: &bytes.Buffer{}, ended: make(chan struct{})}
	s.cmd = exec.CommandContext(ctx, b.binary, "serve")
	s.cmd.Env = environ
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // as whatever starts services does
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 10 * time.Second
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.ended)
		_ = s.cmd.Wait() // told by the log, if it was not we who ended it
	}()
	for {
		resp, err := client.Get(s.url + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return s, nil
			}
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("the server ended: %s", s.log)
		case <-ctx.Done():
			s.stop()
			return nil, ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// stop ends the server as Ctrl+C does, and waits for it. Twice is no error.
func (s *server) stop() {
	s.stopped.Do(func() {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return
		}
		select {
		case <-s.ended:
		case <-time.After(40 * time.Second):
			_ = s.cmd.Process.Kill()
		}
	})
}

// errBusy says that the server refused politely: 503.
var errBusy = errors.New("busy")

// upload sends a file in the way of the API page and returns the address of the
// original and of the viewer page.
func (s *server) upload(ctx context.Context, name string, content []byte) (answer string, err error) {
	const boundary = "vitrine-bench-boundary"
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"source\"; filename=\"" + name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"
	tail := "\r\n--" + boundary + "--\r\n"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/api/1/upload", io.MultiReader(strings.NewReader(head), bytes.NewReader(content), strings.NewReader(tail)))
	if err != nil {
		return "", err
	}
	r.ContentLength = int64(len(head) + len(content) + len(tail))
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	r.Header.Set("X-API-Key", s.key)
	resp, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusServiceUnavailable:
		return "", errBusy
	case resp.StatusCode != http.StatusOK:
		return "", fmt.Errorf("upload: %s: %s", resp.Status, body)
	}
	return string(body), nil
}
