package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"vitrine/internal/server"
)

// counting answers with the number of bytes in the body, or why there were no more.
func counting(w http.ResponseWriter, r *http.Request) {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "%d bytes", n)
}

func TestSlowHead(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{HeaderTimeout: 200 * time.Millisecond, Handler: http.HandlerFunc(echo)})
	c, r := s.dial()
	began := time.Now()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\n")
	go func() {
		for range 600 {
			time.Sleep(50 * time.Millisecond)
			if _, err := fmt.Fprint(c, "X-A: b\r\n"); err != nil {
				return
			}
		}
	}()
	_, err := io.ReadAll(r)
	if took := time.Since(began); took > 8*time.Second || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection lived %s: %v", took, err)
	}
}

func TestIdleConnection(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{IdleTimeout: 100 * time.Millisecond, Handler: http.HandlerFunc(echo)})
	c, r := s.dial()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	if b, err := io.ReadAll(r); err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 200") {
		t.Errorf("got %q, %v; want an answer and the end", b, err)
	}
}

func TestLargeHead(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{MaxHeader: 8 << 10, Handler: http.HandlerFunc(echo)})
	if got := s.do("GET", "/", map[string]string{"X-Large": strings.Repeat("x", 20_000)}); got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %s", got.Status)
	}
}

func TestSlowBody(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{MinRate: 1000, BodyGrace: 500 * time.Millisecond, Handler: http.HandlerFunc(counting)})

	t.Run("steady", func(t *testing.T) {
		t.Parallel()
		c, r := s.dial()
		fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000\r\n\r\n")
		for range 40 { // 16,000 bytes in 2 s: slower than the grace, faster than the rate
			time.Sleep(50 * time.Millisecond)
			if _, err := c.Write(make([]byte, 400)); err != nil {
				t.Fatal(err)
			}
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("got %v, %v", resp, err)
		}
		resp.Body.Close()
	})
	t.Run("drip", func(t *testing.T) {
		t.Parallel()
		c, r := s.dial()
		began := time.Now()
		fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n")
		go func() {
			for range 600 {
				if _, err := c.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		}()
		_, _ = io.ReadAll(r)
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("the connection lived %s", took)
		}
	})
	t.Run("pause after haste", func(t *testing.T) {
		t.Parallel()
		c, r := s.dial()
		began := time.Now()
		fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n")
		if _, err := c.Write(make([]byte, 3_000_000)); err != nil {
			t.Fatal(err)
		}
		_, _ = io.ReadAll(r)
		if took := time.Since(began); took > 15*time.Second { // less than dial would wait
			t.Errorf("the connection lived %s", took)
		}
	})
}

// The deadline of a body must not end a request that works long after it.
func TestLongWorkAfterBody(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{BodyGrace: 100 * time.Millisecond, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/part" {
			_, _ = io.ReadFull(r.Body, make([]byte, 2))
		} else {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		select {
		case <-r.Context().Done():
			t.Errorf("%s: the request was cancelled", r.URL.Path)
		case <-time.After(400 * time.Millisecond):
		}
		fmt.Fprint(w, "done")
	})})
	c, r := s.dial()
	for _, path := range []string{"/all", "/part", "/all"} { // on one connection
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n", path)
		resp, err := http.ReadResponse(r, nil)
		if err != nil || resp.StatusCode != http.StatusContinue {
			t.Fatalf("%s: got %v, %v, want 100", path, resp, err)
		}
		fmt.Fprint(c, "body")
		if resp, err = http.ReadResponse(r, nil); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if b, err := io.ReadAll(resp.Body); err != nil || string(b) != "done" {
			t.Errorf("%s: got %q, %v", path, b, err)
		}
		resp.Body.Close()
		time.Sleep(200 * time.Millisecond) // longer than any deadline left behind
	}
}

// A client that goes away still cancels the request.
func TestClientGoesAway(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	s := start(t, server.Config{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
			ended <- nil
		case <-time.After(5 * time.Second):
			ended <- errors.New("nobody told the handler")
		}
	})})
	c, _ := s.dial()
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
	time.Sleep(50 * time.Millisecond)
	c.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestSlowReader(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	s := start(t, server.Config{MinRate: 100 << 20, BodyGrace: 200 * time.Millisecond, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for range 200 {
			if _, err = w.Write(make([]byte, 1<<20)); err != nil {
				break
			}
		}
		ended <- err
	})})
	c, _ := s.dial()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	select {
	case err := <-ended:
		if err == nil {
			t.Error("200 MB went to somebody who reads nothing")
		}
	case <-time.After(30 * time.Second):
		t.Error("the handler still waits for somebody who reads nothing")
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan bool), make(chan bool)
	s := start(t, server.Config{StopTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/1/upload" && r.Method == http.MethodPost && r.URL.RawQuery == "" {
			begun <- true
			<-goOn
			if r.Context().Err() != nil {
				t.Error("the running upload was cancelled")
			}
		}
		fmt.Fprint(w, "done")
	})})
	running := make(chan error, 1)
	go func() {
		resp, err := http.Post(s.URL+"/api/1/upload", "", nil)
		if err == nil {
			var b []byte
			if b, err = io.ReadAll(resp.Body); string(b) != "done" {
				err = fmt.Errorf("got %q", b)
			}
			resp.Body.Close()
		}
		running <- err
	}()
	<-begun
	// A connection that is in the middle of a head when the stop begins.
	c, r := s.dial()
	fmt.Fprint(c, "POST /api/1/upload?late HTTP/1.1\r\nHost: a\r\n")
	time.Sleep(50 * time.Millisecond)
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	for {
		if conn, err := net.Dial("tcp", s.s.Addr().String()); err != nil {
			break
		} else {
			conn.Close()
		}
		time.Sleep(5 * time.Millisecond)
	}
	fmt.Fprint(c, "Content-Length: 0\r\n\r\n")
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable || !resp.Close || resp.Header.Get("Retry-After") == "" || !strings.Contains(string(b), `"status_code":503`) {
		t.Errorf("a new upload while stopping: got %s %s", resp.Status, b)
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped while an upload was running: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(goOn)
	if err := errors.Join(<-running, <-stopped); err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestStopCutsWhatIsTooSlow(t *testing.T) {
	t.Parallel()
	begun, ended := make(chan bool), make(chan bool)
	s := start(t, server.Config{StopTimeout: 100 * time.Millisecond, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		time.Sleep(50 * time.Millisecond)
		close(ended)
	})})
	c, _ := s.dial()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	<-begun
	if err := s.stop(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	select {
	case <-ended:
	default:
		t.Error("Serve came back before the handler")
	}
}

func TestListenerFails(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Listener: l, MetricsListen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, func() { l.Close() })
	if err := s.Serve(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if _, err := server.New(server.Config{Listen: l.Addr().String(), BasePath: "x"}); err == nil {
		t.Error("a bad base path: no error")
	}
}
