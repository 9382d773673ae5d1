package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

func TestViewerOfAPicture(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{media: "https://cdn.example.net", settings: map[string]string{"timezone": "Europe/Oslo"}})
	s.add(t, func(f *vitrine.File) {
		f.Title, f.Description = `<script>alert("1")</script> [x](y) 名前`, "one\n<b>two</b>"
		f.Tags = []vitrine.Tag{{Name: "<i>tag</i>"}, {Name: "two"}}
		f.EXIF = `{"Make":"<img src=x onerror=alert(1)>","GPS":{"Lat":["1/1","2/1"]},"Empty":" ","Bell":"a\u0007b","Long":"` + strings.Repeat("x", 1000) + `","Number":5,"COMPUTED":{"Width":"1"},"width":"1"}`
	})
	p := s.get(t, "/image/aB3dE7x")
	original := "https://cdn.example.net/images/2026/11/21/photo.jpg"
	viewer := "https://pics.example.org/image/alert%281%29-%5Bx%5D%28y%29-%E5%90%8D%E5%89%8D.aB3dE7x"
	for selector, want := range map[string]string{
		"meta[property='og:type']":         "article",
		"meta[property='og:url']":          viewer,
		"meta[property='og:title']":        `<script>alert("1")</script> [x](y) 名前`,
		"meta[property='og:image']":        original,
		"meta[property='og:image:width']":  "1600",
		"meta[property='og:image:height']": "1200",
		"meta[property='og:site_name']":    "Vitrine",
		"meta[property='og:description']":  "one <b>two</b>",
		"meta[name='twitter:card']":        "summary_large_image",
		"meta[name='twitter:image']":       original,
		"meta[property='og:image:alt']":    `<script>alert("1")</script> [x](y) 名前`,
		"meta[name=description]":           "one <b>two</b>",
	} {
		if got := p.attr(selector, "content"); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if got := p.attr("link[rel=canonical]", "href"); got != viewer {
		t.Errorf("canonical %s", got)
	}
	if p.attr("#image-viewer img", "src") != original || p.attr("#image-viewer img", "alt") == "" || p.attr("#image-viewer img", "width") != "1600" {
		t.Error("no picture")
	}
	if p.attr("a[download]", "href") != original || p.attr("a[download]", "download") != "photo.jpg" {
		t.Error("no download")
	}
	if p.Find("main script:not([type]), main b, main i, main img[onerror]").Length() != 0 {
		t.Error("text became markup")
	}
	if got := p.text(t, ".description-meta"); !strings.Contains(got, "3 hours ago") || p.attr(".description-meta span", "title") != "2026-11-21 10:00:00" {
		t.Errorf("date %q", got)
	}
	facts := p.text(t, ".file-facts")
	for _, want := range []string{"photo.JPG", "JPEG", "1600 × 1200 pixels", "93.1 KB", "2026-11-21 10:00:00 CET"} {
		if !strings.Contains(facts, want) {
			t.Errorf("facts have no %s: %s", want, facts)
		}
	}
	var rows []string
	p.Find("#exif tr").Each(func(_ int, e *goquery.Selection) {
		rows = append(rows, e.Find("th").Text()+"="+e.Find("td").Text())
	})
	if got := strings.Join(rows, "|"); !strings.HasPrefix(got, "Bell=ab|GPS Lat=1/1, 2/1|Long=xxx") || !strings.HasSuffix(got, "x…|Make=<img src=x onerror=alert(1)>") || len(got) > 500 {
		t.Errorf("EXIF %s", got)
	}
	if !strings.Contains(p.header.Get("Content-Security-Policy"), "img-src 'self' data: blob: https://cdn.example.net;") {
		t.Errorf("policy %s", p.header.Get("Content-Security-Policy"))
	}
}

// TestViewerIsNeverOld: a page that was rendered before is shown again only
// while nothing about it has changed.
func TestViewerIsNeverOld(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	f := s.add(t, nil)
	read := func(headers ...string) page { return s.get(t, "/image/aB3dE7x", headers...) }
	first, second := read(), read()
	if first.lasting() != second.lasting() || first.nonce() == second.nonce() {
		t.Error("two visits, two pages")
	}
	if p := read("Accept-Language", "ja"); p.attr("html", "lang") != "ja" {
		t.Error("the same page in another language")
	}
	s.now = s.now.Add(time.Hour)
	if p := read(); !strings.Contains(p.text(t, ".description-meta"), "4 hours ago") {
		t.Errorf("an hour later: %s", p.Find(".description-meta").Text())
	}
	must(t, s.settings.Set(context.Background(), "site_name", "Another"))
	if p := read(); p.text(t, ".brand") != "Another" {
		t.Error("the settings of before")
	}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.DeleteFile(ctx, f.ID)
		return err
	}))
	s.add(t, func(f *vitrine.File) { f.Title, f.Name = "Another", "another" })
	if p := read(); p.text(t, "h1") != "Another" {
		t.Error("the row of before")
	}
}

func TestViewerOfOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	s.add(t, film)
	s.add(t, func(f *vitrine.File) {
		f.Slug, f.Name, f.Extension, f.Format, f.Animated, f.NSFW = "anim", "anim", "gif", vitrine.GIF, true, true
	})
	s.add(t, func(f *vitrine.File) { f.Slug, f.Name, f.Size, f.Title = "heavy", "heavy", 12_345_678, "" })
	t.Run("film", func(t *testing.T) {
		p := s.get(t, "/clip/ZfGd")
		for selector, want := range map[string]string{
			"meta[property='og:type']": "video", "meta[property='og:video']": "https://pics.example.org/images/2026/11/21/badgers.mp4",
			"meta[property='og:video:type']": "video/mp4", "meta[property='og:video:width']": "496", "meta[property='og:video:height']": "360",
			"meta[property='og:image']": "https://pics.example.org/images/2026/11/21/badgers.fr.jpeg", "meta[property='og:image:type']": "image/jpeg",
			"meta[name='twitter:card']": "player", "meta[name='twitter:player']": "https://pics.example.org/clip/ZfGd/embed",
			"meta[name='twitter:player:stream']": "https://pics.example.org/images/2026/11/21/badgers.mp4",
		} {
			if got := p.attr(selector, "content"); got != want {
				t.Errorf("%s is %q", selector, got)
			}
		}
		v := p.Find("#image-viewer video")
		if v.Length() != 1 || p.attr("video", "preload") != "metadata" || !strings.HasSuffix(p.attr("video", "poster"), "badgers.fr.jpeg") || p.attr("video source", "type") != "video/mp4" || p.attr("video", "aria-label") == "" {
			t.Error("no film")
		}
		if _, ok := v.Attr("controls"); !ok || !strings.Contains(p.text(t, ".file-facts"), "1:13") {
			t.Error("no controls or no duration")
		}
	})
	t.Run("animation, not safe for work", func(t *testing.T) {
		p := s.get(t, "/image/A-photo.anim")
		if p.Find("details.file-cover:not([open]) #image-viewer img").Length() != 1 || !strings.Contains(p.text(t, ".file-facts"), "GIF, animated") {
			t.Error("not covered, or not animated")
		}
	})
	t.Run("heavy, without a title", func(t *testing.T) {
		p := s.get(t, "/image/heavy")
		if p.text(t, "h1") != "heavy.jpg" || !strings.HasSuffix(p.attr("#image-viewer img", "src"), "heavy.md.jpg") || !strings.Contains(p.text(t, "[data-full]"), "Show full size (12.3 MB)") {
			t.Errorf("%s", p.Find("main").Text())
		}
	})
	t.Run("bucket with signed links", func(t *testing.T) {
		s := newSite(t, options{settings: map[string]string{"delivery": "redirect"}})
		if p := s.get(t, "/"); !strings.Contains(p.header.Get("Content-Security-Policy"), "img-src 'self' data: blob: http: https:;") {
			t.Errorf("policy %s", p.header.Get("Content-Security-Policy"))
		}
	})
}

func TestViewerAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, path string
		settings   map[string]string
		status     int
		location   string
	}{
		{"right", "/image/A-photo.aB3dE7x", nil, 200, ""},
		{"escaped otherwise", "/image/%41-photo.aB3dE7x", nil, 200, ""},
		{"short", "/image/aB3dE7x", nil, 200, ""},
		{"wrong title", "/image/Another.aB3dE7x", nil, 302, "/g/image/A-photo.aB3dE7x"},
		{"several dots", "/image/a.b.aB3dE7x", nil, 302, "/g/image/A-photo.aB3dE7x"},
		{"final slash", "/image/aB3dE7x/", nil, 302, "/g/image/A-photo.aB3dE7x"},
		{"wrong kind", "/clip/aB3dE7x", nil, 302, "/g/image/A-photo.aB3dE7x"},
		{"query goes along", "/image/x.aB3dE7x?lang=ja", nil, 302, "/g/image/A-photo.aB3dE7x?lang=ja"},
		{"film by the usual name", "/video/ZfGd", nil, 301, "/g/clip/Badgers-animated-music-video-MrWeebl.ZfGd"},
		{"film", "/clip/ZfGd", nil, 200, ""},
		{"renamed", "/i/aB3dE7x", map[string]string{"route_image": "i", "route_video": "video"}, 200, ""},
		{"by the old name", "/image/aB3dE7x", map[string]string{"route_image": "i"}, 301, "/g/i/A-photo.aB3dE7x"},
		{"film by the old name", "/clip/ZfGd", map[string]string{"route_video": "film"}, 301, "/g/film/Badgers-animated-music-video-MrWeebl.ZfGd"},
		{"titles off", "/image/A-photo.aB3dE7x", map[string]string{"titles_in_urls": "off"}, 302, "/g/image/aB3dE7x"},
		{"other case of the id", "/image/ab3de7x", nil, 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, options{settings: c.settings, url: "https://pics.example.org/g"})
			s.add(t, nil)
			s.add(t, film)
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				if p := s.ask(t, method, c.path); p.status != c.status || p.header.Get("Location") != c.location {
					t.Errorf("%s: %d to %q", method, p.status, p.header.Get("Location"))
				}
			}
		})
	}
}
