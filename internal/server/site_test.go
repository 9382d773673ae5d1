package server_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/server"
)

// site is a running server.
type site struct {
	t    *testing.T
	s    *server.Server
	URL  string
	log  *logBuffer
	stop func() error
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// line waits for a line of the log that holds the text: it is written after the
// answer has gone out.
func (s *site) line(text string) string {
	s.t.Helper()
	for range 6000 {
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, text) {
				return line
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatalf("no line with %q in the log:\n%s", text, s.log)
	return ""
}

func start(t *testing.T, c server.Config) *site {
	t.Helper()
	l := new(logBuffer)
	if c.Logger == nil {
		c.Logger = slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	s, err := server.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	st := &site{t: t, s: s, URL: "http://" + s.Addr().String(), log: l}
	st.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = st.stop() })
	return st
}

// answer is an answer that was read to its end.
type answer struct {
	*http.Response
	body string
}

func (s *site) do(method, path string, header map[string]string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{resp, string(b)}
}

func (s *site) dial() (net.Conn, *bufio.Reader) {
	s.t.Helper()
	c, err := net.Dial("tcp", s.s.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

// echo tells what the handler sees.
func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s from %s id %s", r.URL.Scheme, r.URL.Path, r.RemoteAddr, r.Header.Get("X-Request-Id"))
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "X-Forwarded-Host"} {
		if v := r.Header.Get(name); v != "" {
			fmt.Fprintf(w, " %s=%s", name, v)
		}
	}
}
