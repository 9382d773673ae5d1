package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vitrine/internal/server"
)

// ask sends a request on a connection and reads the answer; false if the
// connection was closed.
func ask(c net.Conn, r *bufio.Reader) bool {
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		return false
	}
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return err == nil && resp.StatusCode == http.StatusOK
}

// allWait waits until every connection waits for a request, which is a moment after the
// last answer has gone out.
func (s *site) allWait() {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		switch c := s.s.Connections(); {
		case c.Waiting == c.Open:
			return
		case time.Now().After(end):
			s.t.Fatalf("%d of %d connections wait", c.Waiting, c.Open)
		}
	}
}

// TestTooManyConnections: those who wait longest make room, those who are busy
// stay.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	local := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		name   string
		config server.Config
		stays  bool // the first connection
	}{
		{"in all", server.Config{MaxConnections: 3}, false},
		{"from one address", server.Config{MaxConnectionsPerAddress: 3}, false},
		{"from a proxy", server.Config{MaxConnectionsPerAddress: 3, TrustedProxies: local}, true},
		{"no bound", server.Config{MaxConnectionsPerAddress: -1}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.config.Handler = http.HandlerFunc(echo)
			s := start(t, c.config)
			first, reader := s.dial()
			if !ask(first, reader) {
				t.Fatal("the first connection does not work")
			}
			for range 3 {
				s.allWait()
				next, reader := s.dial()
				if !ask(next, reader) {
					t.Fatal("a later connection does not work")
				}
			}
			if got := ask(first, reader); got != c.stays {
				t.Errorf("the first connection works: %v, want %v", got, c.stays)
			}
		})
	}
}

func TestSlowHeadsMakeRoom(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{MaxConnectionsPerAddress: 5, Handler: http.HandlerFunc(echo)})
	for range 50 {
		c, _ := s.dial()
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
	}
	if c, r := s.dial(); !ask(c, r) {
		t.Error("nobody gets in beside slow heads")
	}
}

func TestBusyConnectionsStay(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	s := start(t, server.Config{MaxConnectionsPerAddress: 2, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		<-release
		echo(w, r)
	})})
	answers := make(chan string, 2)
	for range 2 {
		c, r := s.dial()
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		go func() {
			all, _ := io.ReadAll(r)
			answers <- string(all)
		}()
		<-entered
	}
	_, r := s.dial()
	if all, _ := io.ReadAll(r); !strings.HasPrefix(string(all), "HTTP/1.1 503 ") || !strings.Contains(string(all), "\r\nRetry-After: ") {
		t.Errorf("the third was told %q", all)
	}
	close(release)
	for range 2 {
		if got := <-answers; !strings.HasPrefix(got, "HTTP/1.1 200") {
			t.Errorf("a busy connection got %q", got)
		}
	}
}

// TestEarlyRefusal: a refusal is heard by those who ask first, and by those who
// send first.
func TestEarlyRefusal(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no", http.StatusServiceUnavailable)
	})})
	t.Run("asks first", func(t *testing.T) {
		t.Parallel()
		c, r := s.dial()
		fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000000\r\nExpect: 100-continue\r\n\r\n")
		all, err := io.ReadAll(r)
		if err != nil || !strings.HasPrefix(string(all), "HTTP/1.1 503 ") {
			t.Errorf("got %q, %v", all, err)
		}
	})
	t.Run("sends first", func(t *testing.T) {
		t.Parallel()
		c, r := s.dial()
		fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000000\r\n\r\n")
		for range 40 {
			if _, err := c.Write(make([]byte, 1e6)); err != nil {
				t.Fatal(err)
			}
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("got %s", resp.Status)
		}
	})
}
