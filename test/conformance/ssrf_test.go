package conformance_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

// unusual are spellings of loopback addresses that only some programs know.
var unusual = regexp.MustCompile(`^(localhost\.:|127\.1:|127\.0\.0\.1\.:|2130706433|0x7f|0177|user:)`)

// TestURLsThatLeadInside: an upload by URL goes nowhere but to public addresses,
// and the answer does not tell what is there.
func TestURLsThatLeadInside(t *testing.T) {
	t.Parallel()
	s := start(t, options{NoLoopback: true})
	var hits atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(input(t, "tiny.png"))
	}))
	t.Cleanup(inside.Close)
	_, port, err := net.SplitHostPort(inside.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string]bool{}
	for _, host := range []string{
		"127.0.0.1:" + port, "127.0.0.1", "localhost:" + port, "LOCALHOST:" + port, "localhost.:" + port, "127.1:" + port, "127.0.0.1.:" + port, "2130706433:" + port,
		"0x7f000001:" + port, "0177.0.0.1:" + port, "0.0.0.0:" + port, "[::1]:" + port, "[::]:" + port, "[::ffff:127.0.0.1]:" + port, "[::ffff:7f00:1]:" + port,
		"[64:ff9b::7f00:1]:" + port, "169.254.169.254", "[fe80::1]", "[fd00::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.2.1", "198.18.0.1",
		"224.0.0.1", "255.255.255.255", "user:password@127.0.0.1:" + port, "127.0.0.1:" + port + "#@example.org", "127.0.0.1:1", "127.0.0.1:22",
	} {
		t.Run(host, func(t *testing.T) {
			got := s.upload(t, s.UserKey, field("source", "http://"+host+"/a.png"))
			code := 400
			if unusual.MatchString(host) {
				code = 622 // not even a name that can be looked up
			}
			got.wantRefusal(t, http.StatusBadRequest, code, "")
			messages[got.text("error.message")] = true
			if strings.Contains(got.text("error.message"), port) || strings.Contains(got.text("error.message"), "refused") || strings.Contains(got.text("error.message"), "connect") {
				t.Errorf("tells of the inside: %q", got.text("error.message"))
			}
		})
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d requests came through", n)
	}
	if len(messages) > 2 {
		t.Errorf("the refusals can be told apart: %v", messages)
	}
	t.Run("the site itself", func(t *testing.T) {
		a := s.upload(t, s.UserKey, file("source", "plain.jpg", input(t, "plain.jpg")))
		a.wantUpload(t)
		s.upload(t, s.UserKey, field("source", a.text("image.url"))).wantRefusal(t, http.StatusBadRequest, 400, "")
	})
	for _, source := range []string{"file:///etc/hostname", "ftp://127.0.0.1/a.jpg", "gopher://127.0.0.1:" + port + "/_GET", "dict://127.0.0.1:" + port, "jar:http://127.0.0.1!/a", "http:///a.png", "http://", "//127.0.0.1:" + port + "/a.png"} {
		t.Run(source, func(t *testing.T) {
			got := s.upload(t, s.UserKey, field("source", source))
			got.wantRefusal(t, http.StatusBadRequest, int(got.number("error.code")), "")
			if n := hits.Load(); n != 0 {
				t.Errorf("%d requests came through", n)
			}
		})
	}
}

// TestUploadByURL: what works, from a loopback address that this site may reach,
// and redirects to addresses that it may not.
func TestUploadByURL(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"on_duplicate": "allow", "upload_max_size": "1MB"}})

	mux := http.NewServeMux()
	mux.Handle("/files/", http.StripPrefix("/files/", http.FileServer(http.Dir("testdata/golden/inputs"))))
	mux.HandleFunc("/noext", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(input(t, "tiny.png")) })
	mux.HandleFunc("/text", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "just text") })
	mux.HandleFunc("/teapot", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		block := append(input(t, "plain.jpg"), make([]byte, 1<<16)...)
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		_, _ = w.Write(input(t, "tiny.png"))
	})
	for path, target := range map[string]string{
		"/inside": "http://10.0.0.1/a.png", "/metadata": "http://169.254.169.254/latest/meta-data/", "/link": "http://[fe80::1]/a.png",
		"/mapped": "http://[::ffff:10.0.0.1]/a.png", "/itself": s.URL + "/assets/",
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
	}
	mux.HandleFunc("/scheme", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/hostname", http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/once", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/files/p2.jpg", http.StatusFound) })
	outside := httptest.NewServer(mux)
	t.Cleanup(outside.Close)

	for name, test := range map[string]struct {
		path             string
		stored, original string
		kind             string
	}{
		"a picture":              {"/files/p3.jpg", "p3", "p3.jpg", "image/jpeg"},
		"with a query":           {"/files/p4.jpg?x=1&y=2", "p4", "p4.jpg?x=1&y=2", "image/jpeg"},
		"without an extension":   {"/noext", "noext", "noext", "image/png"},
		"after a redirect":       {"/once", "once", "once", "image/jpeg"},
		"a film":                 {"/files/clip.mp4", "clip", "clip.mp4", "video/mp4"},
		"with blanks and quotes": {"/files/p6.jpg?name=a%20%22b%22", "p6", "", "image/jpeg"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.upload(t, s.UserKey, field("source", outside.URL+test.path))
			a.wantUpload(t)
			if a.text("image.name") != test.stored || test.original != "" && a.text("image.original_filename") != test.original || a.text("image.mime") != test.kind {
				t.Errorf("name %q, original_filename %q, mime %q", a.text("image.name"), a.text("image.original_filename"), a.text("image.mime"))
			}
		})
	}
	for name, path := range map[string]string{
		"nothing there": "/files/nope.jpg", "an error": "/teapot", "a redirect inside": "/inside", "a redirect to metadata": "/metadata", "a redirect to a neighbour": "/link",
		"a redirect inside, mapped": "/mapped", "a redirect to the site": "/itself",
		"a redirect to a file": "/scheme", "redirects in a circle": "/loop", "text": "/text", "text called a picture": "/files/fake.jpg",
		"endless": "/endless", "shorter than promised": "/short", "empty": "/files/empty.jpg",
	} {
		t.Run(name, func(t *testing.T) {
			before := s.leftovers(t)
			got := s.upload(t, s.UserKey, field("source", outside.URL+path))
			got.wantRefusal(t, http.StatusBadRequest, int(got.number("error.code")), "")
			s.wantClean(t, before, got)
		})
	}
	t.Run("ImgBB dialect", func(t *testing.T) {
		if a := s.upload(t, s.UserKey, field("image", outside.URL+"/files/p9.jpg")); a.text("data.name") != "p9" {
			t.Errorf("%s", a)
		}
	})
}
