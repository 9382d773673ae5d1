package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// category makes a category.
func (s *site) category(t testing.TB, name, key string) *vitrine.Category {
	t.Helper()
	c := &vitrine.Category{Name: name, URLKey: key, Description: "About " + name}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, c) }))
	return c
}

// aboutSite has files of each kind, two users, albums, tags and categories.
func aboutSite(t *testing.T) *site {
	s := newSite(t, options{})
	ann, bob := s.user(t, "ann", vitrine.RoleUser), s.user(t, "bob", vitrine.RoleUser)
	art, _ := s.category(t, "Art & craft", "art"), s.category(t, "Empty", "empty")
	public := s.album(t, ann, func(a *vitrine.Album) { a.Name, a.Slug = "Blue hours", "public" })
	private := s.album(t, ann, func(a *vitrine.Album) { a.Name, a.Slug, a.Privacy = "Blue secrets", "secret", vitrine.PrivacyPrivate })
	s.fill(t, 5, func(i int, f *vitrine.File) {
		switch i {
		case 0:
			f.OwnerID, f.AlbumID, f.Title, f.Views = ann.ID, public.ID, "Blue sky over hills", 3
			f.Tags = []vitrine.Tag{{Name: "blue"}, {Name: "LabCam One"}}
		case 1:
			f.OwnerID, f.AlbumID, f.Title = ann.ID, private.ID, "Blue secret"
			f.Tags = []vitrine.Tag{{Name: "blue"}, {Name: "hidden"}}
		case 2:
			f.OwnerID, f.CategoryID, f.Title, f.Animated, f.Format = bob.ID, art.ID, "Blue sea at night", true, vitrine.GIF
			f.Tags = []vitrine.Tag{{Name: "blue"}}
		case 3:
			film(f)
			f.Slug, f.Name, f.Views = "picture003", "picture003", 9
		case 4:
			f.CategoryID, f.Title = art.ID, "Red"
		}
	})
	return s
}

