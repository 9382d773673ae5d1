package feeds_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/vitrine"
)

const (
	atomNS  = "http://www.w3.org/2005/Atom"
	mediaNS = "http://search.yahoo.com/mrss/"
)

// element is any element of XML.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

// all are the children of a name.
func (e element) all(space, name string) (found []element) {
	for _, c := range e.Children {
		if c.XMLName.Space == space && c.XMLName.Local == name {
			found = append(found, c)
		}
	}
	return found
}

// one is the only child of a name.
func (e element) one(t testing.TB, space, name string) element {
	t.Helper()
	found := e.all(space, name)
	if len(found) != 1 {
		t.Errorf("%d elements %s in %s", len(found), name, e.XMLName.Local)
		return element{}
	}
	return found[0]
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func parseXML(t testing.TB, body string) (root element) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	must(t, d.Decode(&root))
	if _, err := d.Token(); !errors.Is(err, io.EOF) && !strings.HasSuffix(strings.TrimSpace(body), ">") {
		t.Errorf("something follows: %v", err)
	}
	return root
}

var tagURI = regexp.MustCompile(`^tag:[a-z0-9.-]+,\d{4}-\d{2}-\d{2}:[^ ]+$`)

// checkAtom holds a feed against the musts of RFC 4287 and returns it.
func checkAtom(t testing.TB, a answer) element {
	t.Helper()
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "application/atom+xml") {
		t.Fatalf("%d %v %s", a.status, a.header, a.body)
	}
	feed := parseXML(t, a.body)
	if feed.XMLName.Space != atomNS || feed.XMLName.Local != "feed" {
		t.Fatalf("root %v", feed.XMLName)
	}
	ids := map[string]bool{}
	common := func(e element) {
		id := e.one(t, atomNS, "id").Text
		if !tagURI.MatchString(id) || ids[id] {
			t.Errorf("id %q", id)
		}
		ids[id] = true
		if e.one(t, atomNS, "title").Text == "" {
			t.Error("an empty title")
		}
		for _, name := range []string{"updated", "published"} {
			for _, date := range e.all(atomNS, name) {
				if _, err := time.Parse(time.RFC3339, date.Text); err != nil {
					t.Errorf("%s %q", name, date.Text)
				}
			}
		}
		e.one(t, atomNS, "updated")
		alternates := map[string]bool{}
		for _, l := range e.all(atomNS, "link") {
			if !strings.HasPrefix(l.attr("href"), "https://") {
				t.Errorf("link to %q", l.attr("href"))
			}
			if kind := l.attr("type") + l.attr("hreflang"); l.attr("rel") == "alternate" {
				if alternates[kind] {
					t.Error("two alternates of a kind (4.2.7)")
				}
				alternates[kind] = true
			}
		}
		if len(alternates) == 0 {
			t.Error("no alternate")
		}
		for _, author := range e.all(atomNS, "author") {
			if author.one(t, atomNS, "name").Text == "" {
				t.Error("an author without a name (3.2.1)")
			}
		}
	}
	common(feed)
	if len(feed.all(atomNS, "author")) != 1 {
		t.Error("entries may have no author (4.1.1)")
	}
	for _, e := range feed.all(atomNS, "entry") {
		common(e)
		if c := e.one(t, atomNS, "content"); c.attr("type") != "html" || len(c.Children) != 0 || !strings.Contains(c.Text, "<a href=") {
			t.Errorf("content %+v (4.1.3.3)", c)
		}
	}
	return feed
}

// selfOf is the address that a feed says is its own.
func selfOf(feed element) string {
	for _, l := range feed.all(atomNS, "link") {
		if l.attr("rel") == "self" {
			return l.attr("href")
		}
	}
	return ""
}

// titlesOf are the titles of the entries.
func titlesOf(feed element) (titles []string) {
	for _, e := range feed.all(atomNS, "entry") {
		titles = append(titles, e.all(atomNS, "title")[0].Text)
	}
	return titles
}

