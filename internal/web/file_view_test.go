package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// albumSite is a site with an album of three files within another, and a private
// one of the same owner.
func albumSite(t *testing.T) *site {
	s := newSite(t, options{})
	ann := s.user(t, "ann", vitrine.RoleUser)
	s.user(t, "bob", vitrine.RoleUser)
	s.user(t, "root", vitrine.RoleAdmin)
	s.user(t, "mod", vitrine.RoleManager)
	outer := s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.Name = "outer", "Out & <about>" })
	inner := s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.ParentID = "inner", outer.ID })
	private := s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.Privacy, a.Name = "mine", vitrine.PrivacyPrivate, "Mine" })
	locked := s.album(t, ann, func(a *vitrine.Album) {
		a.Slug, a.Privacy, a.Name, a.Pass = "locked", vitrine.PrivacyPassword, "Locked", "open-sesame"
	})
	category := vitrine.Category{Name: "Travel", URLKey: "travel"}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, &category) }))
	for i, slug := range []vitrine.Slug{"first", "second", "third"} {
		s.add(t, func(f *vitrine.File) {
			f.Slug, f.Name, f.OwnerID, f.AlbumID, f.CategoryID = slug, string(slug), ann.ID, inner.ID, category.ID
			f.CreatedAt = now.Add(time.Duration(i) * time.Minute)
			f.Title, f.UploaderIP = "The "+string(slug), netip.MustParseAddr("192.0.2.9")
		})
	}
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name, f.OwnerID, f.AlbumID = "hidden", "hidden", ann.ID, private.ID })
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name, f.OwnerID, f.AlbumID = "behind", "behind", ann.ID, locked.ID })
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name = "alone", "alone" })
	return s
}

func TestViewerInAnAlbum(t *testing.T) {
	t.Parallel()
	s := albumSite(t)
	p := s.get(t, "/image/second")
	var names []string
	p.Find(".file-crumbs a").Each(func(_ int, e *goquery.Selection) { names = append(names, e.Text()) })
	if got := strings.Join(names, "|"); got != "Out & <about>|Summer" {
		t.Errorf("albums %s", got)
	}
	// The newest stands first.
	if p.attr("a[rel=prev]", "href") != "/image/The-third.third" || p.attr("a[rel=next]", "href") != "/image/The-first.first" {
		t.Errorf("before it %q, behind it %q", p.attr("a[rel=prev]", "href"), p.attr("a[rel=next]", "href"))
	}
	if p.attr("link[rel=next]", "href") != "/image/The-first.first" || !strings.Contains(p.attr("a[rel=next]", "aria-label"), "The first") {
		t.Error("programs do not see what is next")
	}
	if e := s.get(t, "/image/first"); e.Find("a[rel=next]").Length() != 0 || e.Find("a[rel=prev]").Length() != 1 {
		t.Error("there is something behind the last")
	}
	if got := p.text(t, ".description-meta"); !strings.Contains(got, "Added to Summer") || !strings.Contains(got, "ann") || !strings.Contains(got, "Travel") {
		t.Errorf("%q", got)
	}
	// What programs search for in the text of the page, in this order.
	marks := regexp.MustCompile(`(?s)<meta property="og:image" content="([^"]+)".*Added to <a[^>]*href="([^"]+)"[^>]*>([^<]+)</a>.*<span title="([^"]+)".*username: "([^"]*)"`).FindStringSubmatch(p.body)
	want := []string{"https://pics.example.org/images/2026/11/21/second.jpg", "/album/Summer.inner", "Summer", "2026-11-21 12:01:00", "ann"}
	if len(marks) != 6 || !slices.Equal(marks[1:], want) {
		t.Errorf("marks %q", marks)
	}
	if _, ok := p.Find("a[download]").Attr("download"); !ok || p.Find("#image-viewer img").Length() != 1 {
		t.Error("no picture to take")
	}
	if q := s.get(t, "/image/alone"); q.Find("a[rel=next], a[rel=prev], .file-crumbs").Length() != 0 || strings.Contains(q.body, "username") {
		t.Error("a file of a guest has company")
	}
	if got := s.get(t, "/-/beside?file=second", "Accept", "application/json"); true {
		var a struct {
			At    int
			Files []struct{ Viewer, Src, Small, Alt string }
		}
		if err := json.Unmarshal([]byte(got.body), &a); err != nil || a.At != 1 || len(a.Files) != 3 || a.Files[0].Viewer != "/image/The-third.third" || !strings.HasSuffix(a.Files[2].Small, "first.md.jpg") {
			t.Errorf("beside it: %v %s", err, got.body)
		}
	}
}

