package apiv1_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// dial opens a connection to the house and sends the head of an upload.
func (h *house) dial(t *testing.T, key string, length int, headers ...string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	must(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = fmt.Fprintf(c, "POST /api/1/upload HTTP/1.1\r\nHost: h\r\nX-API-Key: %s\r\nContent-Type: multipart/form-data; boundary=%s\r\n%s\r\n",
		key, boundary, strings.Join(append(headers, fmt.Sprintf("Content-Length: %d\r\n", length)), "\r\n"))
	must(t, err)
	return c
}

// TestLateReaders: a client that sends all it has before it reads finds the
// answer, however early the request was refused.
func TestLateReaders(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, c := range []struct {
		name, key string
		length    int
		want      string
	}{
		{"wrong key", "wrong", 200e6, "Invalid API key."},
		{"more than any form of a file can have", h.user, 200e6, "File too big - max 20 MB"},
		{"too big", h.user, 60e6, "File too big - max 20 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := h.dial(t, c.key, c.length)
			head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a.jpg\"\r\n\r\n"
			_, err := io.WriteString(conn, head)
			must(t, err)
			block := make([]byte, 1<<20)
			for sent := len(head); sent < c.length; {
				n, err := conn.Write(block[:min(len(block), c.length-sent)])
				if err != nil {
					t.Fatalf("after %d bytes: %v", sent, err)
				}
				sent += n
			}
			wantRefused(t, conn, c.want)
		})
	}
}

// TestExpectContinue: a client that asks first is refused before it sends, or
// asked to go on.
func TestExpectContinue(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	const expect = "Expect: 100-continue"
	t.Run("wrong key", func(t *testing.T) {
		start := time.Now()
		wantRefused(t, h.dial(t, "wrong", 200e6, expect), "Invalid API key.")
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
	})
	t.Run("too big", func(t *testing.T) {
		wantRefused(t, h.dial(t, h.user, 200e6, expect), "File too big - max 20 MB")
	})
	t.Run("right key", func(t *testing.T) {
		_, content := parts("@source:a.jpg", picture(t, "small.jpg"))()
		conn := h.dial(t, h.user, len(content), expect)
		r := bufio.NewReader(conn)
		line, err := r.ReadString('\n')
		must(t, err)
		if !strings.HasPrefix(line, "HTTP/1.1 100") {
			t.Fatalf("got %q", line)
		}
		_, err = r.ReadString('\n')
		must(t, err)
		_, err = conn.Write(content)
		must(t, err)
		w, err := http.ReadResponse(r, nil)
		must(t, err)
		defer w.Body.Close()
		if w.StatusCode != http.StatusOK {
			t.Errorf("status %d", w.StatusCode)
		}
	})
}

// TestBrokenConnections: nothing is left of an upload whose client went away.
// The house looks into the spool when it is closed.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for _, sent := range []int{0, 100, 5000, 200_000} {
		conn := h.dial(t, h.user, 1e6)
		body := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a.jpg\"\r\n\r\n" + strings.Repeat("x", 200_000)
		_, err := io.WriteString(conn, body[:sent])
		must(t, err)
		must(t, conn.Close())
	}
	if a := h.post(t, parts("@source:a.jpg", picture(t, "small.jpg")), "X-API-Key", h.user); a.status != 200 {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}
}

func wantRefused(t *testing.T, conn net.Conn, message string) {
	t.Helper()
	w, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	must(t, err)
	if w.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), message) {
		t.Errorf("%d %s", w.StatusCode, body)
	}
}
