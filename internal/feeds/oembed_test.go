package feeds_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vitrine/internal/vitrine"
)

const home = "https://pics.example.org/g"

// ask asks how to embed an address.
func (s *site) ask(t testing.TB, address, more string) (answer, map[string]any) {
	t.Helper()
	a := s.get(t, "/oembed?url="+url.QueryEscape(address)+more)
	if a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("not for pages of others")
	}
	var e map[string]any
	if strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		must(t, json.Unmarshal([]byte(a.body), &e))
	}
	return a, e
}

func TestEmbeds(t *testing.T) {
	t.Parallel()
	s := usual(t, "site_name", "Pics & <more>", "loader_size", "1MB")
	ann := s.user(t, "ann", nil)
	s.add(t, "photo", func(f *vitrine.File) { f.OwnerID, f.Title = ann.ID, "Two words" })
	s.add(t, "heavy", func(f *vitrine.File) { f.Size = 9e6 })
	s.add(t, "film", film)
	s.add(t, "cover", in(s.album(t, ann, vitrine.PrivacyPublic)))
	raw := home + "/images/2026/11/21/"
	for _, c := range []struct {
		name, address, more string
		want                map[string]any
	}{
		{"picture", home + "/image/Two-words.photo", "", map[string]any{
			"version": "1.0", "type": "photo", "provider_name": "Pics & <more>", "provider_url": home + "/", "title": "Two words", "web_page": home + "/image/Two-words.photo",
			"url": raw + "photo.jpg", "width": 1600.0, "height": 1200.0, "author_name": "ann", "author_url": home + "/ann",
			"thumbnail_url": raw + "photo.md.jpg", "thumbnail_width": 500.0, "thumbnail_height": 375.0,
		}},
		{"less room", home + "/image/photo", "&maxwidth=600", map[string]any{"url": raw + "photo.md.jpg", "width": 500.0, "height": 375.0, "thumbnail_url": raw + "photo.md.jpg"}},
		{"little room", home + "/image/photo", "&maxHeight=350", map[string]any{"url": raw + "photo.th.jpg", "width": 320.0, "height": 320.0, "thumbnail_url": raw + "photo.th.jpg"}},
		{"hardly any room", home + "/image/photo", "&maxwidth=100&maxheight=50", map[string]any{"url": raw + "photo.th.jpg", "width": 50.0, "height": 50.0, "thumbnail_url": nil}},
		{"bounds that are none", home + "/image/photo", "&maxwidth=-1&maxheight=x", map[string]any{"url": raw + "photo.jpg"}},
		{"heavy", home + "/image/heavy", "", map[string]any{"url": raw + "heavy.md.jpg", "width": 500.0, "author_name": nil}},
		{"film", home + "/clip/film", "&maxwidth=248", map[string]any{
			"type": "video", "url": nil, "width": 248.0, "height": 180.0, "title": "Badgers & <b>", "thumbnail_url": nil,
			"html": `<video controls playsinline preload="metadata" width="248" height="180" poster="` + raw + `film.fr.jpeg"><source src="` + raw + `film.mp4" type="video/mp4"></video>`,
		}},
		{"film by another name", "http://PICS.example.org:80/g/video/film/", "", map[string]any{"type": "video", "width": 496.0, "thumbnail_url": raw + "film.fr.jpeg"}},
		{"album", home + "/album/public?x=y#z", "", map[string]any{"type": "link", "title": "An public album", "url": nil, "width": nil, "thumbnail_url": raw + "cover.md.jpg", "web_page": home + "/album/An-public-album.public"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, e := s.ask(t, c.address, c.more)
			if a.status != http.StatusOK {
				t.Fatalf("status %d", a.status)
			}
			for key, want := range c.want {
				if e[key] != want {
					t.Errorf("%s = %v, want %v", key, e[key], want)
				}
			}
		})
	}
	t.Run("xml", func(t *testing.T) {
		t.Parallel()
		a, _ := s.ask(t, home+"/image/photo", "&format=xml")
		root := parseXML(t, a.body)
		if a.header.Get("Content-Type") != "text/xml; charset=utf-8" || root.XMLName.Local != "oembed" || root.one(t, "", "provider_name").Text != "Pics & <more>" || root.one(t, "", "width").Text != "1600" || len(root.all("", "html")) != 0 {
			t.Errorf("%v %s", a.header, a.body)
		}
	})
}

func TestWhatCannotBeEmbedded(t *testing.T) {
	t.Parallel()
	s := usual(t)
	shy := s.user(t, "shy", func(u *vitrine.User) { u.Private = true })
	for _, p := range []vitrine.Privacy{vitrine.PrivacyPrivate, vitrine.PrivacyPassword, vitrine.PrivacyUnlisted} {
		s.add(t, "in"+string(p), in(s.album(t, shy, p)))
	}
	s.add(t, "expired", func(f *vitrine.File) { f.ExpiresAt = now })
	s.add(t, "waiting", func(f *vitrine.File) { f.Approved = false })
	s.add(t, "public", func(f *vitrine.File) { f.ExpiresAt = now.Add(time.Hour) })
	for address, want := range map[string]int{
		home + "/image/public": 200, home + "/image/inunlisted": 200, home + "/album/unlisted": 200,
		home + "/image/inprivate": 404, home + "/image/inpassword": 404, home + "/album/private": 404, home + "/album/password": 404,
		home + "/image/expired": 404, home + "/image/waiting": 404, home + "/image/unknown": 404, home + "/album/unknown": 404,
		"https://evil.example/g/image/public": 404, "https://pics.example.org/image/public": 404, "https://pics.example.org:444/g/image/public": 404,
		"https://user@pics.example.org/g/image/public": 404, "//pics.example.org/g/image/public": 404, "/g/image/public": 404, "ftp://pics.example.org/g/image/public": 404,
		home + "/shy": 404, home + "/": 404, home + "/image/public/delete/x": 404, "%": 404, "": 400,
	} {
		a := s.get(t, "/oembed?url="+url.QueryEscape(address), "Cookie", "passes=the-pass")
		if a.status != want {
			t.Errorf("%s: %d", address, a.status)
		}
		if strings.Contains(a.body, "shy") {
			t.Errorf("%s: %s", address, a.body)
		}
	}
	if a, _ := s.ask(t, home+"/image/public", "&format=yaml"); a.status != http.StatusNotImplemented {
		t.Errorf("another format: %d", a.status)
	}
}

func FuzzEmbeddedAddress(f *testing.F) {
	for _, a := range []string{
		home + "/image/a.b", home + "/album/%E5%90%8D.x", "https://pics.example.org:443/g/a/x", "HTTPS://PICS.EXAMPLE.ORG/g/i/x?y#z", "https://pics.example.org/g/../image/x",
		"https://[::1]/g/image/x", "https:pics.example.org/g/image/x", "https://pics.example.org/g/image/x%2Fy", "javascript:alert(1)", "https://pics.example.org\\@evil/g/image/x", "%zz",
	} {
		f.Add(a)
	}
	s := usual(f)
	f.Fuzz(func(t *testing.T, address string) {
		kind, slug := s.PageOf(address)
		if kind == "" && slug != "" {
			t.Fatalf("%q: a slug without a page", address)
		}
		if kind == "" {
			return
		}
		u, err := url.Parse(address)
		if _, ok := vitrine.ParseSlug(string(slug)); !ok || err != nil || !strings.EqualFold(u.Hostname(), "pics.example.org") || !strings.HasPrefix(u.Path, "/g/") {
			t.Fatalf("%q is the %s %q", address, kind, slug)
		}
	})
}
