package s3_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/storage/s3"
)

// between puts a handler between the store and the test server. The handler
// passes on what it likes by calling next.
func between(t *testing.T, c s3.Config, h func(next http.Handler, w http.ResponseWriter, r *http.Request)) s3.Config {
	t.Helper()
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: c.Endpoint})
	proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(proxy, w, r) }))
	t.Cleanup(s.Close)
	c.Endpoint = s.Listener.Addr().String()
	return c
}

func put(t *testing.T, s *s3.Store, key string, b []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, bytes.NewReader(b), int64(len(b)), "image/jpeg"); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s *s3.Store, key string) string {
	t.Helper()
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Content.Close()
	b, err := io.ReadAll(o.Content)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHeadersOfObjects(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []http.Header
	c := between(t, config(t), func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			mu.Lock()
			seen = append(seen, r.Header.Clone())
			mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
	s := newStore(t, c)
	put(t, s, "a.jpg", []byte("picture"))
	for _, h := range seen {
		for name := range h {
			if strings.Contains(strings.ToLower(name), "acl") || strings.HasPrefix(name, "X-Amz-Grant") {
				t.Errorf("sent %s", name)
			}
		}
	}
	last := seen[len(seen)-1]
	if last.Get("Content-Type") != "image/jpeg" || last.Get("Cache-Control") != "public, max-age=31536000, immutable" || last.Get("If-None-Match") != "*" {
		t.Errorf("sent %v", last)
	}
	if exclusive, err := s.Exclusive(t.Context()); !exclusive || err != nil {
		t.Errorf("exclusive: got %t, %v", exclusive, err)
	}
}

// What is not read is not fetched.
func TestReadsOnlyWhatIsRead(t *testing.T) {
	t.Parallel()
	var got atomic.Int64
	c := between(t, config(t), func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&countingWriter{w, &got}, r)
	})
	s := newStore(t, c)
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MiB
	put(t, s, "film.mp4", content)
	got.Store(0)
	o, err := s.Open(t.Context(), "film.mp4")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Content.Close()
	if n, err := o.Content.Seek(0, io.SeekEnd); n != 16<<20 || err != nil || got.Load() > 0 {
		t.Errorf("open and seek fetched %d bytes (%d, %v)", got.Load(), n, err)
	}
	if _, err := o.Content.Seek(10<<20, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1000)
	if _, err := io.ReadFull(o.Content, b); err != nil || !bytes.Equal(b, content[10<<20:10<<20+1000]) {
		t.Errorf("other bytes: %v", err)
	}
	if n := got.Load(); n > 1<<20 {
		t.Errorf("reading 1000 bytes fetched %d", n)
	}
	o.Content.Close()
	if _, err := o.Content.Read(b); err == nil {
		t.Error("read after close: no error")
	}
}

type countingWriter struct {
	http.ResponseWriter
	n *atomic.Int64
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.n.Add(int64(len(p)))
	return w.ResponseWriter.Write(p)
}

