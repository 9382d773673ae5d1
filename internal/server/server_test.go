package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"vitrine/internal/server"
	"vitrine/internal/vitrine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestZeroConfig(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{})
	if got := s.do("GET", "/", nil); got.StatusCode != http.StatusNotFound {
		t.Errorf("got %s", got.Status)
	}
	if err := s.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	err := server.Config{BasePath: "gallery/", IdleTimeout: -1, MinRate: -1}.Validate()
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three mistakes", err)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{Handler: http.HandlerFunc(echo)})
	a := s.do("GET", "/a", map[string]string{"X-Request-Id": "forged"})
	b := s.do("GET", "/a", nil)
	id := a.Header.Get("X-Request-Id")
	if id == "" || id == "forged" || id == b.Header.Get("X-Request-Id") || !strings.Contains(a.body, "id "+id) {
		t.Errorf("got %q, %q and %q", id, b.Header.Get("X-Request-Id"), a.body)
	}
	s.line(id)
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	for name, c := range map[string]struct {
		trusted []netip.Prefix
		header  map[string]string
		scheme  string
		from    string
	}{
		"direct":                     {nil, nil, "http", "127.0.0.1:"},
		"untrusted peer":             {nil, map[string]string{"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, "http", "127.0.0.1:"},
		"one proxy":                  {loopback, map[string]string{"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, "https", "192.0.2.1:"},
		"two proxies":                {loopback, map[string]string{"X-Forwarded-For": "192.0.2.1, 10.0.0.9"}, "http", "192.0.2.1:"},
		"forged in front":            {loopback, map[string]string{"X-Forwarded-For": "10.0.0.1, 198.51.100.7, 192.0.2.1"}, "http", "192.0.2.1:"},
		"all trusted":                {loopback, map[string]string{"X-Forwarded-For": "10.0.0.1, 10.0.0.2"}, "http", "10.0.0.1:"},
		"with port":                  {loopback, map[string]string{"X-Forwarded-For": "192.0.2.1:5555"}, "http", "192.0.2.1:"},
		"version 6":                  {loopback, map[string]string{"X-Forwarded-For": "2001:db8::7"}, "http", "[2001:db8::7]:"},
		"mapped":                     {loopback, map[string]string{"X-Forwarded-For": "::ffff:192.0.2.1"}, "http", "192.0.2.1:"},
		"nonsense":                   {loopback, map[string]string{"X-Forwarded-For": "192.0.2.1, <script>", "X-Forwarded-Proto": "gopher"}, "http", "127.0.0.1:"},
		"empty":                      {loopback, map[string]string{"X-Forwarded-For": ""}, "http", "127.0.0.1:"},
		"forwarded":                  {loopback, map[string]string{"Forwarded": `for=198.51.100.7, for="[2001:db8::7]:4711";proto=https;by=10.0.0.1`}, "https", "[2001:db8::7]:"},
		"forwarded hidden":           {loopback, map[string]string{"Forwarded": `for=192.0.2.1, for=_secret`}, "http", "127.0.0.1:"},
		"forwarded beside the other": {loopback, map[string]string{"Forwarded": "for=198.51.100.7", "X-Forwarded-For": "192.0.2.1"}, "http", "192.0.2.1:"},
		"other headers":              {loopback, map[string]string{"X-Real-Ip": "192.0.2.1", "X-Forwarded-Host": "evil.example"}, "http", "127.0.0.1:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, server.Config{TrustedProxies: c.trusted, Handler: http.HandlerFunc(echo)})
			got := s.do("GET", "/a", c.header).body
			if !strings.HasPrefix(got, c.scheme+" /a from "+c.from) || strings.Contains(got, "=") {
				t.Errorf("got %q, want %s from %s and no forwarding headers", got, c.scheme, c.from)
			}
		})
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	bans := map[string]string{"192.0.2.1": "Go away", "192.0.2.2": "https://example.org/why?a=b", "192.0.2.3": ""}
	asked := make(chan netip.Addr, 10)
	s := start(t, server.Config{
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Handler:        http.HandlerFunc(echo),
		Gate: func(_ context.Context, a netip.Addr) *vitrine.Ban {
			asked <- a
			text, banned := bans[a.String()]
			if !banned {
				return nil
			}
			return &vitrine.Ban{Message: text}
		},
	})
	as := func(a, path string) answer {
		return s.do("POST", path, map[string]string{"X-Forwarded-For": a})
	}
	if got := as("192.0.2.1", "/api/1/upload"); got.StatusCode != http.StatusForbidden || got.body != "Go away\n" || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("own text: got %s, %q", got.Status, got.body)
	}
	if got := as("192.0.2.2", "/"); got.StatusCode != http.StatusFound || got.Header.Get("Location") != "https://example.org/why?a=b" {
		t.Errorf("a URL as the text: got %s, %v", got.Status, got.Header)
	}
	if got := as("192.0.2.3", "/"); got.body != vitrine.BanMessage+"\n" {
		t.Errorf("no text: got %q", got.body)
	}
	if got := as("192.0.2.4", "/"); got.StatusCode != http.StatusOK {
		t.Errorf("not banned: got %s", got.Status)
	}
	for range 4 {
		<-asked
	}
	for _, path := range []string{"/livez", "/readyz"} {
		if got := s.do("GET", path, map[string]string{"X-Forwarded-For": "192.0.2.1"}); got.StatusCode != http.StatusOK || len(asked) != 0 {
			t.Errorf("%s of the banned: got %s", path, got.Status)
		}
	}
}

func TestBasePath(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{BasePath: "/my gallery", Handler: http.HandlerFunc(echo)})
	for path, want := range map[string]string{
		"/my%20gallery/":          "200 http / from",
		"/my%20gallery/a%2Fb/c":   "200 http /a/b/c from",
		"/my%20gallery/api/1/x?y": "200 http /api/1/x from",
		"/my%20gallery/livez":     "200 ok",
		"/livez":                  "200 ok",
		"/readyz":                 "200 ok",
		"/":                       "404 404",
		"/my%20galleryfoo/a":      "404 404",
		"/api/1/upload":           "404 404",
	} {
		got := s.do("GET", path, nil)
		if line := fmt.Sprintf("%d %s", got.StatusCode, got.body); !strings.HasPrefix(line, want) {
			t.Errorf("%s: got %q, want %q", path, line, want)
		}
	}
	plain := start(t, server.Config{BasePath: "/gallery", Handler: http.HandlerFunc(echo)})
	if got := plain.do("GET", "/gallery", nil); got.StatusCode != http.StatusPermanentRedirect || got.Header.Get("Location") != "/gallery/" {
		t.Errorf("without the slash: got %s to %q", got.Status, got.Header.Get("Location"))
	}
}

func TestPanics(t *testing.T) {
	t.Parallel()
	s := start(t, server.Config{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "half of")
			_ = http.NewResponseController(w).Flush()
		}
		if r.URL.Path == "/abort" {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Content-Length", "7")
		panic("secret cause")
	})})
	api := s.do("POST", "/api/1/upload", nil)
	id := api.Header.Get("X-Request-Id")
	want := `{"status_code":500,"error":{"message":"Internal error. Please try again, and tell the site's owner this request id if it stays: ` + id + `","code":500},"status_txt":"Internal Server Error"}`
	if api.StatusCode != http.StatusInternalServerError || api.body != want || api.Header.Get("Set-Cookie") != "" || api.Header.Get("Content-Type") != "application/json; charset=UTF-8" {
		t.Errorf("API: got %s %s, %v", api.Status, api.body, api.Header)
	}
	page := s.do("GET", "/image/x", nil)
	if page.StatusCode != http.StatusInternalServerError || !strings.Contains(page.body, page.Header.Get("X-Request-Id")) || strings.Contains(page.body, "secret") || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("page: got %s %s", page.Status, page.body)
	}
	if line := s.line("panic in a handler"); !strings.Contains(line, "secret cause") || !strings.Contains(line, id) || !strings.Contains(line, "server_test.go") {
		t.Errorf("log: %s", line)
	}
	for _, path := range []string{"/late", "/abort"} {
		resp, err := http.Get(s.URL + path)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: the client took it for whole", path)
		}
	}
	if got := s.do("GET", "/livez", nil); got.StatusCode != http.StatusOK {
		t.Errorf("afterwards: got %s", got.Status)
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/1/upload", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "12345") })
	mux.HandleFunc("GET /image/{id}/delete/{token}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /images/{path...}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("path") == "broken.jpg" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	s := start(t, server.Config{Handler: mux})
	s.do("POST", "/api/1/upload?first=1&key=SECRET&Key=SECRET&%6bey=SECRET&k%zz=SECRET&title=x&password=SECRET&base64="+strings.Repeat("A", 2000), map[string]string{"X-API-Key": "SECRET", "Authorization": "SECRET"})
	s.do("GET", "/image/abc/delete/SECRET", nil)
	s.do("GET", "/images/2026/a.jpg", nil)
	s.do("GET", "/images/broken.jpg", nil)
	line := s.line("/api/1/upload")
	for _, want := range []string{"method=POST", "route=/api/1/upload", "first=1", "key=REDACTED", "title=x", "status=200", "bytes=5", "duration=", "client=127.0.0.1:", "request_id="} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
	if len(line) > 1500 {
		t.Errorf("%d bytes in one line", len(line))
	}
	s.line("/image/abc/delete/REDACTED")
	if line := s.line("/images/broken.jpg"); !strings.Contains(line, "level=WARN") {
		t.Errorf("got %s", line)
	}
	if log := s.log.String(); strings.Contains(log, "SECRET") || strings.Contains(log, "a.jpg") {
		t.Errorf("too much in the log:\n%s", log)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked, cause := 0, error(nil)
	s := start(t, server.Config{Ready: func(context.Context) error {
		mu.Lock()
		defer mu.Unlock()
		asked++
		return cause
	}})
	set := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		cause = err
	}
	for range 5 {
		if got := s.do("GET", "/readyz", nil); got.StatusCode != http.StatusOK || got.body != "ok\n" || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("ready: got %s %q", got.Status, got.body)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times within a second", asked)
	}
	set(errors.New("dial tcp 10.0.0.5:5432: secret"))
	time.Sleep(1100 * time.Millisecond)
	if got := s.do("GET", "/readyz", nil); got.StatusCode != http.StatusServiceUnavailable || got.body != "not ready: the database or storage does not answer\n" {
		t.Errorf("not ready: got %s %q", got.Status, got.body)
	}
	s.line("secret")
	set(fmt.Errorf("storage: %w", &vitrine.Error{Code: vitrine.CodeNoSpace, Message: "No space left on storage", Err: errors.New("secret")}))
	time.Sleep(1100 * time.Millisecond)
	if got := s.do("GET", "/readyz", nil); got.StatusCode != http.StatusServiceUnavailable || got.body != "not ready: the database or storage says: No space left on storage\n" {
		t.Errorf("full: got %s %q", got.Status, got.body)
	}
	if got := s.do("GET", "/livez", nil); got.StatusCode != http.StatusOK {
		t.Errorf("alive: got %s", got.Status)
	}
	if got := s.do("POST", "/livez", nil); got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: got %s", got.Status)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /image/{id}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "12345") })
	s := start(t, server.Config{Handler: mux, MetricsListen: "127.0.0.1:0"})
	s.do("GET", "/image/1", nil)
	s.do("GET", "/image/2", nil)
	s.do("BREW", "/nowhere", nil)
	s.line("/nowhere")
	resp, err := http.Get("http://" + s.s.MetricsAddr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`vitrine_http_requests_total{method="GET",route="GET /image/{id}",status="200"} 2`,
		`vitrine_http_requests_total{method="other",route="none",status="404"} 1`,
		`vitrine_http_response_bytes_total{route="GET /image/{id}"} 10`,
		`vitrine_http_request_duration_seconds_count{route="GET /image/{id}"} 2`,
		"vitrine_http_requests_in_flight 0", "go_goroutines", "process_open_fds",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s", want)
		}
	}
	if got := s.do("GET", "/metrics", nil); got.StatusCode != http.StatusNotFound {
		t.Errorf("the public listener shows metrics: %s", got.Status)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestResponseWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	want := bytes.Repeat([]byte("0123456789"), 350_000) // more than three send windows
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, server.Config{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Open(path)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		rf, ok := w.(io.ReaderFrom)
		if !ok {
			t.Error("no io.ReaderFrom")
			return
		}
		rc := http.NewResponseController(w)
		switch r.URL.Path {
		case "/content":
			w.Header().Set("Content-Type", "image/jpeg")
			http.ServeContent(w, r, "", time.Time{}, f)
		case "/file":
			_, err = rf.ReadFrom(f)
		case "/limited":
			lr := &io.LimitedReader{R: f, N: 2_000_000}
			var n int64
			if n, err = rf.ReadFrom(lr); n != 2_000_000 || lr.N != 0 {
				t.Errorf("limited: %d sent, %d left", n, lr.N)
			}
		case "/write":
			_, err = w.Write(want)
		case "/string":
			_, err = w.(io.StringWriter).WriteString(string(want))
		case "/flush":
			for part := range bytes.Lines(bytes.ReplaceAll(want[:100], []byte("9"), []byte("\n"))) {
				_, _ = w.Write(part)
				err = rc.Flush()
			}
			w.(http.Flusher).Flush()
		case "/control":
			err = errors.Join(rc.SetReadDeadline(time.Now().Add(time.Minute)), rc.SetWriteDeadline(time.Now().Add(time.Minute)), rc.EnableFullDuplex())
		case "/hijack":
			conn, _, hijackErr := rc.Hijack()
			if err = hijackErr; err == nil {
				fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nmine")
				conn.Close()
			}
		}
		if err != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
	})})
	for path, size := range map[string]int{"/content": len(want), "/file": len(want), "/limited": 2_000_000, "/write": len(want), "/string": len(want), "/flush": 100, "/control": 0} {
		got := s.do("GET", path, nil)
		if len(got.body) != size || (size > 100 && got.body != string(want[:size])) {
			t.Errorf("%s: %d bytes, want %d", path, len(got.body), size)
		}
		if line := s.line("path=" + path + " "); !strings.Contains(line, fmt.Sprintf("bytes=%d ", size)) {
			t.Errorf("%s: %s", path, line)
		}
	}
	if got := s.do("GET", "/hijack", nil); got.body != "mine" {
		t.Errorf("hijack: got %q", got.body)
	}
}
