package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"vitrine/internal/vitrine"
)

func TestDeleteLink(t *testing.T) {
	t.Parallel()
	const link = "/image/aB3dE7x/delete/" + token
	s := newSite(t, options{url: "https://pics.example.org"})
	s.add(t, nil)
	exists := func(want bool) {
		t.Helper()
		if _, err := s.db.FileBySlug(context.Background(), "aB3dE7x"); (err == nil) != want {
			t.Errorf("the file is there: %v", err == nil)
		}
	}
	wantQuiet := func(p page) {
		t.Helper()
		if p.header.Get("Referrer-Policy") != "no-referrer" || p.header.Get("X-Robots-Tag") != "noindex" || p.header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", p.header)
		}
	}
	for _, bad := range []string{"/image/aB3dE7x/delete/" + strings.Repeat("0", 48), "/image/zzzzzzz/delete/" + token, "/image/aB3dE7x/delete/"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if p := s.ask(t, method, bad); p.status != 404 && (method == http.MethodGet || p.status != 405) {
				t.Errorf("%s %s: %d", method, bad, p.status)
			}
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		p := s.ask(t, method, link)
		wantQuiet(p)
		if p.status != 200 || p.text(t, ".name") != "A photo" || p.attr("main form", "method") != "post" || p.attr("main form a", "href") != "/image/A-photo.aB3dE7x" || p.attr("main img", "src") == "" {
			t.Errorf("%s: %d", method, p.status)
		}
	}
	exists(true)
	if p := s.ask(t, http.MethodPost, link, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); p.status != 403 {
		t.Errorf("form of another site: %d", p.status)
	}
	if p := s.ask(t, http.MethodPost, link, "Origin", "http://evil.example"); p.status != 403 {
		t.Errorf("form of another site, old browser: %d", p.status)
	}
	exists(true)
	p := s.ask(t, http.MethodPost, link, "Sec-Fetch-Site", "same-origin", "Origin", "null")
	wantQuiet(p)
	if p.status != 200 || p.text(t, "h1") != "The file is deleted" || p.Find("main form, .languages").Length() != 0 {
		t.Errorf("deleting: %d %s", p.status, p.Find("h1").Text())
	}
	exists(false)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		p := s.ask(t, method, link)
		wantQuiet2 := p.header.Get("Referrer-Policy") == "no-referrer"
		if p.status != 404 || !wantQuiet2 {
			t.Errorf("second use by %s: %d", method, p.status)
		}
	}
	if p := s.get(t, "/image/aB3dE7x"); p.status != 404 {
		t.Errorf("its page: %d", p.status)
	}
}

// TestDeleteOnPlainHTTP: a browser on plain HTTP tells nothing of itself from a
// page without referrer.
func TestDeleteOnPlainHTTP(t *testing.T) {
	t.Parallel()
	for name, headers := range map[string][]string{
		"browser": {"Origin", "null"},
		"same":    {"Origin", "http://192.0.2.1:8080"},
		"program": nil,
		"trusted": {"Origin", "http://192.0.2.1:8080", "Sec-Fetch-Site", "same-origin"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, options{url: "http://192.0.2.1:8080"})
			s.add(t, nil)
			if p := s.ask(t, http.MethodPost, "/image/aB3dE7x/delete/"+token, headers...); p.status != 200 {
				t.Errorf("status %d", p.status)
			}
		})
	}
}

func TestInstantDeleteLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, method string
		headers      []string
		gone         bool
	}{
		{"GET", "GET", nil, true},
		{"HEAD", "HEAD", nil, false},
		{"prefetch", "GET", []string{"Sec-Purpose", "prefetch;prerender"}, false},
		{"old prefetch", "GET", []string{"Purpose", "prefetch"}, false},
		{"POST", "POST", nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, options{settings: map[string]string{"delete_url_mode": "instant"}})
			s.add(t, film)
			p := s.ask(t, c.method, "/clip/title.ZfGd/delete/"+token, c.headers...)
			_, err := s.db.FileBySlug(context.Background(), "ZfGd")
			if p.status != 200 || vitrine.Is(err, vitrine.CodeNotFound) != c.gone {
				t.Errorf("status %d, %v", p.status, err)
			}
		})
	}
}