// TestWhoMayDoWhat: buttons, forms and what is told, by who looks.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	s := albumSite(t)
	for _, c := range []struct {
		name, cookie       string
		hidden, locked     int // statuses
		changes, signIn    bool
		address, editAlbum bool // is told the uploader's address; may move the file
	}{
		{"guest", "", 404, 303, false, true, false, false},
		{"owner", "as=ann", 200, 200, true, false, false, true},
		{"another", "as=bob", 404, 303, false, false, false, false},
		{"manager", "as=mod", 404, 303, true, false, false, false},
		{"admin", "as=root", 200, 200, true, false, true, true},
		{"guest with the pass", "pass=open-sesame", 404, 200, false, true, false, false},
		{"guest with another", "pass=x", 404, 303, false, true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := s.get(t, "/image/second", "Cookie", c.cookie)
			if got := p.Find(`.file-deeds a[href="/image/second/edit"]`).Length() == 1; got != c.changes {
				t.Errorf("may edit: %v", got)
			}
			if got := p.Find(`.file-deeds a[href="/image/second/delete"]`).Length() == 1; got != c.changes {
				t.Errorf("may delete: %v", got)
			}
			if got := p.Find(`.file-deeds a[href^="/login?next="]`).Length() == 1; got != c.signIn || p.Find("form[data-like]").Length() == 1 == c.signIn {
				t.Errorf("signs in to like: %v", got)
			}
			if got := strings.Contains(p.body, "192.0.2.9"); got != c.address {
				t.Errorf("is told the address: %v", got)
			}
			hidden := s.get(t, "/image/hidden", "Cookie", c.cookie)
			locked := s.get(t, "/image/behind", "Cookie", c.cookie)
			if hidden.status != c.hidden || locked.status != c.locked || c.locked == 303 && locked.header.Get("Location") != "/album/locked" {
				t.Errorf("private %d, with a password %d to %s", hidden.status, locked.status, locked.header.Get("Location"))
			}
			if locked.status == 200 && (locked.Find("link[type$=oembed]").Length() != 0 || locked.header.Get("X-Robots-Tag") != "noindex") {
				t.Error("what has a password is told to programs")
			}
			for _, path := range []string{"/image/second/edit", "/image/second/delete"} {
				want := 403
				switch {
				case c.changes:
					want = 200
				case c.signIn:
					want = 303
				}
				form := s.get(t, path, "Cookie", c.cookie)
				if form.status != want || want == 303 && !strings.HasPrefix(form.header.Get("Location"), "/login?next=%2Fimage%2Fsecond") {
					t.Errorf("%s: %d", path, form.status)
				}
				if path == "/image/second/edit" && want == 200 && (form.Find("select[name=album]").Length() == 1) != c.editAlbum {
					t.Error("may choose an album, or not")
				}
				if c.changes {
					continue
				}
				if sent := s.post(t, path, c.cookie, "title", "New"); sent.status != want {
					t.Errorf("POST %s: %d", path, sent.status)
				}
			}
		})
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	s := albumSite(t)
	if p := s.post(t, "/image/second/like", "", "on", "1"); p.status != 303 || !strings.HasPrefix(p.header.Get("Location"), "/login") {
		t.Errorf("guest: %d", p.status)
	}
	if p := s.post(t, "/image/second/like", "as=bob", "on", "1"); p.status != 303 || p.header.Get("Location") != "/image/second" {
		t.Errorf("liking: %d to %s", p.status, p.header.Get("Location"))
	}
	p := s.get(t, "/image/second", "Cookie", "as=bob")
	if p.attr("[data-like] button", "aria-pressed") != "true" || p.attr("[data-like] input", "value") != "0" || p.text(t, "[data-likes]") != "1" {
		t.Error("the like is not seen")
	}
	if p := s.get(t, "/image/second", "Cookie", "as=ann"); p.attr("[data-like] button", "aria-pressed") != "false" || p.text(t, "[data-likes]") != "1" {
		t.Error("somebody else's like is mine")
	}
	answer := s.send(t, http.MethodPost, "/-/like", strings.NewReader("file=second&on=0"), "Cookie", "as=bob", "Accept", "application/json", "Content-Type", "application/x-www-form-urlencoded")
	if answer.status != 200 || answer.body != `{"liked":false,"likes":0,"noun":"likes"}` {
		t.Errorf("script: %d %s", answer.status, answer.body)
	}
	if p := s.send(t, http.MethodPost, "/-/like", strings.NewReader("file=second&on=1"), "Accept", "application/json", "Content-Type", "application/x-www-form-urlencoded"); p.status != 401 {
		t.Errorf("script of a guest: %d", p.status)
	}
	if p := s.post(t, "/image/hidden/like", "as=bob", "on", "1"); p.status != 404 {
		t.Errorf("what is private: %d", p.status)
	}
	if p := s.ask(t, http.MethodPost, "/image/second/like", "Cookie", "as=bob", "Sec-Fetch-Site", "cross-site"); p.status != 403 {
		t.Errorf("form of another site: %d", p.status)
	}
}