func TestExplore(t *testing.T) {
	t.Parallel()
	s := aboutSite(t)
	for _, c := range []struct{ path, cookie, want string }{
		{"/explore", "", "0 2 3 4"},
		{"/explore/", "", "0 2 3 4"},
		{"/explore/recent?sort=date_asc", "", "0 2 3 4"},
		{"/explore/popular", "", "3 0"},
		{"/explore/images", "", "0 2 4"},
		{"/explore/images?sort=date_asc", "", "4 2 0"},
		{"/explore/images?sort=name_asc", "", "0 2 4"},
		{"/explore/videos", "", "3"},
		{"/explore/animated", "", "2"},
		{"/category/art", "", "2 4"},
		{"/category/art?sort=date_asc", "", "4 2"},
		{"/tag/blue", "", "0 2"},
		{"/tag/LabCam%20One", "", "0"},
		{"/search?q=blue", "", "0 2"},
		{"/search?q=blue+sky", "", "0"},
		{"/search?q=blue+-night", "", "0"},
		{"/search?q=%22sea+at+night%22", "", "2"},
		{"/search?q=%22night+sea%22", "", ""},
		{"/search?q=blue&type=animated", "", "2"},
		{"/search?q=blue&category=art", "", "2"},
		{"/search?category=art", "", "2 4"},
		{"/search?q=red&type=nonsense&category=nonsense", "", "4"},
	} {
		p := s.get(t, c.path, "Cookie", c.cookie)
		got := strings.ReplaceAll(strings.Join(p.ids(), " "), "picture00", "")
		if p.status != http.StatusOK || got != c.want {
			t.Errorf("%s: %d, got %q, want %q", c.path, p.status, got, c.want)
		}
		if p.attr("main a[aria-current=page]", "href") == "" && strings.HasPrefix(c.path, "/explore") {
			t.Errorf("%s: no current tab", c.path)
		}
		if c.want == "" && (p.Find(".listing-empty a").Length() != 1 || p.text(t, ".listing-empty p:first-of-type") == "") {
			t.Errorf("%s: nothing is said", c.path)
		}
		if noindex := p.Find("meta[name=robots]").Length() > 0; noindex != strings.HasPrefix(c.path, "/search") {
			t.Errorf("%s: robots are told wrong", c.path)
		}
	}
	for _, path := range []string{"/explore/following", "/category/nonsense", "/tag/nonsense", "/tag/hidden", "/tag/a/b", "/random/x", "/-/nonsense"} {
		if p := s.get(t, path); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	p := s.get(t, "/explore")
	if got := p.Find(".category-links a").Text(); got != "Art & craft 2" {
		t.Errorf("categories %q", got)
	}
	if p.attr("link[rel=canonical]", "href") != "https://pics.example.org/explore/recent" {
		t.Errorf("canonical %s", p.attr("link[rel=canonical]", "href"))
	}
	for path, want := range map[string]string{"/explore": "/feed.atom", "/tag/blue": "/tag/blue/feed.atom"} {
		if got := s.get(t, path).attr("link[type='application/atom+xml']", "href"); got != want {
			t.Errorf("%s: feed %q", path, got)
		}
	}
	if got := s.get(t, "/category/art").text(t, "main > div > .list-facts"); got != "About Art & craft" {
		t.Errorf("description %q", got)
	}
}

// TestExploreUnseen: where nobody has looked at anything, what is listed by views leads to
// what there is.
func TestExploreUnseen(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	s.fill(t, 1, func(int, *vitrine.File) {})
	for path, way := range map[string]string{
		"/explore/images?sort=views_desc": "/explore/images", "/explore/popular": "/explore/recent", "/explore/trending": "/explore/recent",
		"/explore/videos": "/",
	} {
		p := s.get(t, path)
		if got := p.attr(".listing-empty a", "href"); got != way {
			t.Errorf("%s leads to %q, want %q", path, got, way)
		}
		if unseen := strings.Contains(p.text(t, ".listing-empty p:first-of-type"), "look at"); unseen != (way != "/") {
			t.Errorf("%s says %q", path, p.text(t, ".listing-empty"))
		}
	}
}

func TestExploreOthers(t *testing.T) {
	t.Parallel()
	s := aboutSite(t)
	albums := s.get(t, "/explore/albums").Find(".album-card")
	if albums.Length() != 1 || albums.Find(".album-name").Text() != "Blue hours" || albums.Find(".list-item-image > a.image-container").AttrOr("href", "") != "/album/Blue-hours.public" {
		t.Errorf("albums %q", albums.Text())
	}
	if got := s.get(t, "/search?q=blue&type=albums").Find(".album-card .album-name").Text(); got != "Blue hours" {
		t.Errorf("albums that are found: %q", got)
	}
	users := s.get(t, "/explore/users").Find(".user-card")
	if users.Length() != 2 || users.First().AttrOr("href", "") != "/bob" || users.First().Find(".face").Text() != "B" {
		t.Errorf("users %q", users.Text())
	}
	if got := s.get(t, "/search?q=an&type=users").Find(".user-card").AttrOr("href", ""); got != "/ann" {
		t.Errorf("user that was found: %s", got)
	}
	tags := s.get(t, "/explore/tags").Find(".tag-cloud a")
	if tags.Length() != 2 || strings.Join(strings.Fields(tags.Text()), " ") != "blue 2LabCam One 1" || tags.First().AttrOr("class", "") != "tag-6" || tags.Last().AttrOr("href", "") != "/tag/LabCam%20One" {
		t.Errorf("tags %q", tags.Text())
	}
	if got := s.get(t, "/search").Find(".tag-cloud a").Length(); got != 2 {
		t.Errorf("%d tags where nothing was asked", got)
	}
	bare := newSite(t, options{})
	for _, tab := range []string{"recent", "trending", "popular", "images", "videos", "animated", "albums", "tags", "users"} {
		for _, lang := range languages {
			p := bare.get(t, "/explore/"+tab, "Accept-Language", lang)
			if p.status != http.StatusOK || p.Find(".listing-empty a[href]").Length() != 1 || p.text(t, ".listing-empty p:first-of-type") == "" {
				t.Errorf("%s in %s: %d", tab, lang, p.status)
			}
		}
	}
}

func TestSearchAddressesOfTheOriginal(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{url: "https://pics.example.org/gallery"})
	for path, want := range map[string]string{
		"/search/images/?q=blue+sky":                    "q=blue sky",
		"/search/albums?q=blue":                         "q=blue&type=albums",
		"/search/users/?q=ann&lang=ja":                  "lang=ja&q=ann&type=users",
		"/search/nonsense/?q=a":                         "q=a",
		"/search?as_q=a+b&as_epq=c+d&as_eq=e+f&as_cat=": `q=a b "c d" -e -f`,
		"/search?as_epq=%22c%22":                        `q="c"`,
		"/search?as_oq=one":                             "q=one",
		"/search?as_q=a&as_oq=b+c":                      "q=a",
		"/search?as_oq=b+c":                             "q=b",
		"/search?as_cat=art&as_q=a&type=videos":         "category=art&q=a&type=videos",
		"/search?q=a+category:art+b":                    "category=art&q=a b",
		"/search/images/":                               "",
	} {
		p := s.get(t, path)
		target, err := url.Parse(p.header.Get("Location"))
		must(t, err)
		got, err := url.QueryUnescape(target.RawQuery)
		must(t, err)
		if p.status != http.StatusMovedPermanently || target.Path != "/gallery/search" || got != want {
			t.Errorf("%s: %d to %s, %s; want %s", path, p.status, target.Path, got, want)
		}
	}
	form := s.get(t, "/search?q=%22a%22+%3Cb%3E&type=albums").Find("main form[role=search]")
	if form.Find("[name=q]").AttrOr("value", "") != `"a" <b>` || form.Find("[name=type] option[selected]").AttrOr("value", "") != "albums" {
		t.Error("the form forgets what was asked")
	}
}

