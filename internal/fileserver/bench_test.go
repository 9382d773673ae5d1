package fileserver_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
)

// BenchmarkServe is one request on a kept connection through listener,
// middleware, catalog and storage, with a client that does next to nothing.
func BenchmarkServe(b *testing.B) {
	s := start(b, disk(b))
	s.add("photo.jpg", 200_000, nil)
	s.add("thumb.jpg", 30_000, nil)
	for _, c := range []struct {
		name   string
		header string
	}{
		{"photo", ""},
		{"thumb", ""},
		{"photo", "Range: bytes=1000-1999\r\n"},
		{"photo", "If-None-Match: *\r\n"},
	} {
		name := c.name
		if c.header != "" {
			name += "/" + c.header[:5]
		}
		b.Run(name, func(b *testing.B) {
			u, err := url.Parse(s.url)
			if err != nil {
				b.Fatal(err)
			}
			conn, err := net.Dial("tcp", u.Host)
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close()
			r := bufio.NewReaderSize(conn, 64<<10)
			request := fmt.Appendf(nil, "GET /images/2026/11/21/%s.jpg HTTP/1.1\r\nHost: %s\r\n%s\r\n", c.name, u.Host, c.header)
			for b.Loop() {
				if _, err := conn.Write(request); err != nil {
					b.Fatal(err)
				}
				resp, err := http.ReadResponse(r, nil)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, resp.Body)
				if err != nil || resp.StatusCode >= 400 {
					b.Fatal(resp.Status, err)
				}
				resp.Body.Close()
				b.SetBytes(n)
			}
		})
	}
}
