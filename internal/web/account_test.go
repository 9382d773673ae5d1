package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/db"
	"vitrine/internal/vitrine"
	"vitrine/internal/web"
)

// signIn makes a user with a session, who asks with the cookie that it returns.
func (s *site) signIn(t testing.TB, name string) (u *vitrine.User, cookie string) {
	t.Helper()
	u, err := s.account.User(t.Context(), name)
	if err != nil {
		u, err = s.account.CreateUser(t.Context(), account.NewUser{Username: name, Email: name + "@example.org", Password: "correct horse"})
		must(t, err)
	}
	session, _, err := s.account.SignIn(t.Context(), account.Credentials{
		Name: name, Password: "correct horse", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
	})
	must(t, err)
	return u, "session=" + session
}

// TestReservedUsernames: nobody can be called like a page.
func TestReservedUsernames(t *testing.T) {
	t.Parallel()
	names := append(web.FirstSegments(), "api", "images", "zip", "assets", "livez", "readyz", "oembed", "webmanifest", "sitemap")
	defaults := vitrine.DefaultSettings()
	for _, name := range append(names, defaults.RouteImage, defaults.RouteVideo, defaults.RouteAlbum) {
		if _, err := vitrine.ParseUsername(name); err == nil && !vitrine.ReservedUsername(name) {
			t.Errorf("somebody could be called %q", name)
		}
	}
	if vitrine.ReservedUsername("admin") {
		t.Error("the first account has a reserved name")
	}
}

// TestAccountPages: what every page has, in every language.
func TestAccountPages(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	ann, cookie := s.signIn(t, "ann")
	s.add(t, func(f *vitrine.File) { f.OwnerID = ann.ID })
	s.album(t, ann, nil)
	_, _, err := s.account.CreateKey(t.Context(), "ann", "A key")
	must(t, err)
	for path, as := range map[string]string{
		"/login": "", "/settings": cookie, "/settings/account": cookie, "/settings/password": cookie, "/settings/keys": cookie, "/settings/sessions": cookie,
		"/ann": "", "/ann/albums": cookie, "/ann/liked": cookie,
	} {
		for _, lang := range languages {
			t.Run(path+" "+lang, func(t *testing.T) {
				t.Parallel()
				p := s.get(t, path, "Accept-Language", lang, "Cookie", as)
				if p.status != http.StatusOK || p.attr("html", "lang") != lang || p.Find("h1").Length() != 1 {
					t.Errorf("status %d, language %s, %d headings", p.status, p.attr("html", "lang"), p.Find("h1").Length())
				}
				if main, err := p.Find("main").Html(); err != nil || strings.Contains(main, "{{") || strings.Contains(main, "account.") || strings.Contains(main, "&lt;no value") {
					t.Error("an unfilled placeholder, or a key instead of a text")
				}
				p.Find("main input:not([type=hidden]), main select, main textarea, main button, main nav").Each(func(_ int, e *goquerySelection) { wantName(t, p, e) })
				if strings.HasPrefix(path, "/settings") || path == "/login" {
					if p.header.Get("Cache-Control") != "no-store" || p.attr("meta[name=robots]", "content") != "noindex" {
						t.Errorf("headers %v", p.header)
					}
				}
			})
		}
	}
}

