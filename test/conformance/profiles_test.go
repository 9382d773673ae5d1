package conformance_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// profile is what is known of one of the five sites of the specification.
type profile struct {
	name     string
	language string // of its API page
	label    string // the word for "key" on it
	formats  []string
	max      int // bytes of a guest's file; 0: not shown
	maxText  string
	guest    bool // shows a public key
	fileDate bool // lists use_file_date
}

var (
	picturesAndFilms = []string{"jpg", "jpeg", "png", "bmp", "gif", "webp", "mov", "mp4", "webm"}
	picturesWithAVIF = []string{"avif", "jpg", "jpeg", "png", "bmp", "gif", "webp"}
)

var profiles = []profile{
	{"picgo.net", "nb", "Nøkkel", picturesAndFilms, 5_000_000, "5 MB", true, false},
	{"picloud.cc", "ru", "Ключ", nil, 0, "", false, true},
	{"pic.li", "ja", "キー", picturesWithAVIF, 20_000_000, "20 MB", true, true},
	{"imgoe.download", "en", "", nil, 0, "", false, true},
	{"mineurl.org", "zh-CN", "访问密钥", picturesAndFilms, 1_000_000, "1 MB", true, true},
}

// parameters are what every API page explains.
var parameters = []string{"source", "key", "title", "description", "tags", "album_id", "category_id", "width", "expiration", "nsfw", "format"}

func TestProfiles(t *testing.T) {
	t.Parallel()
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, options{Profile: p.name, Settings: map[string]string{"flood_protection": "off", "on_duplicate": "allow"}})
			t.Run("formats", func(t *testing.T) { testFormats(t, s, p) })
			t.Run("guest", func(t *testing.T) { testGuest(t, s, p) })
			t.Run("page", func(t *testing.T) { testPage(t, s, p) })
			t.Run("answer", func(t *testing.T) {
				name, want := "image", seeds(t)[p.name]
				f, kind := file("source", seedFilm, input(t, "clip.mp4")), "clip"
				if p.formats != nil && !slices.Contains(p.formats, "mp4") {
					f, kind = file("source", "plain.jpg", input(t, "plain.jpg")), "image"
				}
				a := s.upload(t, s.UserKey, f, field("expiration", "PT30M"))
				a.wantUpload(t)
				wantConsistent(t, s, a, kind)
				have := shape(a.tree)
				for _, line := range shape(want.at(name)) {
					path, kind, _ := strings.Cut(line, " ")
					if kind == "null" || kind == "object" || strings.HasPrefix(path, "frame.") && a.text("image.type") == "image" {
						continue
					}
					if !slices.Contains(have, name+"."+path+" "+kind) {
						t.Errorf("no %s %s", path, kind)
					}
				}
			})
		})
	}
}

// testFormats: what the site shows is accepted, everything else is refused by
// its name.
func testFormats(t *testing.T, s *site, p profile) {
	for _, f := range acceptedFiles {
		a := s.upload(t, s.UserKey, file("source", f.name, f.read(t)))
		if p.formats == nil || slices.Contains(p.formats, f.format) {
			a.wantUpload(t)
			continue
		}
		kind, _, _ := strings.Cut(f.mime, "/")
		a.wantRefusal(t, http.StatusBadRequest, 614, "Disabled "+kind+" format ("+f.format+")")
	}
}

// testGuest: the public key works where there is one, up to the shown size.
func testGuest(t *testing.T, s *site, p profile) {
	if !p.guest {
		s.upload(t, strings.Repeat("0", 64), file("source", "p2.jpg", input(t, "p2.jpg"))).wantRefusal(t, http.StatusBadRequest, 100, "Invalid API key.")
		return
	}
	if s.GuestKey == "" {
		t.Fatal("no guest key")
	}
	padded := func(size int) []byte {
		b := input(t, "plain.jpg")
		return append(b, bytes.Repeat([]byte{0}, size-len(b))...)
	}
	s.upload(t, s.GuestKey, file("source", "most.jpg", padded(p.max))).wantUpload(t)
	s.upload(t, s.GuestKey, file("source", "more.jpg", padded(p.max+1))).wantRefusal(t, http.StatusBadRequest, 400, "File too big - max "+p.maxText)
	tagged := s.upload(t, s.GuestKey, file("source", "p3.jpg", input(t, "p3.jpg")), field("tags", "one,two"))
	tagged.wantUpload(t)
	if tagged.text("image.tags_string") != "" {
		t.Errorf("a guest's tags were kept: %q", tagged.text("image.tags_string"))
	}
}

// testPage: the API page speaks the site's language and tells what the seed tells.
func testPage(t *testing.T, s *site, p profile) {
	page := s.get(t, "/api-v1")
	if page.Status != http.StatusOK {
		t.Fatalf("%s", page)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page.Body))
	if err != nil {
		t.Fatal(err)
	}
	if lang := doc.Find("html").AttrOr("lang", ""); lang != p.language {
		t.Errorf("lang %q, want %q", lang, p.language)
	}
	text := doc.Find("body").Text()
	for _, want := range slices.Concat(parameters, []string{p.label, "X-API-Key", "/api/1/upload", "PT5M", "P3D", "--fail-with-body", "json", "txt", "redirect", "status_txt", "/clip/"}) {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not tell of %q", want)
		}
	}
	if has := strings.Contains(text, "use_file_date"); has != p.fileDate {
		t.Errorf("use_file_date on the page: %v, want %v", has, p.fileDate)
	}
	if p.guest && !strings.Contains(text, s.GuestKey) {
		t.Error("the page does not show the guest key")
	}
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%d main headings", n)
	}
	for _, lang := range []string{"en", "nb", "ru", "ja", "zh-CN"} {
		if other := s.get(t, "/api-v1?lang="+lang); !strings.Contains(string(other.Body), `lang="`+lang+`"`) {
			t.Errorf("?lang=%s is not heard", lang)
		}
	}
	if german := s.get(t, "/api-v1", "Accept-Language", "de;q=0.9, tlh"); !strings.Contains(string(german.Body), `lang="`+p.language+`"`) {
		t.Error("an unknown language does not lead to the site's")
	}
}
