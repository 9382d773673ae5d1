package fetch_test

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vitrine/internal/fetch"
)

// loopback allows the servers of these tests, which listen on 127.0.0.1.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func TestGet(t *testing.T) {
	t.Parallel()
	var seen *http.Request
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		if r.URL.Path == "/first" {
			http.Redirect(w, r, "/second.png", http.StatusFound)
			return
		}
		fmt.Fprint(w, "picture")
	})
	f := fetch.New(fetch.Config{Allow: loopback})
	resp, err := f.Get(t.Context(), " "+s.URL+"/first?x=1&y=2#there")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil || string(b) != "picture" || resp.Size != 7 || resp.Filename != "first?x=1&y=2" {
		t.Errorf("got %q, %+v, %v", b, resp, err)
	}
	if h := seen.Header; h.Get("Accept-Encoding") != "identity" || h.Get("Cookie") != "" || h.Get("Referer") != "" {
		t.Errorf("sent %v", h)
	}
}

func TestFilename(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") })
	f := fetch.New(fetch.Config{Allow: loopback})
	for url, want := range map[string]string{
		"":                        "",
		"/":                       "",
		"/?a=b":                   "",
		"/a/b/p33.jpg?x=1&y=2":    "p33.jpg?x=1&y=2",
		"/a/b/p33":                "p33",
		"/folder/":                "",
		"/my%20cat.jpg":           "my cat.jpg",
		"/%E5%86%99%E7%9C%9F.png": "写真.png",
		"/a%2Fb%2Fc.jpg":          "c.jpg",
		"/bad%FF.jpg":             "bad%FF.jpg",
		"/null%00.jpg":            "null%00.jpg",
		"/..%2f..%2fpasswd":       "passwd",
	} {
		resp, err := f.Get(t.Context(), s.URL+url)
		if err != nil {
			t.Errorf("%q: %v", url, err)
			continue
		}
		if err := resp.Body.Close(); err != nil || resp.Filename != want {
			t.Errorf("%q: got %q, %v, want %q", url, resp.Filename, err, want)
		}
	}
}

func TestRefusedURLs(t *testing.T) {
	t.Parallel()
	f := fetch.New(fetch.Config{SelfHosts: []string{"pics.example", "Bücher.example", "192.0.2.7", "dev.example:8080"}, ConnectTimeout: 2 * time.Second})
	for url, want := range map[string]error{
		"":                                  fetch.ErrScheme,
		"picture.jpg":                       fetch.ErrScheme,
		"//example.org/a.jpg":               fetch.ErrScheme,
		"ftp://example.org/a.jpg":           fetch.ErrScheme,
		"file:///etc/passwd":                fetch.ErrScheme,
		"gopher://127.0.0.1:70/":            fetch.ErrScheme,
		"javascript:alert(1)":               fetch.ErrScheme,
		"data:image/png;base64,AA==":        fetch.ErrScheme,
		"http://":                           fetch.ErrURL,
		"http:///a.jpg":                     fetch.ErrURL,
		"http:example.org":                  fetch.ErrURL,
		"http://user:secret@example.org/":   fetch.ErrURL,
		"http://user@127.0.0.1/":            fetch.ErrURL,
		"http://exa mple.org/":              fetch.ErrURL,
		"http://example.org/\x00":           fetch.ErrURL,
		"http://example.org:port/":          fetch.ErrURL,
		"http://example.org/" + long(9000):  fetch.ErrURL,
		"http://pics.example/a.jpg":         fetch.ErrSelf,
		"https://PICS.Example.:8443/":       fetch.ErrSelf,
		"http://b%C3%BCcher.example/":       fetch.ErrSelf,
		"http://xn--bcher-kva.example/":     fetch.ErrSelf,
		"http://[::ffff:192.0.2.7]/":        fetch.ErrSelf,
		"http://dev.example:8080/":          fetch.ErrSelf,
		"http://127.0.0.1/":                 fetch.ErrAddress,
		"http://127.1.2.3/":                 fetch.ErrAddress,
		"http://localhost/":                 fetch.ErrAddress,
		"https://0.0.0.0/":                  fetch.ErrAddress,
		"http://10.0.0.1/":                  fetch.ErrAddress,
		"http://172.16.5.4/":                fetch.ErrAddress,
		"http://192.168.1.1/":               fetch.ErrAddress,
		"http://100.64.0.1/":                fetch.ErrAddress,
		"http://169.254.169.254/latest/":    fetch.ErrAddress,
		"http://224.0.0.1/":                 fetch.ErrAddress,
		"http://255.255.255.255/":           fetch.ErrAddress,
		"http://[::1]/":                     fetch.ErrAddress,
		"http://[::]/":                      fetch.ErrAddress,
		"http://[::ffff:127.0.0.1]/":        fetch.ErrAddress,
		"http://[::127.0.0.1]/":             fetch.ErrAddress,
		"http://[64:ff9b::7f00:1]/":         fetch.ErrAddress,
		"http://[64:ff9b:1::a00:1]/":        fetch.ErrAddress,
		"http://[2002:7f00:1::]/":           fetch.ErrAddress,
		"http://[fe80::1]/":                 fetch.ErrAddress,
		"http://[fe80::1%25lo]/":            fetch.ErrAddress,
		"http://[fd00:ec2::254]/":           fetch.ErrAddress,
		"http://[fec0::1]/":                 fetch.ErrAddress,
		"http://[ff02::1]/":                 fetch.ErrAddress,
		"http://[2001:db8::1]/":             fetch.ErrAddress,
		"http://127.0.0.1:22/":              fetch.ErrAddress,
		"http://192.0.2.8:22/":              fetch.ErrAddress,
		"http://no-such-name.invalid/a.jpg": fetch.ErrUnreachable,
	} {
		resp, err := f.Get(t.Context(), url)
		if !errors.Is(err, want) || resp != nil {
			t.Errorf("%.60q: got %v (%v), want %v", url, err, fetch.Cause(err), want)
		}
		if err != nil && err.Error() != want.Error() {
			t.Errorf("%.60q: the message %q says more than %q", url, err, want)
		}
	}
}

