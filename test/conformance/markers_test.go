package conformance_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/vitrine"
)

// reading is a page as programs read it that know no HTML: from left to right,
// by what stands before and after a value. What is not found leaves the place.
type reading struct {
	text string
	at   int
}

func (r *reading) next(before, after string) string {
	i := strings.Index(r.text[r.at:], before)
	if i < 0 {
		return ""
	}
	begin := r.at + i + len(before)
	j := strings.Index(r.text[begin:], after)
	if j < 0 {
		return ""
	}
	r.at = begin + j + len(after)
	return html.UnescapeString(r.text[begin : begin+j])
}

// first looks from the beginning and does not move.
func (r *reading) first(before, after string) string {
	return (&reading{text: r.text}).next(before, after)
}

// page asks for a page of the site, following redirects as those programs do.
func (s *site) page(t *testing.T, address string) *reading {
	t.Helper()
	for range 3 {
		a := s.get(t, address)
		if a.Status/100 == 3 {
			address = absolute(t, address, a.Header.Get("Location"))
			continue
		}
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %s", address, a)
		}
		return &reading{text: string(a.Body)}
	}
	t.Fatalf("%s leads in a circle", address)
	return nil
}

func absolute(t *testing.T, base, address string) string {
	t.Helper()
	b, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u, err := b.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.String()
}

// albumOf makes an album of ann's.
func (s *site) albumOf(t *testing.T, n app.NewAlbum) *vitrine.Album {
	t.Helper()
	ann, err := s.App.Account.User(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	n.OwnerID = ann.ID
	a, err := s.App.Catalog.CreateAlbum(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestMarkersOfViewers: what public programs take from the page of a file.
func TestMarkersOfViewers(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	album := s.albumOf(t, app.NewAlbum{Name: "Sea & sky"})
	for _, c := range []struct {
		name, file string
		video      bool
		paths      []string
	}{
		{"picture", "plain.jpg", false, []string{"image", "img", "i"}},
		{"film", "clip.mp4", true, []string{"video", "videos", "clip"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.upload(t, s.UserKey, file("source", c.file, input(t, c.file)), field("title", "Wind <& waves>"), field("album_id", string(album.Slug)))
			a.wantUpload(t)
			id := a.text("image.id_encoded")
			for _, path := range c.paths {
				p := s.page(t, s.URL+"/"+path+"/"+id)
				if got := p.first(`property="og:type" content="`, `"`); (got == "video") != c.video {
					t.Errorf("og:type %q", got)
				}
				if got := p.next(`property="og:title" content="`, `"`); got != "Wind <& waves>" {
					t.Errorf("og:title %q", got)
				}
				poster := a.text("image.url")
				if c.video {
					poster = a.text("image.url_frame")
				}
				if got := p.next(`<meta property="og:image" content="`, `"`); got != poster {
					t.Errorf("og:image %q, want %q", got, poster)
				}
				if c.video {
					if got := p.next(`property="og:video" content="`, `"`); got != a.text("image.url") {
						t.Errorf("og:video %q", got)
					}
					width, height := p.next(`property="video:width" content="`, `"`), p.next(`property="video:height" content="`, `"`)
					if width != fmt.Sprint(a.number("image.width")) || height != fmt.Sprint(a.number("image.height")) {
						t.Errorf("%s×%s", width, height)
					}
				}
				link := p.next("Added to <a", "</a>")
				if !strings.HasSuffix(link, ">Sea & sky") || !strings.Contains(link, "."+string(album.Slug)+`"`) {
					t.Errorf("album %q", link)
				}
				if got := p.next(`<span title="`, `"`); !strings.HasPrefix(got, a.text("image.date_gmt")) {
					t.Errorf("date %q, want %q", got, a.text("image.date_gmt"))
				}
				if got := p.next(`username: "`, `"`); got != "ann" {
					t.Errorf("username %q", got)
				}
				if !strings.Contains(p.text, `id="image-viewer"`) || !strings.Contains(p.text, " download=") {
					t.Error("no viewer or download")
				}
			}
		})
	}
}

// TestMarkersOfLists: what they take from an album, a profile and a category, of
// which each has more than one page.
func TestMarkersOfLists(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"on_duplicate": "allow"}})
	album := s.albumOf(t, app.NewAlbum{Name: "Many"})
	s.albumOf(t, app.NewAlbum{Name: "Within", Parent: album.Slug})
	category, err := s.App.Catalog.CreateCategory(t.Context(), "Pictures", "")
	if err != nil {
		t.Fatal(err)
	}
	const count = 60
	picture := apptest.Picture(t, 24, 16)
	for i := range count {
		s.upload(t, s.UserKey, file("source", "p"+strconv.Itoa(i)+".png", picture), field("album_id", string(album.Slug)), field("category_id", fmt.Sprint(category.ID))).wantUpload(t)
	}
	for _, from := range []string{
		"/album/Many." + string(album.Slug), "/a/" + string(album.Slug), "/ann", "/category/" + category.URLKey, "/album/Many." + string(album.Slug) + "/?sort=date_desc&page=1",
	} {
		t.Run(from, func(t *testing.T) {
			address := s.URL + from
			items := map[string]bool{}
			for pages := 0; address != ""; pages++ {
				if pages > 10 {
					t.Fatal("there is no end")
				}
				p := s.page(t, address)
				if pages == 0 && strings.Contains(from, string(album.Slug)) {
					if got := p.next(`property="og:url" content="`, `"`); !strings.HasSuffix(got, "/Many."+string(album.Slug)) {
						t.Errorf("og:url %q", got)
					}
					if got := p.next(`property="og:title" content="`, `"`); got != "Many" {
						t.Errorf("og:title %q", got)
					}
					if got := p.next(`data-text="image-count">`, "<"); got != strconv.Itoa(count) {
						t.Errorf("image-count %q", got)
					}
				}
				list := &reading{text: p.text}
				for item := list.next(`<div class="list-item-image `, "image-container"); item != ""; item = list.next(`<div class="list-item-image `, "image-container") {
					items[absolute(t, address, (&reading{text: item}).next(`<a href="`, `"`))] = true
				}
				// They take a plus sign for a blank.
				if next := strings.ReplaceAll(p.first(`data-pagination="next" href="`, `"`), "+", " "); next != "" {
					address = absolute(t, address, next)
				} else {
					address = ""
				}
			}
			if len(items) != count {
				t.Errorf("%d items", len(items))
			}
			for item := range items {
				if !strings.Contains(item, "/image/") {
					t.Errorf("an item leads to %s", item)
				}
			}
		})
	}
	for _, path := range []string{"/ann/albums", "/album/" + string(album.Slug) + "/sub"} {
		p := s.page(t, s.URL+path)
		item := p.next(`<div class="list-item-image `, "image-container")
		if got := (&reading{text: item}).next(`<a href="`, `"`); !strings.Contains(got, "/album/") {
			t.Errorf("%s: the first item leads to %q", path, got)
		}
	}
}

