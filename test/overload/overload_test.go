package overload

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// signalDecoders stops or continues the decoders of a site.
func signalDecoders(t *testing.T, s *apptest.Site, signal syscall.Signal) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range lines {
		line, err := os.ReadFile(path)
		words := strings.Split(string(line), "\x00")
		if err != nil || len(words) < 2 || words[1] != "decoder" || !strings.Contains(string(line), s.Data) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err == nil && syscall.Kill(pid, signal) == nil {
			n++
		}
	}
	if n == 0 {
		t.Fatal("the site has no decoder")
	}
}

// until waits for something that will be true soon.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still not: %s", what)
		}
	}
}

// begin opens a connection and sends the head of an upload with a body of so
// many bytes.
func begin(t *testing.T, s *apptest.Site, key string, length int, headers string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	_, err = fmt.Fprintf(c, "POST /api/1/upload HTTP/1.1\r\nHost: a\r\nX-API-Key: %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n%s\r\n", key, length, headers)
	if err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

// wantBusy checks a refusal: 503 with a time to come back.
func wantBusy(t *testing.T, what string, status int, header http.Header) {
	t.Helper()
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if status != http.StatusServiceUnavailable || err != nil || seconds < 1 || seconds > 60 {
		t.Errorf("%s: status %d, Retry-After %q", what, status, header.Get("Retry-After"))
	}
}

// TestFullQueue fills every place while the decoder stands still.
func TestFullQueue(t *testing.T) {
	t.Parallel()
	const waiting, places = 8, 64 + 8
	const share = places - places/4 // of one account while it is alone
	s := apptest.Start(t, apptest.Options{UploadQueue: waiting})
	bob := s.KeyOf(t, "bob")
	first := s.Upload(t, s.UserKey, "first.jpg", apptest.Picture(t, 64, 64))
	if first.Status != http.StatusOK {
		t.Fatalf("%d %s", first.Status, first.Body)
	}
	signalDecoders(t, s, syscall.SIGSTOP)
	still := true
	goOn := func() {
		if still {
			still = false
			signalDecoders(t, s, syscall.SIGCONT)
		}
	}
	t.Cleanup(goOn)

	var all sync.WaitGroup
	statuses := make([]int, places)
	upload := func(from, to int, key string) {
		for i := from; i < to; i++ {
			all.Go(func() { statuses[i] = s.Upload(t, key, "a.jpg", apptest.Picture(t, 64, 64)).Status })
		}
		until(t, fmt.Sprintf("%d uploads are in", to), func() bool {
			q := s.App.Upload.Queue()
			return q.Running+q.Waiting == to
		})
	}
	upload(0, share, s.UserKey)
	more := s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 64, 64))
	wantBusy(t, "more than one account's share", more.Status, more.Header)
	upload(share, places, bob)
	more = s.Upload(t, bob, "a.jpg", apptest.Picture(t, 64, 64))
	wantBusy(t, "more than all places", more.Status, more.Header)

	t.Run("before the body", func(t *testing.T) {
		_, r := begin(t, s, bob, 10e6, "Expect: 100-continue\r\n")
		resp, err := http.ReadResponse(r, nil) // not "100 Continue"
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		wantBusy(t, "who asks first", resp.StatusCode, resp.Header)
	})
	t.Run("by address", func(t *testing.T) {
		a := s.Get(t, "/api/1/upload?key="+bob+"&source="+url.QueryEscape(s.URL+"/x.jpg"))
		wantBusy(t, "by address", a.Status, a.Header)
	})
	t.Run("in base64", func(t *testing.T) {
		form := url.Values{"key": {bob}, "source": {"aGFsbG8="}}
		resp, err := http.PostForm(s.URL+"/api/1/upload", form)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		wantBusy(t, "in base64", resp.StatusCode, resp.Header)
	})
	t.Run("by form", func(t *testing.T) {
		body := "--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a.jpg\"\r\n\r\n" + strings.Repeat("x", 3e6) + "\r\n--b--\r\n"
		resp, err := http.Post(s.URL+"/upload", "multipart/form-data; boundary=b", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		wantBusy(t, "by form", resp.StatusCode, resp.Header)
	})
	t.Run("views", func(t *testing.T) {
		for _, path := range []string{first.Text("url_viewer"), first.Text("url"), "/"} {
			if a := s.Get(t, path); a.Status != http.StatusOK {
				t.Errorf("%s: %d", path, a.Status)
			}
		}
	})

	goOn()
	all.Wait()
	for i, status := range statuses {
		if status != http.StatusOK {
			t.Errorf("upload %d, which had a place: %d", i, status)
		}
	}
	until(t, "all places are free", func() bool { q := s.App.Upload.Queue(); return q.Receiving+q.Waiting+q.Running == 0 })
	wantCleanSpool(t, s)
}

// wantCleanSpool fails if a source is left.
func wantCleanSpool(t *testing.T, s *apptest.Site) {
	t.Helper()
	left := func() []string {
		files, _ := filepath.Glob(filepath.Join(s.Data, "spool", "*", "upload-*", "*"))
		return files
	}
	until(t, "the spool is empty", func() bool { return len(left()) == 0 })
}

// TestSlowSenders: those whose bodies do not come hold neither a decoder nor a
// turn, and nobody up.
func TestSlowSenders(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{UploadReceived: 8})
	bob := s.KeyOf(t, "bob")
	head := "--b\r\nContent-Disposition: form-data; name=\"source\"; filename=\"a.jpg\"\r\n\r\n"
	var conns []net.Conn
	for i := range 6 { // the share of one account
		c, _ := begin(t, s, s.UserKey, 1e6, "")
		if _, err := io.WriteString(c, head+strings.Repeat("x", 100*i)); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	until(t, "six bodies are on their way", func() bool { return s.App.Upload.Queue().Receiving == 6 })
	if q, l := s.App.Upload.Queue(), s.App.Media.Load(); q.Running+q.Waiting != 0 || l.Running != 0 {
		t.Errorf("slow senders hold turns %+v, decoders %+v", q, l)
	}
	a := s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 64, 64))
	wantBusy(t, "a seventh of the same account", a.Status, a.Header)
	if a := s.Upload(t, bob, "b.jpg", apptest.Picture(t, 64, 64)); a.Status != http.StatusOK {
		t.Errorf("somebody else: %d %s", a.Status, a.Body)
	}
	for _, c := range conns {
		_ = c.Close()
	}
	until(t, "they are gone", func() bool { return s.App.Upload.Queue().Receiving == 0 })
	wantCleanSpool(t, s)
	if a := s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 64, 64)); a.Status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.Status, a.Body)
	}
}

// TestSlowReaders: those who do not read hold nothing up.
func TestSlowReaders(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{PerAddress: 40})
	a := s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 3000, 2000))
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	path := strings.TrimPrefix(a.Text("url"), s.URL)
	for range 20 {
		c, _ := begin(t, s, "", 0, "")
		for range 20 {
			_, _ = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path)
		}
	}
	for range 100 { // and heads that do not end
		c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_, _ = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: a\r\nX-Slow: ", path)
	}
	for range 5 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		until(t, "a reader who reads is served", func() bool {
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				return false
			}
			defer resp.Body.Close()
			var b bytes.Buffer
			_, err = b.ReadFrom(resp.Body)
			return err == nil && resp.StatusCode == http.StatusOK
		})
	}
}
