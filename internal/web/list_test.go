package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// fill records n pictures, the first the newest: picture00, picture01, …
func (s *site) fill(t testing.TB, n int, change func(i int, f *vitrine.File)) {
	t.Helper()
	for i := n - 1; i >= 0; i-- {
		s.add(t, func(f *vitrine.File) {
			f.Slug, f.Name = vitrine.Slug(fmt.Sprintf("picture%03d", i)), fmt.Sprintf("picture%03d", i)
			f.Title = fmt.Sprintf("Picture %d", i)
			f.CreatedAt = now.Add(-time.Duration(i) * time.Minute)
			if change != nil {
				change(i, f)
			}
		})
	}
}

// ids are the slugs of the items of a list.
func (p page) ids() []string {
	return p.Find(".listing input[name=ids]").Map(func(_ int, e *goquery.Selection) string { return e.AttrOr("value", "") })
}

// TestListItems: what stands in the list for each kind of file.
func TestListItems(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{url: "https://pics.example.org/gallery"})
	ann := s.user(t, "ann", vitrine.RoleUser)
	hidden := s.user(t, "hidden", vitrine.RoleUser)
	hidden.Private = true
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.UpdateProfile(ctx, hidden) }))
	s.fill(t, 6, func(i int, f *vitrine.File) {
		f.OwnerID = ann.ID
		switch i {
		case 0:
			f.Title, f.Alt = `<b>"Hills"</b>`, "Green hills"
			f.Placeholder = []byte(strings.Repeat("\x01\x02\x03", 12))
		case 1:
			f.NSFW, f.Placeholder = true, []byte(strings.Repeat("\x10\x20\x30", 12))
		case 2:
			f.Format, f.Extension, f.Animated, f.Width, f.Height = vitrine.GIF, "gif", true, 300, 1200
		case 3:
			f.Medium, f.Size, f.Width, f.Height, f.OwnerID = vitrine.Variant{}, 2000, 90, 60, 0
		case 4:
			f.Medium, f.Size, f.OwnerID = vitrine.Variant{}, 5e6, hidden.ID
		case 5:
			film(f)
			f.Slug, f.Name = "picture005", "picture005"
		}
	})
	p := s.get(t, "/explore")
	cells := p.Find(".listing > .listing-cell")
	if cells.Length() != 6 {
		t.Fatalf("%d items", cells.Length())
	}
	for i, want := range []struct {
		class, src, srcset, alt, name, object string
	}{
		{"ar-135", "/images/2026/11/21/picture000.md.jpg", "/images/2026/11/21/picture000.md.jpg 500w, /images/2026/11/21/picture000.jpg 1600w", "Green hills", `<b>"Hills"</b> by ann`, "picture000.jpg"},
		{"ar-135", "", "", "", "NSFW Picture 1 by ann", "picture001.jpg"},
		{"ar-050", "/images/2026/11/21/picture002.md.gif", "", "Picture 2", "Animated GIF Picture 2 by ann", "picture002.gif"},
		{"ar-150", "/images/2026/11/21/picture003.jpg", "", "Picture 3", "Picture 3", "picture003.jpg"},
		{"ar-135", "/images/2026/11/21/picture004.th.jpg", "", "Picture 4", "Picture 4", "picture004.jpg"},
		{"ar-140", "/images/2026/11/21/picture005.fr.jpeg", "", "Badgers animated music video MrWeebl", "Film 1:13 Badgers animated music video MrWeebl by ann", "picture005.mp4"},
	} {
		cell := cells.Eq(i)
		if !cell.HasClass(want.class) {
			t.Errorf("%d: class %s, want %s", i, cell.AttrOr("class", ""), want.class)
		}
		absolute := func(list string) string {
			return strings.ReplaceAll(list, "/images/", "https://pics.example.org/gallery/images/")
		}
		picture := cell.Find("img.listing-picture")
		if got := picture.AttrOr("src", ""); got != absolute(want.src) {
			t.Errorf("%d: picture %s", i, got)
		}
		if got := picture.AttrOr("srcset", ""); got != absolute(want.srcset) || got != "" && picture.AttrOr("sizes", "") == "" {
			t.Errorf("%d: srcset %s", i, got)
		}
		if picture.AttrOr("alt", "") != want.alt || want.src != "" && (picture.AttrOr("loading", "") != "lazy" || picture.AttrOr("width", "") == "") {
			t.Errorf("%d: alt %q", i, picture.AttrOr("alt", ""))
		}
		if got := strings.Join(strings.Fields(cell.Find("a").Text()), " "); got != want.name {
			t.Errorf("%d: text %q, want %q", i, got, want.name)
		}
		item := cell.Find("div[data-object]")
		text, err := url.PathUnescape(item.AttrOr("data-object", ""))
		must(t, err)
		var object struct {
			Image struct{ URL string }
		}
		must(t, json.Unmarshal([]byte(text), &object))
		if want := "https://pics.example.org/gallery/images/2026/11/21/" + want.object; object.Image.URL != want {
			t.Errorf("%d: data-object %s", i, text)
		}
		if got := item.Find(`div[class^="list-item-image "] > a.image-container`).AttrOr("href", ""); !strings.HasPrefix(got, "/gallery/") || !strings.HasSuffix(got, fmt.Sprintf("picture%03d", i)) {
			t.Errorf("%d: link %s", i, got)
		}
	}
	sketch := cells.Eq(0).Find("img.listing-sketch")
	if got := sketch.AttrOr("src", ""); !strings.HasPrefix(got, "data:image/bmp;base64,Qk1aAAAAAAAAADYAAAAoAAAABAAAAAMAAAABABgA") || !strings.HasSuffix(got, "AwIBAwIBAwIB") {
		t.Errorf("placeholder %s", got)
	}
	if p.Find("main b").Length() != 0 {
		t.Error("a title became markup")
	}
	// Some programs that read lists look for these in the text itself.
	markers := regexp.MustCompile(`<div class="list-item-image [^>]*><a href="[^"]+" class="image-container">`)
	if n := len(markers.FindAllString(p.body, -1)); n != 6 {
		t.Errorf("%d markers of items", n)
	}
}

