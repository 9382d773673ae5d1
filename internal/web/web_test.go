package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

var languages = []string{"en", "nb", "ru", "ja", "zh-CN"}

// TestPages: what every page has, in every language.
func TestPages(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{settings: map[string]string{"site_name": `Pics & <more>`}})
	s.add(t, nil)
	s.add(t, film)
	for _, path := range []string{"/", "/api-v1", "/image/A-photo.aB3dE7x", "/clip/ZfGd", "/image/aB3dE7x/delete/" + token, "/nothing"} {
		for _, lang := range languages {
			t.Run(path+" "+lang, func(t *testing.T) {
				t.Parallel()
				p := s.get(t, path, "Accept-Language", lang)
				if got := p.attr("html", "lang"); got != lang || p.header.Get("Content-Language") != lang || p.attr("html", "dir") != "ltr" {
					t.Errorf("language %q", got)
				}
				if n := p.Find("h1").Length(); n != 1 {
					t.Errorf("%d elements h1", n)
				}
				if n := p.Find("main").Length(); n != 1 {
					t.Errorf("%d elements main", n)
				}
				if !strings.HasSuffix(p.text(t, "title"), "Pics & <more>") || p.text(t, ".brand") != "Pics & <more>" {
					t.Errorf("title %q", p.Find("title").Text())
				}
				if got := p.text(t, ".languages a[aria-current]"); p.attr(".languages a[aria-current]", "lang") != lang || got == "" {
					t.Errorf("current language %q", got)
				}
				for _, part := range []string{"script:not([nonce]):not([type$=json])", "[style]", "style", "[onclick]"} {
					if p.Find(part).Length() != 0 {
						t.Errorf("there is %s", part)
					}
				}
				p.Find("[nonce]").Each(func(_ int, e *goquerySelection) {
					if nonce, _ := e.Attr("nonce"); nonce != p.nonce() || len(nonce) != 22 {
						t.Errorf("nonce %q, the policy allows %q", nonce, p.nonce())
					}
				})
				if policy := p.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
					t.Errorf("policy %q", policy)
				}
				if p.header.Get("X-Content-Type-Options") != "nosniff" || p.header.Get("Content-Type") != "text/html; charset=utf-8" || len(p.header["Set-Cookie"]) != 0 {
					t.Errorf("headers %v", p.header)
				}
				p.Find("input, button, img, nav, pre").Each(func(_ int, e *goquerySelection) { wantName(t, p, e) })
				ids := map[string]bool{}
				p.Find("[id]").Each(func(_ int, e *goquerySelection) {
					id, _ := e.Attr("id")
					if ids[id] {
						t.Errorf("id %q twice", id)
					}
					ids[id] = true
				})
				p.Find("#texts").Remove() // texts for scripts, which fill them
				if text, _ := p.Html(); strings.Contains(text, "{{") || strings.Contains(p.body, "&lt;no value") {
					t.Error("an unfilled placeholder")
				}
			})
		}
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	for _, c := range []struct {
		name, method, path string
		status             int
	}{
		{"unknown path", "GET", "/nothing/here", 404},
		{"unknown file", "GET", "/image/zzzzz", 404},
		{"no id at all", "GET", "/image/", 404},
		{"route alone", "GET", "/clip", 404},
		{"id with strange characters", "GET", "/image/%2e%2e", 404},
		{"below a file", "GET", "/image/zzzzz/more", 404},
		{"unknown asset", "GET", "/assets/x/y.css", 404},
		{"asset folder", "GET", "/assets/", 404},
		{"form to the home page", "POST", "/", 405},
		{"form to a file", "POST", "/image/zzzzz", 405},
		{"no such method", "DELETE", "/api-v1", 405},
		{"two slashes", "GET", "//evil.example/x", 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := s.ask(t, c.method, c.path)
			if p.status != c.status || p.header.Get("X-Robots-Tag") != "noindex" || p.attr("meta[name=robots]", "content") != "noindex" {
				t.Errorf("status %d, headers %v", p.status, p.header)
			}
			if c.status == 405 && p.header.Get("Allow") == "" {
				t.Error("no Allow")
			}
			if strings.Contains(p.body, "evil.example") {
				t.Error("the path is on the page")
			}
			if p.text(t, "h1") == "" || p.attr(".error a.btn", "href") != "/" {
				t.Error("no way out")
			}
		})
	}
	t.Run("head", func(t *testing.T) {
		t.Parallel()
		if p := s.ask(t, http.MethodHead, "/"); p.status != 200 {
			t.Errorf("status %d", p.status)
		}
	})
	t.Run("maintenance", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, options{settings: map[string]string{"maintenance": "on"}})
		p := s.get(t, "/")
		if p.status != 503 || p.header.Get("Retry-After") == "" {
			t.Errorf("status %d, headers %v", p.status, p.header)
		}
		if css := s.get(t, p.attr("link[rel=stylesheet]", "href")); css.status != 200 {
			t.Errorf("style %d", css.status)
		}
	})
}