// A connection that breaks in the middle of a body is made anew.
func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	var gets atomic.Int64
	c := between(t, config(t), func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.Header.Get("Range") != "" && gets.Add(1)%2 == 1 {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			for k, v := range rec.Header() {
				w.Header()[k] = v
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
	s := newStore(t, c)
	content := bytes.Repeat([]byte("0123456789"), 500_000)
	put(t, s, "a.jpg", content)
	if got := read(t, s, "a.jpg"); got != string(content) || gets.Load() < 3 {
		t.Errorf("got %d bytes by %d requests", len(got), gets.Load())
	}
}

// An object that was replaced while it is read must not give a mixture.
func TestObjectIsReplaced(t *testing.T) {
	t.Parallel()
	s := newStore(t, config(t))
	put(t, s, "a.jpg", bytes.Repeat([]byte("a"), 5<<20))
	o, err := s.Open(t.Context(), "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Content.Close()
	if _, err := io.ReadFull(o.Content, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), "a.jpg"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "a.jpg", bytes.Repeat([]byte("b"), 5<<20))
	if b, err := io.ReadAll(o.Content); err == nil || bytes.Contains(b, []byte("b")) {
		t.Errorf("got %d bytes, %v", len(b), err)
	}
}

// The answer to a Put is lost; the try after it finds the key taken by the first.
func TestAnswerIsLost(t *testing.T) {
	t.Parallel()
	var lost atomic.Int64
	c := between(t, config(t), func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/a.jpg") && lost.Add(1) == 1 {
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
	s := newStore(t, c)
	put(t, s, "a.jpg", []byte("picture"))
	if got := read(t, s, "a.jpg"); got != "picture" || lost.Load() < 2 {
		t.Errorf("got %q after %d tries", got, lost.Load())
	}
	if err := s.Put(t.Context(), "a.jpg", strings.NewReader("picture"), 7, ""); !errors.Is(err, storage.ErrExists) {
		t.Errorf("a second Put of the same bytes: got %v", err)
	}
}

// Servers without conditional writes: those that say so, and those that take no
// notice of the header.
func TestServersWithoutConditions(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]func(t *testing.T) s3.Config{
		"says so": func(t *testing.T) s3.Config {
			return between(t, config(t), func(next http.Handler, w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("If-None-Match") != "" && r.Method == http.MethodPut {
					w.WriteHeader(http.StatusNotImplemented)
					fmt.Fprint(w, `<Error><Code>NotImplemented</Code></Error>`)
					return
				}
				next.ServeHTTP(w, r)
			})
		},
		"takes no notice": func(t *testing.T) s3.Config {
			f := httptest.NewServer(&forgetful{objects: make(map[string][]byte)})
			t.Cleanup(f.Close)
			return s3.Config{Endpoint: f.Listener.Addr().String(), Bucket: "bucket", AccessKey: "a", SecretKey: "s", Region: "us-east-1", Insecure: true}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			c := server(t)
			c.Logger = slog.New(slog.NewTextHandler(&log, nil))
			s := newStore(t, c)
			put(t, s, "a.jpg", []byte("first"))
			if err := s.Put(t.Context(), "a.jpg", strings.NewReader("other"), 5, ""); !errors.Is(err, storage.ErrExists) {
				t.Errorf("taken: got %v", err)
			}
			var won atomic.Int64
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					if err := s.Put(t.Context(), "b.jpg", strings.NewReader("x"), 1, ""); err == nil {
						won.Add(1)
					} else if !errors.Is(err, storage.ErrExists) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 || read(t, s, "a.jpg") != "first" {
				t.Errorf("%d won; a is %q", won.Load(), read(t, s, "a.jpg"))
			}
			if exclusive, err := s.Exclusive(t.Context()); exclusive || err != nil || strings.Count(log.String(), "level=WARN") != 1 {
				t.Errorf("got %t, %v; log %s", exclusive, err, &log)
			}
		})
	}
}

// forgetful is an S3 server that knows neither conditions nor signatures.
type forgetful struct {
	mu      sync.Mutex
	objects map[string][]byte
}

func (f *forgetful) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	if strings.Contains(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING") { // chunk-size;signature CRLF bytes CRLF 0;… CRLF
		_, rest, _ := bytes.Cut(b, []byte("\r\n"))
		b, _, _ = bytes.Cut(rest, []byte("\r\n"))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	got, ok := f.objects[r.URL.Path]
	switch r.Method {
	case http.MethodPut:
		f.objects[r.URL.Path] = b
	case http.MethodDelete:
		delete(f.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	default:
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Etag", `"x"`)
		http.ServeContent(w, r, "", time.Now(), bytes.NewReader(got))
	}
}

func TestErrorsKeepSecrets(t *testing.T) {
	t.Parallel()
	good := config(t)
	wrong := good
	wrong.SecretKey = "SECRET-SECRET"
	unreachable := good
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	unreachable.Endpoint = l.Addr().String()
	l.Close()
	missing := good
	missing.Bucket = "no-such-bucket"
	for name, c := range map[string]s3.Config{"wrong key": wrong, "unreachable": unreachable, "missing bucket": missing} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, c)
			_, statErr := s.Stat(t.Context(), "a.jpg")
			_, openErr := s.Open(t.Context(), "a.jpg")
			errs := map[string]error{
				"put":   s.Put(t.Context(), "a.jpg", strings.NewReader("x"), 1, ""),
				"list":  s.List(t.Context(), "", func(storage.Info) error { return nil }),
				"check": s.Check(t.Context()),
				"stat":  statErr,
				"open":  openErr,
			}
			for what, err := range errs {
				if err == nil {
					t.Errorf("%s: no error", what)
					continue
				}
				for _, secret := range []string{c.SecretKey, c.AccessKey, "a.jpg", "Signature=", "of site"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("%s: %q holds %q", what, err, secret)
					}
				}
			}
			if errors.Is(errs["put"], storage.ErrNotFound) || errors.Is(errs["put"], storage.ErrExists) {
				t.Errorf("put: got %v", errs["put"])
			}
		})
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	err := s3.Config{Endpoint: "https://example.org/", SecretKey: "SECRET"}.Validate()
	if err == nil || strings.Count(err.Error(), "\n") != 2 || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("got %v, want three mistakes", err)
	}
	if _, err := s3.New(s3.Config{}); err == nil {
		t.Error("the zero Config: no error")
	}
}

func TestLinksExpire(t *testing.T) {
	t.Parallel()
	s := newStore(t, config(t))
	put(t, s, "a.jpg", []byte("picture"))
	link, err := s.Link(t.Context(), "a.jpg", storage.LinkOptions{Expires: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	fetch := func() int {
		resp, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := fetch(); got != http.StatusOK {
		t.Errorf("at once: got %d", got)
	}
	time.Sleep(2100 * time.Millisecond)
	if got := fetch(); got != http.StatusForbidden {
		t.Errorf("later: got %d", got)
	}
}

func TestPrefixesAreApart(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.Prefix = "/one/"
	one := newStore(t, c)
	c.Prefix = "one-more"
	two := newStore(t, c)
	c.Prefix = ""
	all := newStore(t, c)
	put(t, one, "a", []byte("1"))
	put(t, two, "a", []byte("2"))
	if read(t, one, "a") != "1" || read(t, two, "a") != "2" || read(t, all, "one/a") != "1" || read(t, all, "one-more/a") != "2" {
		t.Error("the prefixes are mixed up")
	}
	count := 0
	if err := one.List(t.Context(), "", func(i storage.Info) error { count++; return nil }); err != nil || count != 1 {
		t.Errorf("list: got %d, %v", count, err)
	}
}
