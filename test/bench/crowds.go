package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// peakOf is the most memory of all processes of the server while fn runs.
func peakOf(s *server, fn func() error) (peak int64, err error) {
	ended := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for {
			peak = max(peak, memoryOf(s.cmd.Process.Pid))
			select {
			case <-ended:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	err = fn()
	close(ended)
	watcher.Wait()
	return peak, err
}

// measureCrowds reports the most memory for each kind of crowd.
func (b *bench) measureCrowds(ctx context.Context, s *server, pictures []picture) error {
	for _, c := range []struct {
		what string
		run  func() (remark string, err error)
	}{
		{fmt.Sprintf("%d × 12 MP JPEG at once", b.crowd), func() (string, error) { return b.crowdOf(ctx, s, pictures[0], b.crowd) }},
		{fmt.Sprintf("%d × 1280×960 JPEG at once", overloadSmall), func() (string, error) { return b.crowdOf(ctx, s, pictures[1], overloadSmall) }},
		{fmt.Sprintf("%d bodies that drip", overloadDrips), func() (string, error) { return drips(ctx, s, overloadDrips, b.span/2) }},
		{"progressive JPEG of 50 MP and AVIF of 40 MP, eight of each at once", func() (string, error) { return b.hostile(ctx, s) }},
	} {
		var remark string
		peak, err := peakOf(s, func() (err error) { remark, err = c.run(); return err })
		if errors.Is(err, exec.ErrNotFound) {
			continue // the program that makes the pictures is not here
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
		b.add(report{what: c.what + ", peak memory of all processes", unit: "MB", measured: float64(peak) / 1e6, target: 600, limitIs: remark})
	}
	return nil
}

// crowdOf uploads copies at the same time.
func (b *bench) crowdOf(ctx context.Context, s *server, p picture, n int) (string, error) {
	contents := make([][]byte, n)
	for i := range contents {
		contents[i] = p.copy(b.number.Add(1))
	}
	return uploadAll(ctx, s, p.file, contents)
}

// uploadAll uploads everything at the same time: each succeeds or gets a 503.
func uploadAll(ctx context.Context, s *server, name string, contents [][]byte) (remark string, err error) {
	var stored, refused atomic.Int64
	errs := make([]error, len(contents))
	var all sync.WaitGroup
	start := time.Now()
	for i, content := range contents {
		all.Go(func() {
			switch _, err := s.upload(ctx, name, content); {
			case err == nil:
				stored.Add(1)
			case errors.Is(err, errBusy):
				refused.Add(1)
			default:
				errs[i] = err
			}
		})
	}
	all.Wait()
	return fmt.Sprintf("%d stored, %d told to come back (503), in %.1f s", stored.Load(), refused.Load(), time.Since(start).Seconds()), errors.Join(errs...)
}

// hostile uploads pictures of the most pixels that are allowed, of the kinds that
// take the most memory for each.
func (b *bench) hostile(ctx context.Context, s *server) (string, error) {
	vips := func(args ...string) error {
		cmd := exec.CommandContext(ctx, "vips", args...)
		cmd.Dir = b.folder
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("vips %s: %w: %s", strings.Join(args, " "), err, out)
		}
		return nil
	}
	var contents [][]byte
	for _, side := range []struct {
		name, size string
		save       []string
	}{
		{"large.jpg", "7070", []string{"jpegsave", "flat.v", "large.jpg", "--interlace", "--Q", "30"}},
		{"large.avif", "6320", []string{"heifsave", "flat.v", "large.avif", "--compression", "av1", "--effort", "0", "--Q", "20"}},
	} {
		if err := vips("black", "flat.v", side.size, side.size, "--bands", "3"); err != nil {
			return "", err
		}
		if err := vips(side.save...); err != nil {
			return "", err
		}
		content, err := os.ReadFile(filepath.Join(b.folder, side.name))
		if err != nil {
			return "", err
		}
		for range 8 {
			contents = append(contents, content)
		}
	}
	return uploadAll(ctx, s, "large", contents)
}

// drips sends bodies a little at a time for a span, and then a whole one.
func drips(ctx context.Context, s *server, n int, span time.Duration) (string, error) {
	conns := make([]net.Conn, n)
	defer func() {
		for _, c := range conns {
			if c != nil {
				c.Close()
			}
		}
	}()
	for i := range conns {
		c, err := dialUpload(ctx, s, 4<<20)
		if err != nil {
			return "", err
		}
		conns[i] = c
	}
	block := make([]byte, 1<<10)
	for end := time.Now().Add(span); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		for _, c := range conns {
			if _, err := c.Write(block); err != nil {
				return "", fmt.Errorf("a body that drips: %w", err)
			}
		}
	}
	begin := time.Now()
	icon, err := icons()
	if err != nil {
		return "", err
	}
	if _, err := s.upload(ctx, "icon.png", icon(1<<24)); err != nil {
		return "", err
	}
	return fmt.Sprintf("10 KB/s each; another upload took %.0f ms meanwhile", ms(time.Since(begin))), nil
}

// dialUpload opens a connection and sends the beginning of an upload.
func dialUpload(ctx context.Context, s *server, size int) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(c, "POST /api/1/upload HTTP/1.1\r\nHost: bench\r\nX-API-Key: %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"+
		"--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a.jpg\"\r\n\r\n", s.key, size)
	return c, err
}

// measureSlow reports what slow clients of each kind cost in memory.
func (b *bench) measureSlow(ctx context.Context, s *server) error {
	u, err := b.largeFile(ctx, s)
	if err != nil {
		return err
	}
	address := strings.TrimPrefix(s.url, "http://")
	path := strings.TrimPrefix(u, s.url)
	dial := func(text string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			_, err = io.WriteString(c, text)
		}
		return c, err
	}
	for _, k := range []struct {
		what string
		open func() (net.Conn, error)
	}{
		{"a head that does not end", func() (net.Conn, error) { return dial("GET / HTTP/1.1\r\nHost: bench\r\nX-A: ") }},
		{"a body that does not go on", func() (net.Conn, error) { return dialUpload(ctx, s, 4<<20) }},
		{"a reader of a large file who does not read", func() (net.Conn, error) {
			return dial("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n")
		}},
	} {
		n := min(slowClients, 10*b.crowd)
		before, conns := memoryOf(s.cmd.Process.Pid), make([]net.Conn, 0, n)
		for range n {
			c, err := k.open()
			if err != nil {
				return fmt.Errorf("%s: %w", k.what, err)
			}
			conns = append(conns, c)
		}
		time.Sleep(500 * time.Millisecond)
		after := memoryOf(s.cmd.Process.Pid)
		begin := time.Now()
		if _, _, err := fetch(ctx, visitor(), s.url+"/"); err != nil {
			return err
		}
		took := time.Since(begin)
		for _, c := range conns {
			c.Close()
		}
		b.add(report{
			what: "memory for " + k.what, unit: "KB", target: 100, measured: max(0.1, float64(after-before)/float64(n)/1000),
			limitIs: fmt.Sprintf("%d of them; a page took %.1f ms meanwhile", n, ms(took)),
		})
		time.Sleep(200 * time.Millisecond)
	}
	return nil
}

// largeFile uploads a file that no buffer of the kernel holds, and gives its address.
func (b *bench) largeFile(ctx context.Context, s *server) (string, error) {
	content, err := photograph(5600, 4200, 16, 95)
	if err != nil {
		return "", err
	}
	u, err := s.uploadOne(ctx, "large.jpg", content)
	return u.Image.URL, err
}
