package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

var requestsPerSecond = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)

// wrk asks for one address for a span and returns the requests per second.
func wrk(ctx context.Context, address string, span time.Duration) (float64, error) {
	seconds := max(1, int(span.Seconds()))
	cmd := exec.CommandContext(ctx, "wrk", "-t", strconv.Itoa(runtime.NumCPU()), "-c", "64", "-d", fmt.Sprintf("%ds", seconds), address)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("wrk: %w: %s", err, out)
	}
	if bytes.Contains(out, []byte("Non-2xx")) {
		return 0, fmt.Errorf("wrk: not every answer was a success: %s", out)
	}
	m := requestsPerSecond.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("wrk said nothing of requests per second: %s", out)
	}
	rate, err := strconv.ParseFloat(string(m[1]), 64)
	if err == nil && rate == 0 {
		err = fmt.Errorf("wrk got no answer from %s", address)
	}
	return rate, err
}

// measurePages asks for a viewer page.
func (b *bench) measurePages(ctx context.Context, s *server, p picture) error {
	u, err := s.uploadOne(ctx, "page.jpg", p.copy(b.number.Add(1)))
	if err != nil {
		return err
	}
	rate, err := wrk(ctx, u.Image.URLViewer, b.span/2)
	if err != nil {
		return err
	}
	b.add(report{what: "viewer page", unit: "/s", measured: rate, target: 5000, more: true})
	return nil
}

// measureRaw asks for raw files of two sizes, from us and from nginx.
func (b *bench) measureRaw(ctx context.Context, s *server, p picture) error {
	thumb, err := photograph(400, 400, 6, 80)
	if err != nil {
		return err
	}
	nginx, stop, err := b.startNginx(ctx, "tcp_nopush on;")
	if err != nil {
		return err
	}
	defer stop()
	for i, f := range []struct {
		name    string
		content []byte
		target  float64 // share of nginx
	}{
		{"raw file", p.copy(b.number.Add(1)), 0.85},
		{"raw file", numbered(thumb, b.number.Add(1)), 0.4},
	} {
		u, err := s.uploadOne(ctx, "raw.jpg", f.content)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("raw-%d.jpg", i) // nginx keeps what it knows of a name
		if err := os.WriteFile(filepath.Join(b.folder, "www", name), f.content, 0o644); err != nil {
			return err
		}
		ours, err := wrk(ctx, u.Image.URL, b.span/2)
		if err != nil {
			return err
		}
		theirs, err := wrk(ctx, nginx+"/"+name, b.span/2)
		if err != nil {
			return err
		}
		b.add(report{
			what: fmt.Sprintf("%s of %d KB", f.name, len(f.content)/1000), unit: "/s", measured: ours, more: true,
			target: f.target * theirs, limit: theirs, limitIs: fmt.Sprintf("nginx; we have %.2f of it, target %.2f", ours/theirs, f.target),
		})
	}
	return nil
}

// startNginx serves the folder www from memory as fast as nginx can, with more lines of
// configuration.
func (b *bench) startNginx(ctx context.Context, more string) (origin string, stop func(), err error) {
	address, err := freeAddress()
	if err != nil {
		return "", nil, err
	}
	www := filepath.Join(b.folder, "www")
	if err := os.MkdirAll(www, 0o755); err != nil {
		return "", nil, err
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // the files are ours
	}
	config := filepath.Join(b.folder, "nginx.conf")
	text := fmt.Sprintf(`%s
daemon off;
worker_processes %d;
pid %s/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
	access_log off;
	sendfile on;
	%[6]s
	keepalive_requests 1000000;
	open_file_cache max=10;
	types { image/jpeg jpg; }
	client_body_temp_path %[3]s/nginx-body;
	proxy_temp_path %[3]s/nginx-proxy;
	fastcgi_temp_path %[3]s/nginx-fastcgi;
	uwsgi_temp_path %[3]s/nginx-uwsgi;
	scgi_temp_path %[3]s/nginx-scgi;
	server { listen %[4]s; root %[5]s; }
}
`, user, runtime.NumCPU(), b.folder, address, www, more)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return "", nil, err
	}
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // not on everybody's path
	}
	cmd := exec.CommandContext(ctx, program, "-c", config, "-p", b.folder, "-e", "stderr")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // as our server
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // its errors are in stderr
	}()
	stop = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended
	}
	for range 500 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return "http://" + address, stop, nil
		}
		select {
		case <-ended:
			return "", nil, fmt.Errorf("nginx ended: %s", &stderr)
		case <-time.After(10 * time.Millisecond):
		}
	}
	stop()
	return "", nil, errors.New("nginx does not answer")
}

// measureStart starts the server on its own data again and again.
func (b *bench) measureStart(ctx context.Context) error {
	best, first := time.Hour, time.Duration(0)
	for i := range 5 {
		address, err := freeAddress()
		if err != nil {
			return err
		}
		data := filepath.Join(b.folder, "data")
		if i == 0 {
			data = filepath.Join(b.folder, "empty") // with everything to be made
		}
		start := time.Now()
		s, err := b.serve(ctx, data, address)
		if err != nil {
			return err
		}
		if d := time.Since(start); i == 0 {
			first = d
		} else {
			best = min(best, d)
		}
		s.stop()
	}
	b.add(report{what: "start to ready", unit: "ms", measured: ms(best), target: 300, limitIs: fmt.Sprintf("%.0f ms on an empty folder", ms(first))})
	return nil
}