// TestNSFWSwitch: covered for everybody until they ask, and again when they ask.
func TestNSFWSwitch(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	s.fill(t, 1, func(_ int, f *vitrine.File) { f.NSFW = true })
	p := s.get(t, "/explore?lang=en")
	if p.Find("img.listing-picture").Length() != 0 || strings.Contains(p.body, "picture000.md.jpg") {
		t.Error("it is shown")
	}
	form := p.Find(".list-tools form")
	if form.AttrOr("action", "") != "/-/nsfw" || form.Find("button").AttrOr("value", "") != "1" {
		t.Error("no switch")
	}
	next := form.Find("[name=next]").AttrOr("value", "")
	on := s.post(t, "/-/nsfw", "", "show", "1", "next", next)
	if on.status != http.StatusSeeOther || on.header.Get("Location") != "/explore?lang=en" || !strings.HasPrefix(on.header.Get("Set-Cookie"), "nsfw=1;") {
		t.Errorf("%d %v", on.status, on.header)
	}
	shown := s.get(t, "/explore", "Cookie", "nsfw=1")
	if shown.Find("img.listing-picture").Length() != 1 || shown.Find(".listing-nsfw").Length() != 1 || shown.Find(".list-tools form button").AttrOr("value", "") != "0" {
		t.Error("it is not shown")
	}
	off := s.post(t, "/-/nsfw", "nsfw=1", "show", "0", "next", "//evil.example/")
	if off.header.Get("Location") != "/" || !strings.Contains(off.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("off: %v", off.header)
	}
	if n := newSite(t, options{}).get(t, "/explore").Find(".list-tools form").Length(); n != 0 {
		t.Error("a switch where nothing is covered")
	}
}

// TestPaging: page after page shows each file once, by links that programs follow.
func TestPaging(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	s.fill(t, 101, nil)
	var seen []string
	pages := 0
	for path := "/explore/images?sort=date_desc&page=1"; path != "" && pages < 5; pages++ {
		p := s.get(t, path)
		seen = append(seen, p.ids()...)
		link := p.Find("a[data-pagination=next]")
		if path = link.AttrOr("href", ""); path != "" && !strings.Contains(p.body, `data-pagination="next" href="/explore/images?after=`) {
			t.Errorf("link %s", path)
		}
	}
	if pages != 3 || len(seen) != 101 || !slices.IsSorted(seen) || len(slices.Compact(seen)) != 101 {
		t.Errorf("%d pages, %d items", pages, len(seen))
	}
	oldest := s.get(t, "/explore/images?sort=date_asc")
	if got := oldest.ids()[0]; got != "picture100" {
		t.Errorf("oldest first begins with %s", got)
	}
	if got := oldest.attr("a[data-pagination=next]", "href"); !strings.Contains(got, "&sort=date_asc") {
		t.Errorf("next of oldest first: %s", got)
	}
	if got := oldest.Find(".list-sort a[aria-current]").Text(); got != "Oldest first" || oldest.Find(".list-sort a").Length() != 3 {
		t.Errorf("order %q", got)
	}
	part := s.get(t, "/explore/images", "X-Part", "1")
	if part.Find("h1, header, form").Length() != 0 || len(part.ids()) != 48 || part.Find("a[data-pagination=next]").Length() != 1 || part.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a part has %d items, headers %v", len(part.ids()), part.header)
	}
	if p := s.get(t, "/explore/images?after=rubbish%00"); p.status != http.StatusOK || len(p.ids()) != 48 {
		t.Errorf("a cursor that is none: %d", p.status)
	}
}
