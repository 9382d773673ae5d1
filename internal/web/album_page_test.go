package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"vitrine/internal/vitrine"
)

// albums is a site with albums of ann of every privacy, each with a file. Slugs
// are the levels of privacy.
func albums(t testing.TB, o options) *site {
	t.Helper()
	s := newSite(t, o)
	ann := s.user(t, "ann", vitrine.RoleUser)
	s.user(t, "bob", vitrine.RoleUser)
	s.user(t, "manager", vitrine.RoleManager)
	for _, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPrivate, vitrine.PrivacyPassword} {
		a := s.album(t, ann, func(a *vitrine.Album) {
			a.Slug, a.Name, a.Description, a.Privacy, a.Sort = vitrine.Slug(p), "The <"+string(p)+"> one", "Words about\nit", p, vitrine.SortNewest
			if p == vitrine.PrivacyPassword {
				a.Pass = "known"
			}
		})
		s.add(t, func(f *vitrine.File) {
			f.Slug, f.Name, f.Title = vitrine.Slug("in"+p), "in"+string(p), "File "+string(p)
			f.AlbumID, f.OwnerID, f.Privacy = a.ID, ann.ID, p
		})
	}
	return s
}

func TestAlbumPage(t *testing.T) {
	t.Parallel()
	s := albums(t, options{settings: map[string]string{"site_name": "Pics"}})
	p := s.get(t, "/album/The-one.public")
	if p.status != http.StatusOK || p.text(t, "h1") != "The <public> one" || p.Find("title").Text() != "The <public> one - Pics" {
		t.Errorf("%d %s", p.status, p.Find("h1").Text())
	}
	if got := p.attr("link[rel=canonical]", "href"); got != "https://pics.example.org/album/The-one.public" {
		t.Errorf("canonical %s", got)
	}
	if got := p.attr("link[type='application/atom+xml']", "href"); got != "/album/The-one.public/feed.atom" {
		t.Errorf("feed %s", got)
	}
	for property, want := range map[string]string{"og:title": "The <public> one", "og:description": "Words about\nit", "og:image": "https://pics.example.org/images/2026/11/21/inpublic.md.jpg", "og:site_name": "Pics"} {
		if got := p.attr(`meta[property="`+property+`"]`, "content"); got != want {
			t.Errorf("%s: %q", property, got)
		}
	}
	if p.attr("link[type='application/json+oembed']", "href") == "" || p.attr("link[type='text/xml+oembed']", "href") == "" {
		t.Error("nothing for oEmbed")
	}
	if !strings.Contains(p.body, `data-text="image-count">1<`) || p.Find(".listing a.image-container").Length() != 1 {
		t.Error("programs do not find the number of files, or the file")
	}
	if p.Find(".album-about a[href='/ann']").Length() != 1 || p.Find(".album-crumbs a[href='/ann/albums']").Length() != 1 {
		t.Error("no owner")
	}
	if p.Find("a[href='/zip/public']").Length() != 1 || p.attr(".album-share input", "value") != p.attr("link[rel=canonical]", "href") {
		t.Error("cannot be shared or taken along")
	}
	if p.Find("a[href*='/edit'], a[href*='/delete'], a[href*='/upload?album'], a[href*='/albums/new']").Length() != 0 {
		t.Error("a stranger may change it")
	}
}

func TestAlbumDeeds(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	for _, c := range []struct{ who, deeds string }{
		{"", ""}, {"bob", ""}, {"manager", "edit delete"}, {"ann", "upload add edit delete"},
	} {
		p := s.get(t, "/album/public", "Cookie", "as="+c.who)
		var deeds []string
		for _, d := range []struct{ name, href string }{{"upload", "/upload?album=public"}, {"add", "/albums/new?parent=public"}, {"edit", "/album/public/edit"}, {"delete", "/album/public/delete"}} {
			if p.Find(`.album-deeds a[href="`+d.href+`"]`).Length() == 1 {
				deeds = append(deeds, d.name)
			}
		}
		if got := strings.Join(deeds, " "); got != c.deeds {
			t.Errorf("%s may %q", c.who, got)
		}
	}
}

func TestAlbumAddresses(t *testing.T) {
	t.Parallel()
	s := albums(t, options{url: "https://pics.example.org/g"})
	right := s.get(t, "/album/public").attr("link[rel=canonical]", "href")
	right = strings.TrimPrefix(right, "https://pics.example.org")
	for _, c := range []struct {
		name, path string
		status     int
		location   string
	}{
		{"short", "/album/public", 200, ""},
		{"right", strings.TrimPrefix(right, "/g"), 200, ""},
		{"wrong name", "/album/x.public", 302, right},
		{"another route", "/a/public?sort=name_asc", 301, right + "?sort=name_asc"},
		{"within", "/album/public/sub", 200, ""},
		{"within, wrong name", "/album/x.public/sub", 302, right + "/sub"},
		{"unknown", "/album/unknown", 404, ""},
		{"no id", "/album/", 404, ""},
		{"nothing below", "/album/public/nothing", 404, ""},
		{"private of another", "/album/x.private", 404, ""},
		{"private within", "/album/private/sub", 404, ""},
		{"password tells no name", "/album/x.password", 200, ""},
		{"password within", "/album/x.password/sub", 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := s.get(t, c.path)
			if p.status != c.status || p.header.Get("Location") != c.location {
				t.Errorf("%d to %q", p.status, p.header.Get("Location"))
			}
			if strings.Contains(p.body, "private> one") || strings.Contains(p.body, "password&gt; one") || strings.Contains(p.body, "private&gt; one") {
				t.Error("tells the name")
			}
		})
	}
}