func TestFeedsOfPages(t *testing.T) {
	t.Parallel()
	s := usual(t, "site_name", "Pics & <more>", "language", "ja")
	ann := s.user(t, "ann", func(u *vitrine.User) { u.Name, u.Bio = "Ann <A>", "Pictures & films" })
	open, hidden := s.album(t, ann, vitrine.PrivacyPublic), s.album(t, ann, vitrine.PrivacyUnlisted)
	s.add(t, "guest", func(f *vitrine.File) { f.Tags = []vitrine.Tag{{Name: "名 前"}} })
	s.add(t, "open", in(open))
	s.add(t, "hidden", in(hidden))
	for _, c := range []struct {
		path, title, page, alternate string
		entries                      []string
		noindex                      bool
	}{
		{"/feed.atom", "Pics & <more>", "/g/feed.atom", "/g/", []string{"Picture open", "Picture guest"}, false},
		{"/ann/feed.atom", "Ann <A> - Pics & <more>", "/g/ann/feed.atom", "/g/ann", []string{"Picture open"}, false},
		{"/ANN/feed.atom", "Ann <A> - Pics & <more>", "/g/ann/feed.atom", "/g/ann", []string{"Picture open"}, false},
		{"/album/x.public/feed.atom", "An public album - Pics & <more>", "/g/album/An-public-album.public/feed.atom", "/g/album/An-public-album.public", []string{"Picture open"}, false},
		{"/a/unlisted/feed.atom", "An unlisted album - Pics & <more>", "/g/album/An-unlisted-album.unlisted/feed.atom", "/g/album/An-unlisted-album.unlisted", []string{"Picture hidden"}, true},
		{"/tag/%E5%90%8D%20%E5%89%8D/feed.atom", "タグ「名 前」のファイル - Pics & <more>", "/g/tag/%E5%90%8D%20%E5%89%8D/feed.atom", "/g/tag/%E5%90%8D%20%E5%89%8D", []string{"Picture guest"}, false},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			a := s.get(t, c.path)
			feed := checkAtom(t, a)
			if got := feed.one(t, atomNS, "title").Text; got != c.title {
				t.Errorf("title %q", got)
			}
			if got := selfOf(feed); got != "https://pics.example.org"+c.page {
				t.Errorf("self %s", got)
			}
			if got := titlesOf(feed); !slices.Equal(got, c.entries) {
				t.Errorf("entries %q", got)
			}
			if !strings.Contains(a.body, `rel="alternate" type="text/html" href="https://pics.example.org`+c.alternate+`"`) {
				t.Error("no way to the page")
			}
			if (a.header.Get("X-Robots-Tag") != "") != c.noindex || strings.Contains(a.header.Get("Cache-Control"), "public") == c.noindex {
				t.Errorf("headers %v", a.header)
			}
		})
	}
}

func TestFeedEntries(t *testing.T) {
	t.Parallel()
	s := usual(t)
	ann := s.user(t, "ann", nil)
	s.add(t, "picture", func(f *vitrine.File) { f.OwnerID, f.Title = ann.ID, `"A" & <b>` })
	s.add(t, "film", film)
	s.add(t, "nsfw", func(f *vitrine.File) { f.NSFW = true })
	feed := checkAtom(t, s.get(t, "/feed.atom"))
	entries := feed.all(atomNS, "entry")
	if len(entries) != 3 {
		t.Fatalf("%d entries", len(entries))
	}
	nsfw, clip, picture := entries[0], entries[1], entries[2]
	if author := picture.one(t, atomNS, "author"); author.one(t, atomNS, "name").Text != "ann" || author.one(t, atomNS, "uri").Text != "https://pics.example.org/g/ann" {
		t.Errorf("author %+v", author)
	}
	if len(clip.all(atomNS, "author")) != 0 {
		t.Error("a guest's file has an author")
	}
	if got, want := picture.one(t, atomNS, "content").Text, `<p><a href="https://pics.example.org/g/image/A.picture"><img src="https://pics.example.org/g/images/2026/11/21/picture.md.jpg" width="500" height="375" alt="&#34;A&#34; &amp; &lt;b&gt;"></a></p>`; got != want {
		t.Errorf("content %s", got)
	}
	m := clip.one(t, mediaNS, "content")
	for name, want := range map[string]string{"url": "https://pics.example.org/g/images/2026/11/21/film.mp4", "type": "video/mp4", "medium": "video", "width": "496", "height": "360", "fileSize": "3011299", "duration": "73"} {
		if m.attr(name) != want {
			t.Errorf("media %s=%s", name, m.attr(name))
		}
	}
	if th := clip.one(t, mediaNS, "thumbnail"); th.attr("url") != "https://pics.example.org/g/images/2026/11/21/film.th.jpeg" || th.attr("width") != "320" {
		t.Errorf("thumbnail %+v", th)
	}
	if l := clip.all(atomNS, "link")[1]; l.attr("rel") != "enclosure" || l.attr("length") != "3011299" || l.attr("type") != "video/mp4" {
		t.Errorf("enclosure %+v", l)
	}
	if nsfw.one(t, mediaNS, "rating").Text != "adult" || strings.Contains(nsfw.one(t, atomNS, "content").Text, "<img") || len(nsfw.all(mediaNS, "thumbnail")) != 0 {
		t.Error("what is not safe for work is shown")
	}
	if id := picture.one(t, atomNS, "id").Text; id != "tag:pics.example.org,2026-11-21:picture" {
		t.Errorf("id %s", id)
	}
}

func TestEmptyFeeds(t *testing.T) {
	t.Parallel()
	s := usual(t)
	s.album(t, s.user(t, "ann", nil), vitrine.PrivacyPublic)
	for _, path := range []string{"/feed.atom", "/ann/feed.atom", "/album/public/feed.atom"} {
		if feed := checkAtom(t, s.get(t, path)); len(feed.all(atomNS, "entry")) != 0 {
			t.Errorf("%s has entries", path)
		}
	}
}