func TestSettingsForms(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{settings: map[string]string{"stop_words": "viagra"}})
	_, cookie := s.signIn(t, "ann")
	for _, c := range []struct {
		name, path string
		fields     []string
		status     int
		invalid    string // id of the field that is marked
	}{
		{"profile", "/settings", []string{"name", "Ann <b>", "bio", "Hi", "website", "example.org"}, 303, ""},
		{"bad website", "/settings", []string{"name", "Ann", "website", "javascript:alert(1)"}, 400, "website"},
		{"long name", "/settings", []string{"name", strings.Repeat("x", 61)}, 400, "name"},
		{"stop word", "/settings", []string{"bio", "viagra"}, 400, ""},
		{"account", "/settings/account", []string{"language", "ja", "private", "1"}, 303, ""},
		{"no such language", "/settings/account", []string{"language", "tlh"}, 400, "language"},
		{"short password", "/settings/password", []string{"old_password", "correct horse", "password", "short"}, 400, "password"},
		{"wrong password", "/settings/password", []string{"old_password", "wrong", "password", "long enough"}, 400, "old_password"},
		{"long key name", "/settings/keys", []string{"name", strings.Repeat("x", 101)}, 400, "key-name"},
		{"nobody's session", "/settings/sessions", []string{"end", "x"}, 404, ""},
		{"no such page", "/settings/nothing", nil, 404, ""},
	} {
		p := s.post(t, c.path, cookie, c.fields...)
		if p.status != c.status {
			t.Errorf("%s: status %d, want %d", c.name, p.status, c.status)
		}
		if id := p.attr("main [aria-invalid]", "id"); id != c.invalid || id != "" && p.Find("#wrong").Length() != 1 {
			t.Errorf("%s: %q is marked, want %q", c.name, id, c.invalid)
		}
	}
	u, err := s.account.User(t.Context(), "ann")
	must(t, err)
	if u.Name != "Ann <b>" || u.Website != "https://example.org" || u.Language != "ja" || !u.Private || u.KeepEXIF {
		t.Errorf("saved %+v", u)
	}
	if p := s.get(t, "/settings", "Cookie", cookie); p.attr("html", "lang") != "ja" || p.attr("#name", "value") != "Ann <b>" {
		t.Errorf("in %s, the name is %q", p.attr("html", "lang"), p.attr("#name", "value"))
	}
	if p := s.post(t, "/settings", "", "name", "Guest"); p.status != 303 || p.header.Get("Location") != "/login?next="+url.QueryEscape("/settings") {
		t.Errorf("a guest's form: %d to %s", p.status, p.header.Get("Location"))
	}
	sessions := s.get(t, "/settings/sessions", "Cookie", cookie)
	if got := sessions.text(t, ".account-item-name .badge"); got == "" || !strings.HasPrefix(sessions.text(t, ".account-item-name"), "Firefox, Linux") {
		t.Errorf("sessions: %q", sessions.Find(".account-item-name").Text())
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	ann, cookie := s.signIn(t, "ann")
	_, stranger := s.signIn(t, "bob")
	s.user(t, "boss", vitrine.RoleAdmin)
	_, err := s.account.EditProfile(t.Context(), ann.ID, account.Profile{Name: "Ann Lee", Bio: "One\nTwo <i>", Website: "https://www.example.org/me/"})
	must(t, err)
	private := s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.Name, a.Privacy = "private", "Mine", vitrine.PrivacyPrivate })
	s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.Name = "public", "Ours" })
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name, f.OwnerID = "public1", "public", ann.ID })
	s.add(t, func(f *vitrine.File) {
		f.Slug, f.Name, f.OwnerID, f.AlbumID = "private1", "private", ann.ID, private.ID
	})
	p := s.get(t, "/ann")
	if p.text(t, "h1") != "Ann Lee" || p.text(t, ".profile-bio") != "One\nTwo <i>" || p.text(t, ".profile-face") != "AL" || p.text(t, ".profile-facts b") != "1" {
		t.Errorf("head %q", p.Find(".profile-head").Text())
	}
	if a := p.Find(".profile-facts a"); a.Text() != "example.org/me" || p.attr(".profile-facts a", "rel") != "nofollow ugc noopener" || p.attr(".profile-facts a", "href") != "https://www.example.org/me/" {
		t.Errorf("website %q", a.Text())
	}
	if p.attr("link[rel=canonical]", "href") != "https://pics.example.org/ann" || p.attr("meta[property='og:title']", "content") != "Ann Lee" || !strings.Contains(p.body, `href="/ann/feed.atom"`) {
		t.Error("no address, title or feed")
	}
	if n := p.Find("div[class^='list-item-image'] a.image-container").Length(); n != 1 || strings.Contains(p.body, "private1") {
		t.Errorf("%d files for visitors", n)
	}
	if own := s.get(t, "/ann", "Cookie", cookie); own.Find("div[class^='list-item-image']").Length() != 2 || own.text(t, ".profile-facts b") != "2" || own.attr(".profile-edit", "href") != "/settings" {
		t.Errorf("%d files for ann", own.Find("div[class^='list-item-image']").Length())
	}
	if albums := s.get(t, "/ann/albums"); !strings.Contains(albums.body, "Ours") || strings.Contains(albums.body, "Mine") {
		t.Error("albums for visitors")
	}
	if albums := s.get(t, "/ann/albums", "Cookie", cookie); !strings.Contains(albums.body, "Ours") || !strings.Contains(albums.body, "Mine") {
		t.Error("albums for ann")
	}
	for _, c := range []struct {
		path, cookie string
		status       int
		to           string
	}{
		{"/ANN?sort=date_asc&page=1", "", 301, "/ann?sort=date_asc&page=1"}, {"/Ann/albums/", "", 301, "/ann/albums"},
		{"/ann?sort=date_desc&page=1", "", 200, ""}, {"/ann/liked", cookie, 200, ""}, {"/ann/liked", stranger, 404, ""}, {"/ann/liked", "", 404, ""},
		{"/ann/more", "", 404, ""}, {"/nobody", "", 404, ""}, {"/an", "", 404, ""},
	} {
		if p := s.get(t, c.path, "Cookie", c.cookie); p.status != c.status || p.header.Get("Location") != c.to {
			t.Errorf("%s: %d to %q, want %d to %q", c.path, p.status, p.header.Get("Location"), c.status, c.to)
		}
	}
	t.Run("private", func(t *testing.T) {
		_, err := s.account.EditProfile(t.Context(), ann.ID, account.Profile{Name: "Ann Lee", Private: true})
		must(t, err)
		for as, want := range map[string]int{"": 404, stranger: 404, cookie: 200, "as=boss": 200} {
			for _, path := range []string{"/ann", "/ann/albums"} {
				p := s.get(t, path, "Cookie", as)
				if p.status != want || want == 404 && strings.Contains(p.body, "Lee") {
					t.Errorf("%s as %.10q: %d, want %d", path, as, p.status, want)
				}
				if p := s.get(t, "/ANN", "Cookie", as); (p.status == 301) != (want == 200) {
					t.Errorf("/ANN as %.10q: %d tells that there is somebody", as, p.status)
				}
			}
		}
	})
	t.Run("suspended", func(t *testing.T) {
		bob, err := s.account.User(t.Context(), "bob")
		must(t, err)
		must(t, s.db.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return tx.SetUserStatus(ctx, bob.ID, vitrine.UserSuspended)
		}))
		if p := s.get(t, "/bob"); p.status != 404 {
			t.Errorf("status %d", p.status)
		}
	})
}

// TestProfilePages: a long list goes on, without showing a file twice.
func TestProfilePages(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	ann, _ := s.signIn(t, "ann")
	const files = 100
	for i := range files {
		s.add(t, func(f *vitrine.File) {
			f.Slug = vitrine.Slug("f" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + "xx")
			f.Name, f.OwnerID, f.CreatedAt = string(f.Slug), ann.ID, now.Add(-time.Duration(i/10)*time.Hour)
		})
	}
	seen := make(map[string]bool)
	for path := "/ann"; path != ""; {
		p := s.get(t, path)
		p.Find("a.image-container").Each(func(_ int, a *goquerySelection) {
			href, _ := a.Attr("href")
			if seen[href] {
				t.Errorf("%s twice", href)
			}
			seen[href] = true
		})
		path = p.attr("a[data-pagination=next]", "href")
	}
	if len(seen) != files {
		t.Errorf("%d files", len(seen))
	}
}