func TestLanguageChoice(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{settings: map[string]string{"languages": "en,nb,ja", "language": "nb"}})
	for _, c := range []struct{ name, path, cookie, accept, want, remembered string }{
		{"site", "/", "", "", "nb", ""},
		{"browser", "/", "", "ja,en;q=0.5", "ja", ""},
		{"cookie", "/", "ja", "en", "ja", ""},
		{"query", "/?lang=en", "ja", "nb", "en", "en"},
		{"query that is not offered", "/?lang=ru", "ja", "nb", "ja", ""},
		{"cookie that is rubbish", "/", "../../x", "en", "en", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			headers := []string{"Accept-Language", c.accept}
			if c.cookie != "" {
				headers = append(headers, "Cookie", "lang="+c.cookie)
			}
			p := s.get(t, c.path, headers...)
			if got := p.attr("html", "lang"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			set := p.header.Get("Set-Cookie")
			if (c.remembered == "") != (set == "") || !strings.HasPrefix(set, "lang="+c.remembered) && set != "" || set != "" && !strings.Contains(set, "Secure") {
				t.Errorf("Set-Cookie %q", set)
			}
		})
	}
}

func TestPrivacy(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name, f.ExpiresAt = "expiring", "expiring", now.Add(time.Hour) })
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name, f.ExpiresAt = "expired", "expired", now })
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name, f.Approved = "waiting", "waiting", false })
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name = "public", "public" })
	owner := &vitrine.User{Username: "somebody", Email: "somebody@example.org", Role: vitrine.RoleUser, Status: vitrine.UserValid, CreatedAt: now}
	for _, privacy := range []vitrine.Privacy{vitrine.PrivacyUnlisted, vitrine.PrivacyPrivate, vitrine.PrivacyPassword} {
		album := &vitrine.Album{Slug: vitrine.Slug(privacy), Name: "Album", Privacy: privacy, CreatedAt: now}
		must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			if owner.ID == 0 {
				if err := tx.CreateUser(ctx, owner, "no password"); err != nil {
					return err
				}
			}
			album.OwnerID = owner.ID
			return tx.CreateAlbum(ctx, album)
		}))
		s.add(t, func(f *vitrine.File) {
			f.Slug, f.Name, f.OwnerID, f.AlbumID = vitrine.Slug(privacy), string(privacy), owner.ID, album.ID
		})
	}
	for slug, want := range map[string]struct {
		status  int
		noindex bool
	}{"unlisted": {200, true}, "private": {404, true}, "password": {303, true}, "public": {200, false}, "expiring": {200, true}, "expired": {404, true}, "waiting": {404, true}} {
		p := s.get(t, "/image/"+slug)
		if p.status != want.status || (p.header.Get("X-Robots-Tag") != "") != want.noindex || (p.attr("meta[name=robots]", "content") != "") != (want.noindex && want.status != 303) {
			t.Errorf("%s: status %d, robots %q", slug, p.status, p.header.Get("X-Robots-Tag"))
		}
		if want.status == 303 && p.header.Get("Location") != "/album/password" {
			t.Errorf("%s: leads to %s", slug, p.header.Get("Location"))
		}
		if want.status != 200 && strings.Contains(p.body, "A photo") {
			t.Errorf("%s: the title is told", slug)
		}
	}
}

// TestSignInLeadsBack: the button in the bar leads back to the page it is on.
func TestSignInLeadsBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{url: "https://pics.example.org/g"})
	s.add(t, nil)
	for path, want := range map[string]string{
		"/image/aB3dE7x": "/g/login?next=%2Fg%2Fimage%2FaB3dE7x",
		"/api-v1":        "/g/login?next=%2Fg%2Fapi-v1",
	} {
		for range 2 {
			if got := s.get(t, path).attr("header a[href*=login]", "href"); got != want {
				t.Errorf("%s: %q", path, got)
			}
		}
	}
}