func TestFeedsTellNoSecrets(t *testing.T) {
	t.Parallel()
	s := usual(t)
	shy := s.user(t, "shy", func(u *vitrine.User) { u.Private = true })
	for _, p := range []vitrine.Privacy{vitrine.PrivacyPrivate, vitrine.PrivacyPassword, vitrine.PrivacyUnlisted} {
		a := s.album(t, shy, p)
		s.add(t, "in"+string(p), in(a))
	}
	s.add(t, "waiting", func(f *vitrine.File) { f.Approved = false })
	s.add(t, "expired", func(f *vitrine.File) { f.ExpiresAt = now.Add(-time.Second) })
	s.add(t, "shyly", func(f *vitrine.File) { f.OwnerID = shy.ID })
	for path, want := range map[string]int{
		"/shy/feed.atom": 404, "/nobody/feed.atom": 404, "/album/private/feed.atom": 404, "/album/password/feed.atom": 404, "/album/unknown/feed.atom": 404,
		"/tag/nothing/feed.atom": 404, "/tag/,/feed.atom": 404, "/album/unlisted/feed.atom": 200, "/feed.atom": 200,
	} {
		a := s.get(t, path, "Cookie", "passes=the-pass")
		if a.status != want {
			t.Errorf("%s: %d", path, a.status)
		}
		for _, secret := range []string{"inprivate", "inpassword", "waiting", "expired", ">shy<", "An private", "An password"} {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s tells %s", path, secret)
			}
		}
	}
	if body := s.get(t, "/feed.atom").body; strings.Contains(body, "inunlisted") || !strings.Contains(body, "shyly") {
		t.Error("the site's feed has the wrong files")
	}
}

func TestFeedIsNotSentTwice(t *testing.T) {
	t.Parallel()
	s := usual(t)
	s.add(t, "one", nil)
	first := s.get(t, "/feed.atom")
	tag, changed := first.header.Get("ETag"), first.header.Get("Last-Modified")
	if tag == "" || changed != "Sat, 21 Nov 2026 09:00:00 GMT" {
		t.Fatalf("headers %v", first.header)
	}
	for name, headers := range map[string][]string{"by tag": {"If-None-Match", tag}, "by date": {"If-Modified-Since", changed}} {
		if a := s.get(t, "/feed.atom", headers...); a.status != http.StatusNotModified || a.body != "" {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	s.add(t, "two", func(f *vitrine.File) { f.UploadedAt = now })
	if a := s.get(t, "/feed.atom", "If-None-Match", tag, "If-Modified-Since", changed); a.status != http.StatusOK {
		t.Errorf("after a change: %d", a.status)
	}
}

// TestFeedLength: a feed has the newest files only.
func TestFeedLength(t *testing.T) {
	t.Parallel()
	s := usual(t)
	for i := range 53 {
		s.add(t, fmt.Sprintf("f%02d", i), nil)
	}
	titles := titlesOf(checkAtom(t, s.get(t, "/feed.atom")))
	if len(titles) != 50 || titles[0] != "Picture f52" || titles[49] != "Picture f03" {
		t.Errorf("%d entries from %s", len(titles), titles[0])
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	s := usual(t, "route_album", "collection", "route_image", "pic")
	for path, want := range map[string]bool{
		"/feed.atom": true, "/oembed": true, "/oembed/": true, "/sitemap.xml": true, "/sitemap/site.xml": true, "/sitemap/files-0.xml": true, "/sitemap/albums-12.xml": true,
		"/robots.txt": true, "/manifest.webmanifest": true, "/webmanifest": true, "/opensearch.xml": true,
		"/ann/feed.atom": true, "/tag/a/feed.atom": true, "/collection/x.y/feed.atom": true, "/album/y/feed.atom": true, "/a/y/feed.atom": true,
		// A file, album, tag or category that is called so.
		"/image/feed.atom": false, "/pic/feed.atom": false, "/collection/feed.atom": false, "/album/feed.atom": false, "/tag/feed.atom": false, "/category/feed.atom": false,
		"/": false, "/oembed/x": false, "/sitemap/files-00.xml": false, "/sitemap/files-.xml": false, "/sitemap/files--1.xml": false, "/sitemap/others-1.xml": false,
		"/sitemap/files-99999999999999999999.xml": false, "/pic/x/feed.atom": false, "/ann/albums/feed.atom": false, "/a b/feed.atom": false, "//feed.atom": false,
	} {
		if got := s.Serves(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	if a := s.get(t, "/nothing"); a.status != http.StatusNotFound {
		t.Errorf("unknown: %d", a.status)
	}
	r := newRequest(http.MethodPost, "/feed.atom")
	if w := s.record(r); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestMaintenance(t *testing.T) {
	t.Parallel()
	s := usual(t, "maintenance", "on")
	for path, want := range map[string]int{"/feed.atom": 503, "/oembed?url=x": 503, "/sitemap.xml": 503, "/sitemap/site.xml": 503, "/robots.txt": 200, "/manifest.webmanifest": 200} {
		a := s.get(t, path)
		if a.status != want || want == 503 && a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
}
