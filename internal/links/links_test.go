package links_test

import (
	"net/url"
	"strings"
	"testing"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

func builder(t *testing.T, base, media string, set ...string) *links.Builder {
	t.Helper()
	s := vitrine.DefaultSettings()
	for i := 0; i < len(set); i += 2 {
		if err := s.Set(set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	c := links.Config{Settings: func() *vitrine.Settings { return s }}
	if base != "" {
		c.Base = parse(t, base)
	}
	if media != "" {
		c.Media = parse(t, media)
	}
	return links.New(c)
}

func parse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	picture := &vitrine.File{Slug: "aB3dE7x", Folder: "2026/11/21", Name: "photo", Extension: "jpg", Format: vitrine.JPEG, Title: "A photo"}
	film := &vitrine.File{Slug: "ZfGd", Name: "clip", Extension: "mp4", Format: vitrine.MP4, Title: "Badgers animated music video MrWeebl"}
	album := &vitrine.Album{Slug: "xyz", Name: "Summer 2026"}
	root := builder(t, "http://localhost", "")
	below := builder(t, "https://pics.example.org:8443/my%20gallery/", "https://cdn.example.net/m/", "route_image", "img", "route_video", "film", "titles_in_urls", "off")
	for _, c := range []struct{ name, got, want string }{
		{"home", root.Home(), "http://localhost/"},
		{"API", root.API(), "http://localhost/api/1/upload"},
		{"API page", root.APIPage(), "http://localhost/api-v1"},
		{"host", root.Host(), "localhost"},
		{"origin", root.Origin(), "http://localhost"},
		{"media origin", root.MediaOrigin(), "http://localhost"},
		{"viewer", root.Viewer(picture), "http://localhost/image/A-photo.aB3dE7x"},
		{"viewer path", root.ViewerPath(picture), "/image/A-photo.aB3dE7x"},
		{"viewer of a film, as in the sample", root.Viewer(film), "http://localhost/clip/Badgers-animated-music-video-MrWeebl.ZfGd"},
		{"short", root.Short(film), "http://localhost/clip/ZfGd"},
		{"short path", root.ShortPath(film), "/clip/ZfGd"},
		{"delete", root.Delete(film, "e8b0"), "http://localhost/clip/ZfGd/delete/e8b0"},
		{"original", root.Original(picture), "http://localhost/images/2026/11/21/photo.jpg"},
		{"original without folder", root.Original(film), "http://localhost/images/clip.mp4"},
		{"thumb", root.Variant(picture, vitrine.Thumb), "http://localhost/images/2026/11/21/photo.th.jpg"},
		{"frame", root.Variant(film, vitrine.Frame), "http://localhost/images/clip.fr.jpeg"},
		{"tag", root.Tag("LabCam Lab/One"), "/tag/LabCam%20Lab%2FOne"},
		{"album", root.Album(album), "http://localhost/album/Summer-2026.xyz"},
		{"home below a path", below.Home(), "https://pics.example.org:8443/my%20gallery/"},
		{"API below a path", below.API(), "https://pics.example.org:8443/my%20gallery/api/1/upload"},
		{"host with port", below.Host(), "pics.example.org:8443"},
		{"other media origin", below.MediaOrigin(), "https://cdn.example.net"},
		{"viewer without title on a route", below.Viewer(picture), "https://pics.example.org:8443/my%20gallery/img/aB3dE7x"},
		{"viewer path below a path", below.ViewerPath(film), "/my%20gallery/film/ZfGd"},
		{"media on another host", below.Original(picture), "https://cdn.example.net/m/images/2026/11/21/photo.jpg"},
		{"private media stay with the pages", below.Original(&vitrine.File{Folder: "a", Name: "b", Extension: "png", Format: vitrine.PNG, Privacy: vitrine.PrivacyPrivate}), "https://pics.example.org:8443/my%20gallery/images/a/b.png"},
		{"media behind a password too", below.Variant(&vitrine.File{Name: "b", Extension: "png", Format: vitrine.PNG, Privacy: vitrine.PrivacyPassword}, vitrine.Thumb), "https://pics.example.org:8443/my%20gallery/images/b.th.png"},
		{"unlisted media do not", below.Original(&vitrine.File{Name: "b", Extension: "png", Format: vitrine.PNG, Privacy: vitrine.PrivacyUnlisted}), "https://cdn.example.net/m/images/b.png"},
		{"tag below a path", below.Tag("a"), "/my%20gallery/tag/a"},
		{"path", below.Path("/assets/x"), "/my%20gallery/assets/x"},
		{"zero Config", builder(t, "", "").Home(), "http://localhost/"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}

// TestTitles: the table of the specification's rule for the title part.
func TestTitles(t *testing.T) {
	t.Parallel()
	b := builder(t, "", "")
	for title, want := range map[string]string{
		"":                                "s",
		"photo":                           "photo.s",
		"A  photo - of me":                "A-photo-of-me.s",
		`\/~&!'"?`:                        "s",
		"- -":                             "s",
		" trimmed ":                       "trimmed.s",
		"My <b>title</b> & more":          "My-title-more.s",
		"1 < 2 > 1":                       "1-%3C-2-%3E-1.s",
		"a<3":                             "a%3C3.s",
		"<unclosed":                       "%3Cunclosed.s",
		"naïve":                           "na%C3%AFve.s",
		"名前 の 写真":                         "%E5%90%8D%E5%89%8D-%E3%81%AE-%E5%86%99%E7%9C%9F.s",
		"v1.2.3":                          "v1.2.3.s",
		"..":                              "...s",
		"50%":                             "50%25.s",
		"a#b;c=d":                         "a%23b%3Bc%3Dd.s",
		"one\ntwo\tthree":                 "one-two-three.s",
		"nul\x00byte":                     "nulbyte.s",
		"<script>alert('x')</script>boo!": "alert%28x%29boo.s",
	} {
		got := strings.TrimPrefix(b.ViewerPath(&vitrine.File{Slug: "s", Format: vitrine.PNG, Title: title}), "/image/")
		if got != want {
			t.Errorf("%q: got %s, want %s", title, got, want)
		}
		decoded, err := url.PathUnescape(got)
		if err != nil || links.SlugOf(decoded) != "s" {
			t.Errorf("%q: slug of %q is %q, %v", title, decoded, links.SlugOf(decoded), err)
		}
	}
}

func FuzzTitle(f *testing.F) {
	for _, s := range []string{"a b", "<b>x</b>", "名前", "..", "%2e", "a/b\\c?d#e"} {
		f.Add(s)
	}
	b := links.New(links.Config{})
	f.Fuzz(func(t *testing.T, title string) {
		path := b.ViewerPath(&vitrine.File{Slug: "sLuG123", Format: vitrine.PNG, Title: title})
		u, err := url.Parse("http://h" + path)
		if err != nil || u.RawQuery != "" || u.Fragment != "" || strings.Count(u.Path, "/") != 2 || links.SlugOf(u.Path[strings.LastIndexByte(u.Path, 0x2f)+1:]) != "sLuG123" {
			t.Fatalf("%q: %s, %v", title, path, err)
		}
		if u.JoinPath().Path != u.Path {
			t.Fatalf("%q: %s is not clean", title, path)
		}
	})
}

func BenchmarkViewer(b *testing.B) {
	l := links.New(links.Config{})
	f := &vitrine.File{Slug: "ZfGd", Name: "clip", Format: vitrine.MP4, Title: "Badgers animated music video MrWeebl"}
	for b.Loop() {
		_ = l.Viewer(f)
	}
}
