package feeds_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/vitrine"
)

const (
	mapNS   = "http://www.sitemaps.org/schemas/sitemap/0.9"
	imageNS = "http://www.google.com/schemas/sitemap-image/1.1"
	videoNS = "http://www.google.com/schemas/sitemap-video/1.1"
)

// locsOf are the addresses of a sitemap or of an index, without the home's.
func locsOf(t testing.TB, a answer, root, item string) (locs []string) {
	t.Helper()
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	m := parseXML(t, a.body)
	if m.XMLName.Space != mapNS || m.XMLName.Local != root {
		t.Errorf("root %v", m.XMLName)
	}
	for _, u := range m.all(mapNS, item) {
		loc := u.one(t, mapNS, "loc").Text
		locs = append(locs, strings.TrimPrefix(loc, home))
		for _, l := range u.all(mapNS, "lastmod") {
			if _, err := time.Parse(time.RFC3339, l.Text); err != nil {
				t.Errorf("lastmod %q", l.Text)
			}
		}
	}
	return locs
}

func TestSitemapOfASmallSite(t *testing.T) {
	t.Parallel()
	s := usual(t)
	ann, shy := s.user(t, "ann", nil), s.user(t, "shy", func(u *vitrine.User) { u.Private = true })
	open := s.album(t, ann, vitrine.PrivacyPublic)
	s.add(t, "open", in(open))
	s.add(t, "film", film)
	s.add(t, "tagged", func(f *vitrine.File) { f.Tags = []vitrine.Tag{{Name: "a & b"}} })
	for _, p := range []vitrine.Privacy{vitrine.PrivacyPrivate, vitrine.PrivacyPassword, vitrine.PrivacyUnlisted} {
		s.add(t, "in"+string(p), in(s.album(t, shy, p)))
	}
	s.add(t, "expiring", func(f *vitrine.File) { f.ExpiresAt = now.Add(time.Hour) })
	s.add(t, "waiting", func(f *vitrine.File) { f.Approved = false })
	a := s.get(t, "/sitemap.xml")
	locs := locsOf(t, a, "urlset", "url")
	for _, want := range []string{"/", "/explore/recent", "/api-v1", "/ann", "/tag/a%20%26%20b", "/album/An-public-album.public", "/image/Picture-open.open", "/clip/Badgers.film"} {
		if !slices.Contains(locs, want) {
			t.Errorf("no %s in %q", want, locs)
		}
	}
	for _, secret := range []string{"shy", "inprivate", "inpassword", "inunlisted", "expiring", "waiting", "An-private", "An-password", "An-unlisted"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("tells %s", secret)
		}
	}
	for _, u := range parseXML(t, a.body).all(mapNS, "url") {
		loc := u.one(t, mapNS, "loc").Text
		switch {
		case strings.HasSuffix(loc, ".open"):
			if img := u.one(t, imageNS, "image"); img.one(t, imageNS, "loc").Text != home+"/images/2026/11/21/open.jpg" {
				t.Errorf("image %+v", img)
			}
		case strings.HasSuffix(loc, ".film"):
			v := u.one(t, videoNS, "video")
			for name, want := range map[string]string{"thumbnail_loc": home + "/images/2026/11/21/film.fr.jpeg", "title": "Badgers & <b>", "content_loc": home + "/images/2026/11/21/film.mp4", "duration": "73"} {
				if got := v.one(t, videoNS, name).Text; got != want {
					t.Errorf("video %s %q", name, got)
				}
			}
			v.one(t, videoNS, "description")
		}
	}
	if again := s.get(t, "/sitemap.xml", "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("again: %d", again.status)
	}
}

// TestSitemapOfALargeSite: every file is in exactly one part, and no part that is
// named is empty.
func TestSitemapOfALargeSite(t *testing.T) {
	t.Parallel()
	s := usual(t)
	s.SetBlock(3)
	ann := s.user(t, "ann", nil)
	open, hidden := s.album(t, ann, vitrine.PrivacyPublic), s.album(t, ann, vitrine.PrivacyPrivate)
	for i := range 14 {
		s.add(t, fmt.Sprintf("f%02d", i), func(f *vitrine.File) {
			if i == 0 {
				in(open)(f)
			}
			if i >= 3 && i < 9 { // two blocks with nothing to show
				in(hidden)(f)
			}
		})
	}
	parts := locsOf(t, s.get(t, "/sitemap.xml"), "sitemapindex", "sitemap")
	if want := []string{"/sitemap/site.xml", "/sitemap/albums-0.xml", "/sitemap/files-4.xml", "/sitemap/files-3.xml", "/sitemap/files-0.xml"}; !slices.Equal(parts, want) {
		t.Fatalf("parts %q", parts)
	}
	seen := map[string]int{}
	for _, p := range parts {
		for _, loc := range locsOf(t, s.get(t, p), "urlset", "url") {
			seen[loc]++
		}
	}
	files := 0
	for loc, n := range seen {
		if n != 1 {
			t.Errorf("%s %d times", loc, n)
		}
		if strings.HasPrefix(loc, "/image/") {
			files++
		}
	}
	if files != 8 || seen["/album/An-public-album.public"] != 1 {
		t.Errorf("%d files in %v", files, seen)
	}
	for _, p := range []string{"/sitemap/files-1.xml", "/sitemap/files-99.xml", "/sitemap/albums-1.xml"} {
		if a := s.get(t, p); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", p, a.status)
		}
	}
}

// The index of a large site is remembered for a while.
func TestSitemapIndexIsKept(t *testing.T) {
	t.Parallel()
	s := usual(t)
	s.SetBlock(3)
	clock := now
	s.Clock = func() time.Time { return clock }
	add := func(from, to int) {
		for i := from; i < to; i++ {
			s.add(t, fmt.Sprintf("f%02d", i), func(*vitrine.File) {})
		}
	}
	there := 0
	for _, step := range []struct {
		files int
		later time.Duration
		parts int
	}{
		{3, 0, 0},              // one part has everything
		{4, 0, 3},              // which is not remembered
		{10, time.Minute, 3},   // but the index is
		{10, time.Hour, 5},     // not for ever
		{13, time.Hour + 1, 5}, // it is again
		{13, 2 * time.Hour, 6}, // and again not for ever
	} {
		add(there, step.files)
		there = step.files
		clock = now.Add(step.later)
		got := strings.Count(s.get(t, "/sitemap.xml").body, "<sitemap>")
		if got != step.parts {
			t.Errorf("%d files after %s: %d parts, not %d", step.files, step.later, got, step.parts)
		}
	}
}

func TestRobots(t *testing.T) {
	t.Parallel()
	a := usual(t).get(t, "/robots.txt")
	for _, want := range []string{"User-agent: *\n", "Disallow: /g/-/\n", "Disallow: /g/login$\n", "Allow: /g/\n", "Sitemap: " + home + "/sitemap.xml\n"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %q", want)
		}
	}
	if a.header.Get("Content-Type") != "text/plain; charset=utf-8" || a.header.Get("ETag") == "" {
		t.Errorf("headers %v", a.header)
	}
}