func TestPortsByDefault(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") })
	f := fetch.New(fetch.Config{Allow: loopback, Ports: []uint16{80, 443}})
	if _, err := f.Get(t.Context(), s.URL); !errors.Is(err, fetch.ErrAddress) {
		t.Errorf("port of the test server: got %v", err)
	}
}

func TestOpenAndClosedPortsReadAlike(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	open := serve(t, func(http.ResponseWriter, *http.Request) {})
	strict, lax := fetch.New(fetch.Config{}), fetch.New(fetch.Config{Allow: loopback})
	_, refused := strict.Get(t.Context(), open.URL)
	_, unreachable := lax.Get(t.Context(), "http://"+closed)
	if refused == nil || unreachable == nil || refused.Error() != unreachable.Error() || errors.Is(refused, fetch.ErrUnreachable) {
		t.Errorf("got %v and %v", refused, unreachable)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
			return
		}
		var left int
		if _, err := fmt.Sscanf(r.URL.Path, "/hops/%d", &left); err == nil && left > 0 {
			http.Redirect(w, r, fmt.Sprintf("/hops/%d", left-1), http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(w, "picture")
	})
	f := fetch.New(fetch.Config{Allow: loopback, SelfHosts: []string{"pics.example"}})
	for path, want := range map[string]error{
		"/hops/3":                           nil,
		"/hops/4":                           fetch.ErrRedirects,
		"/?to=/?to=/":                       nil,
		"/?to=http://127.0.0.2/":            fetch.ErrAddress,
		"/?to=http://169.254.169.254/meta":  fetch.ErrAddress,
		"/?to=http://[::1]:80/":             fetch.ErrAddress,
		"/?to=http://pics.example/api":      fetch.ErrSelf,
		"/?to=file:///etc/passwd":           fetch.ErrScheme,
		"/?to=ftp://example.org/":           fetch.ErrScheme,
		"/?to=http://u:p@127.0.0.1/":        fetch.ErrURL,
		"/?to=http://%252":                  fetch.ErrUnreachable,
		"/?to=http://no-such-name.invalid/": fetch.ErrUnreachable,
	} {
		resp, err := f.Get(t.Context(), s.URL+path)
		if !errors.Is(err, want) || (want != nil && err.Error() != want.Error()) {
			t.Errorf("%s: got %v (%v), want %v", path, err, fetch.Cause(err), want)
		}
		if resp != nil {
			resp.Body.Close()
		}
	}
	loop := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) })
	if _, err := f.Get(t.Context(), loop.URL); !errors.Is(err, fetch.ErrRedirects) {
		t.Errorf("loop: got %v", err)
	}
	if _, err := fetch.New(fetch.Config{Allow: loopback, MaxRedirects: -1}).Get(t.Context(), s.URL+"/hops/1"); !errors.Is(err, fetch.ErrRedirects) {
		t.Errorf("no redirects: got %v", err)
	}
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, 10<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/huge-header":
			for i := range 100 {
				w.Header().Set(fmt.Sprintf("X-%d", i), long(1000))
			}
		case "/hang":
			<-r.Context().Done()
		case "/drip":
			for r.Context().Err() == nil {
				fmt.Fprint(w, "x")
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		case "/short":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "only this")
		case "/partial":
			w.WriteHeader(http.StatusPartialContent)
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		default:
			http.NotFound(w, r)
		}
	})
	f := fetch.New(fetch.Config{Allow: loopback, Timeout: time.Second})
	for path, want := range map[string]error{
		"/huge-header": fetch.ErrUnreachable,
		"/hang":        fetch.ErrUnreachable,
		"/drip":        fetch.ErrUnreachable,
		"/short":       fetch.ErrUnreachable,
		"/partial":     fetch.ErrStatus,
		"/absent":      fetch.ErrStatus,
		"/bomb":        nil,
	} {
		start := time.Now()
		resp, err := f.Get(t.Context(), s.URL+path)
		if err == nil {
			var n int64
			n, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if n > 1<<20 {
				t.Errorf("%s: %d bytes came through", path, n)
			}
		}
		if !errors.Is(err, want) || (want != nil && err.Error() != want.Error()) {
			t.Errorf("%s: got %v (%v), want %v", path, err, fetch.Cause(err), want)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %s", path, took)
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") }))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	if _, err := fetch.New(fetch.Config{Allow: loopback}).Get(t.Context(), s.URL); !errors.Is(err, fetch.ErrUnreachable) {
		t.Errorf("unknown certificate: got %v", err)
	}
	known := x509.NewCertPool()
	known.AddCert(s.Certificate())
	resp, err := fetch.New(fetch.Config{Allow: loopback, RootCAs: known}).Get(t.Context(), s.URL)
	if err != nil {
		t.Fatalf("known certificate: %v (%v)", err, fetch.Cause(err))
	}
	resp.Body.Close()
}

func TestProxiesAreIgnored(t *testing.T) {
	proxy := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "proxy") })
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("ALL_PROXY", proxy.URL)
	if _, err := fetch.New(fetch.Config{Allow: loopback}).Get(t.Context(), "http://no-such-name.invalid/"); !errors.Is(err, fetch.ErrUnreachable) {
		t.Errorf("got %v", err)
	}
}

func long(n int) string { return strings.Repeat("x", n) }