// TestMarkersOfPasswords: how they open an album.
func TestMarkersOfPasswords(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	album := s.albumOf(t, app.NewAlbum{Name: "For friends", Privacy: vitrine.PrivacyPassword, Password: "open sesame"})
	s.upload(t, s.UserKey, file("source", "plain.jpg", input(t, "plain.jpg")), field("album_id", string(album.Slug))).wantUpload(t)
	address := s.URL + "/album/For-friends." + string(album.Slug)
	p := s.page(t, address)
	form := p.next("<form ", "</form")
	if len(p.text) > 45_000 || !strings.Contains(p.text, "assword required") || form == "" || strings.Contains(p.text, `class="list-item-image`) {
		t.Fatalf("no page that asks for a password: %.2000s", p.text)
	}
	token := (&reading{text: form}).next(`name="auth_token" value="`, `"`)
	r := s.request(t, http.MethodPost, address, strings.NewReader(url.Values{"auth_token": {token}, "content-password": {"open sesame"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a := s.do(t, r)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%s", a)
	}
	r = s.request(t, http.MethodGet, absolute(t, address, a.Header.Get("Location")), nil)
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		r.AddCookie(c)
	}
	if a = s.do(t, r); a.Status != http.StatusOK || !strings.Contains(string(a.Body), `<div class="list-item-image `) {
		t.Errorf("%s", a)
	}
}