// TestViewsCount: a look counts, but not what only looks ahead.
func TestViewsCount(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	s.user(t, "ann", vitrine.RoleUser)
	s.add(t, nil)
	const browser = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
	s.get(t, "/image/aB3dE7x", "User-Agent", browser)
	s.get(t, "/image/aB3dE7x", "User-Agent", browser)
	s.get(t, "/image/aB3dE7x", "User-Agent", browser+" another", "Cookie", "as=ann")
	s.get(t, "/image/aB3dE7x", "User-Agent", browser+" ahead", "Sec-Purpose", "prefetch;prerender")
	s.get(t, "/image/other.aB3dE7x", "User-Agent", browser+" elsewhere")
	s.ask(t, http.MethodHead, "/image/aB3dE7x", "User-Agent", browser+" head")
	s.get(t, "/image/aB3dE7x", "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	must(t, s.files.Run(ctx)) // writes what it knows
	s.now = s.now.Add(3 * time.Second)
	if got := s.get(t, "/image/aB3dE7x").text(t, ".description-meta"); !strings.Contains(got, "2 views") {
		t.Errorf("%q", got)
	}
}

// TestFilmInAFrame: a film that anybody may see plays on other sites; nothing
// else lets itself be framed.
func TestFilmInAFrame(t *testing.T) {
	t.Parallel()
	s := albumSite(t)
	s.add(t, film)
	hidden := s.get(t, "/image/hidden", "Cookie", "as=ann")
	if hidden.status != 200 {
		t.Fatal(hidden.status)
	}
	p := s.get(t, "/clip/ZfGd/embed")
	if p.status != 200 || p.Find("video[controls] source").Length() != 1 || p.text(t, "h1") == "" || p.attr("h1 a", "href") != "https://pics.example.org/clip/Badgers-animated-music-video-MrWeebl.ZfGd" {
		t.Errorf("status %d", p.status)
	}
	if policy := p.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors *") || p.header.Get("X-Frame-Options") != "" || p.header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("headers %v", p.header)
	}
	for _, path := range []string{"/image/alone/embed", "/image/hidden/embed", "/image/behind/embed"} {
		if p := s.get(t, path); p.status == 200 || p.header.Get("X-Frame-Options") != "DENY" && p.status != 303 {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	if p := s.get(t, "/clip/ZfGd"); p.header.Get("X-Frame-Options") != "DENY" {
		t.Error("the page of the film may be framed")
	}
}
