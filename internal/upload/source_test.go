package upload_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"vitrine/internal/db/dbtest"
	"vitrine/internal/fetch"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// neighbour is a site on this machine to fetch from.
func neighbour(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/p33.jpg", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "picture") })
	mux.HandleFunc("/noext", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "noext") })
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "root") })
	mux.HandleFunc("/empty.png", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/big.png", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		fmt.Fprint(w, strings.Repeat("x", 100000))
	})
	mux.HandleFunc("/bigger.png", func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			fmt.Fprint(w, strings.Repeat("x", 1000))
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("/broken.png", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, "only this")
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestURL(t *testing.T) {
	t.Parallel()
	site := neighbour(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	own, _ := url.Parse("http://own.example.org")
	const invalid = "Invalid image URL, use a public http or https address that answers with a file"
	for _, c := range []struct {
		name, url string
		code      vitrine.Code
		message   string
		stored    string
		display   string
	}{
		{"file", site.URL + "/p33.jpg", "", "", "p33.png", "p33.jpg"},
		{"query", site.URL + "/p33.jpg?x=1&y=a/b.c", "", "", "p33.png", "p33.jpg?x=1&y=a-b.c"},
		{"no extension", site.URL + "/noext", "", "", "noext.png", "noext"},
		{"no name", site.URL + "/", "", "", "", ""},
		{"missing", site.URL + "/404", vitrine.CodeURLInvalid, invalid, "", ""},
		{"empty", site.URL + "/empty.png", vitrine.CodeSourceEmpty, "Empty source", "", ""},
		{"too big, announced", site.URL + "/big.png", vitrine.CodeTooBig, "File too big - max 50 KB", "", ""},
		{"too big, unannounced", site.URL + "/bigger.png", vitrine.CodeTooBig, "File too big - max 50 KB", "", ""},
		{"broken off", site.URL + "/broken.png", vitrine.CodeURLInvalid, invalid, "", ""},
		{"closed port", closed.URL + "/a.png", vitrine.CodeURLInvalid, invalid, "", ""},
		{"no such name", "http://nowhere.invalid/a.png", vitrine.CodeURLInvalid, invalid, "", ""},
		{"nonsense", "http://[", vitrine.CodeURLInvalid, invalid, "", ""},
		{"private address", "http://10.0.0.1/a.png", vitrine.CodeURLRefused, "Unsupported non-public IP address for upload", "", ""},
		{"metadata address", "http://169.254.169.254/latest", vitrine.CodeURLRefused, "Unsupported non-public IP address for upload", "", ""},
		{"own site", own.String() + "/a.png", vitrine.CodeURLRefused, "Unsupported self host URL upload", "", ""},
		{"file scheme", "file:///etc/passwd", vitrine.CodeURLRefused, "Unsupported URL scheme, use http or https", "", ""},
		{"ftp", "ftp://example.org/a.png", vitrine.CodeURLRefused, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKit(t, dbtest.SQLite(t), options{
				pins:    pin("upload_max_size", "50KB"),
				fetcher: fetch.New(fetch.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, SelfHosts: []string{own.Host}}),
			})
			req := upload.Request{Actor: k.user(vitrine.RoleUser), Source: upload.Source{URL: c.url}}
			if c.code != "" {
				if m := k.refuse(req, c.code); c.message != "" && m != c.message {
					t.Errorf("message %q, want %q", m, c.message)
				}
				k.empty()
				return
			}
			f := k.accept(req).File
			if c.stored != "" && (f.Filename() != c.stored || f.OriginalFilename != c.display) {
				t.Errorf("stored %q, display %q", f.Filename(), f.OriginalFilename)
			}
			if c.stored == "" && len(f.Name) != 12 {
				t.Errorf("stored %q", f.Filename())
			}
			if s := k.spooled(); len(s) > 0 {
				t.Errorf("left in the spool: %q", s)
			}
		})
	}
}

func TestURLRight(t *testing.T) {
	t.Parallel()
	site := neighbour(t)
	for _, c := range []struct {
		setting string
		by      vitrine.Role
		code    vitrine.Code
	}{
		{"off", vitrine.RoleAdmin, vitrine.CodeURLDisabled},
		{"admins", vitrine.RoleAdmin, ""},
		{"admins", vitrine.RoleManager, vitrine.CodeURLDisabled},
		{"users", vitrine.RoleUser, ""},
	} {
		t.Run(c.setting+" "+string(c.by), func(t *testing.T) {
			t.Parallel()
			k := newKit(t, dbtest.SQLite(t), options{
				pins:    pin("url_upload", c.setting),
				fetcher: fetch.New(fetch.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}),
			})
			_, err := k.Accept(t.Context(), upload.Request{Actor: k.user(c.by), Source: upload.Source{URL: site.URL + "/p33.jpg"}})
			if vitrine.CodeOf(err) != c.code {
				t.Errorf("got %v, want code %q", err, c.code)
			}
		})
	}
}