func TestRandom(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	for path, want := range map[string]string{"/random": "/explore/recent", "/?random": "/explore/recent"} {
		if p := s.get(t, path); p.status != http.StatusFound || p.header.Get("Location") != want {
			t.Errorf("%s where nothing is: %d %s", path, p.status, p.header.Get("Location"))
		}
	}
	s.fill(t, 3, nil)
	found := map[string]bool{}
	for range 60 {
		p := s.get(t, "/random")
		if p.header.Get("Cache-Control") != "no-store" {
			t.Fatal("chance is remembered")
		}
		found[p.header.Get("Location")] = true
	}
	if len(found) != 3 {
		t.Errorf("%d of 3 files in 60 tries", len(found))
	}
}

func TestTagCompletion(t *testing.T) {
	t.Parallel()
	s := aboutSite(t)
	for path, want := range map[string]string{
		"/-/tags?q=bl": "blue", "/-/tags?q=LAB": "LabCam One", "/-/tags?q=": "", "/-/tags": "", "/-/tags?q=hid": "",
		"/-/tags?q=" + strings.Repeat("b", 40): "", "/-/tags?q=%ff%00": "",
	} {
		p := s.get(t, path)
		var list []struct {
			Name  string
			Count int64
		}
		must(t, json.Unmarshal([]byte(p.body), &list))
		var names []string
		for _, tag := range list {
			names = append(names, tag.Name)
		}
		if got := strings.Join(names, " "); got != want || p.header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s: %q", path, got)
		}
	}
}

// TestTextsOfLists: every page of the area, in every language, has what the pages
// of the site have.
func TestTextsOfLists(t *testing.T) {
	t.Parallel()
	s := aboutSite(t)
	for _, path := range []string{"/explore", "/explore/images", "/explore/albums", "/explore/tags", "/explore/users", "/category/art", "/tag/blue", "/search", "/search?q=blue", "/-/keys"} {
		var texts []string
		for _, lang := range languages {
			p := s.get(t, path, "Accept-Language", lang, "Cookie", "as=ann")
			if p.status != http.StatusOK || p.Find("h1").Length() != 1 || strings.Contains(p.Find("main").Text(), "{{") {
				t.Errorf("%s in %s: %d", path, lang, p.status)
			}
			p.Find("input, button, img, nav, select, form[role]").Each(func(_ int, e *goquery.Selection) {
				if kind, _ := e.Attr("type"); kind != "hidden" && goquery.NodeName(e) != "form" {
					wantName(t, p, e)
				}
			})
			texts = append(texts, p.Find("title").Text())
		}
		if slices.Sort(texts); path != "/category/art" && path != "/tag/blue" && len(slices.Compact(texts)) < 4 {
			t.Errorf("%s: titles %q", path, texts)
		}
	}
}

// A list that had no time to find anything says so, and leads on to where there is more.
func TestListGoesOn(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{look: 1})
	ann := s.user(t, "ann", vitrine.RoleUser)
	private := s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.Privacy = "secret", vitrine.PrivacyPrivate })
	s.fill(t, 300, func(i int, f *vitrine.File) {
		f.OwnerID, f.Title, f.Tags = ann.ID, "Boat", []vitrine.Tag{{Name: "boat"}}
		if i < 297 {
			f.AlbumID = private.ID
		}
	})
	path, empty := "/tag/boat", 0
	var found []string
	for path != "" {
		p := s.ask(t, http.MethodGet, path)
		if p.status != http.StatusOK {
			t.Fatalf("%s: %d", path, p.status)
		}
		path = p.Find("[data-pagination=next]").AttrOr("href", "")
		p.Find(".list-item").Each(func(_ int, item *goquery.Selection) { found = append(found, item.Find("a").AttrOr("href", "")) })
		if box := p.Find(".listing-empty"); box.Length() > 0 {
			if empty++; !strings.Contains(box.Text(), "Nothing yet") || box.Find("a").Text() != "Show more" || empty > 10 {
				t.Fatalf("an empty page: %s", box.Text())
			}
			path = box.Find("a").AttrOr("href", "")
		}
	}
	if empty == 0 || len(found) != 3 {
		t.Errorf("%d empty pages, found %q", empty, found)
	}
	// Whoever may see them all finds a page of them at once.
	if p := s.ask(t, http.MethodGet, "/ann", "Cookie", "as=ann"); p.Find(".list-item").Length() < 40 {
		t.Errorf("the owner sees %d", p.Find(".list-item").Length())
	}
}