func TestAlbumPrivacy(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	for _, c := range []struct {
		slug, cookie string
		status       int
		shown        bool
		noindex      bool
	}{
		{"public", "", 200, true, false},
		{"unlisted", "", 200, true, true},
		{"private", "", 404, false, true},
		{"private", "as=bob", 404, false, true},
		{"private", "as=manager", 404, false, true},
		{"private", "as=ann", 200, true, true},
		{"password", "", 200, false, true},
		{"password", "as=bob", 200, false, true},
		{"password", "pass=wrong", 200, false, true},
		{"password", "pass=known", 200, true, true},
		{"password", "as=ann", 200, true, true},
	} {
		t.Run(c.slug+" "+c.cookie, func(t *testing.T) {
			t.Parallel()
			for _, below := range []string{"", "/sub"} {
				p := s.get(t, "/album/"+c.slug+below, "Cookie", c.cookie)
				shown := strings.Contains(p.body, "The &lt;"+c.slug)
				if p.status != c.status || shown != c.shown {
					t.Errorf("%s: %d, shown %v", below, p.status, shown)
				}
				if (p.header.Get("X-Robots-Tag") != "") != c.noindex || (p.attr("meta[name=robots]", "content") != "") != c.noindex {
					t.Errorf("%s: robots %q", below, p.header.Get("X-Robots-Tag"))
				}
				if !c.shown && (p.Find("meta[property^='og:']").Length() != 0 || p.Find("link[rel=canonical]").Length() != 0 || strings.Contains(p.body, "File "+c.slug)) {
					t.Errorf("%s: tells something", below)
				}
			}
			if p := s.get(t, "/image/in"+c.slug, "Cookie", c.cookie); (p.status == 200) != c.shown {
				t.Errorf("its file: %d", p.status)
			}
		})
	}
	for _, list := range []string{"/explore/recent", "/ann", "/explore/albums", "/search?q=File"} {
		if p := s.get(t, list); strings.Contains(p.body, "inprivate") || strings.Contains(p.body, "inpassword") || strings.Contains(p.body, "inunlisted") || strings.Contains(p.body, "private&gt;") {
			t.Errorf("%s tells secrets", list)
		}
	}
}

func TestAlbumsWithin(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	ann := s.people["ann"].User
	top := s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.Name = "top", "Top" })
	for i := range 14 {
		s.album(t, ann, func(a *vitrine.Album) {
			a.Slug, a.Name, a.ParentID = vitrine.Slug(fmt.Sprintf("sub%02d", i)), fmt.Sprintf("Sub %02d", i), top.ID
			if i == 13 {
				a.Privacy = vitrine.PrivacyPrivate
			}
		})
	}
	p := s.get(t, "/album/top")
	if n := p.Find(".album-within a.image-container").Length(); n != 12 || p.attr(".album-within p a.btn", "href") != "/album/Top.top/sub" {
		t.Errorf("%d albums, more at %q", n, p.attr(".album-within p a.btn", "href"))
	}
	p = s.get(t, "/album/Top.top/sub")
	if n := p.Find("div.list-item-image > a.image-container").Length(); n != 13 || strings.Contains(p.body, "Sub 13") {
		t.Errorf("%d albums for a stranger", n)
	}
	if p := s.get(t, "/album/Top.top/sub", "Cookie", "as=ann"); !strings.Contains(p.body, "Sub 13") {
		t.Error("the owner does not see a private one")
	}
	p = s.get(t, "/album/sub00")
	if p.text(t, ".album-crumbs") == "" || p.Find(".album-crumbs a[href='/album/Top.top']").Length() != 1 || p.text(t, ".album-crumbs [aria-current=page]") != "Sub 00" {
		t.Errorf("crumbs %q", p.Find(".album-crumbs").Text())
	}
	if p := s.get(t, "/album/sub00/sub"); p.status != 200 || p.Find("a.image-container").Length() != 0 || p.Find(".listing-empty").Length() != 1 {
		t.Error("an album without albums")
	}
}

func TestAlbumOfAPrivatePerson(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	shy := s.user(t, "shy", vitrine.RoleUser)
	shy.Private = true
	s.profile(t, shy)
	s.album(t, shy, nil)
	if p := s.get(t, "/album/album"); p.status != 200 || strings.Contains(p.body, "shy") {
		t.Errorf("%d, or it tells the name", p.status)
	}
	if p := s.get(t, "/album/album", "Cookie", "as=shy"); p.Find(".album-about a[href='/shy']").Length() != 1 {
		t.Error("not even to themselves")
	}
}
