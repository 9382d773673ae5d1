package conformance_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// seeds are the sample answers of the specification by the name of the site.
func seeds(t *testing.T) map[string]answer {
	t.Helper()
	paths, err := filepath.Glob("testdata/seeds/*.response.json")
	if err != nil || len(paths) != 5 {
		t.Fatalf("%d seeds: %v", len(paths), err)
	}
	list := map[string]answer{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		list[strings.TrimSuffix(filepath.Base(path), ".response.json")] = newAnswer(http.StatusOK, nil, text)
	}
	return list
}

// sample is a file beside the recorded inputs.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata/samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// digestFields are those that the seeds name in two generations; an answer
// always has both.
var digestFields = []string{"image.md5", "image.source_md5", "image.checksum", "image.source_checksum"}

// seedFilm is the name of the film that the samples are about.
const seedFilm = "Badgers _ animated music video _ MrWeebl.mp4"

func TestSeedsFilm(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	got := s.upload(t, s.AdminKey, file("source", seedFilm, input(t, "clip.mp4")), field("expiration", "PT30M"))
	got.wantUpload(t)
	for name, seed := range seeds(t) {
		t.Run(name, func(t *testing.T) {
			want := without(shape(seed.tree), digestFields)
			if have := without(shape(got.tree), digestFields); !slices.Equal(have, want) {
				t.Errorf("keys and types differ:\nwant %v\nhave %v", want, have)
			}
			// What does not depend on the size of the film is the very same.
			for _, path := range []string{
				"status_code", "status_txt", "success.message", "success.code",
				"image.title", "image.title_truncated", "image.title_truncated_html", "image.display_title", "image.original_filename",
				"image.extension", "image.mime", "image.type", "image.chain", "image.medium_size", "image.nsfw", "image.views", "image.likes",
				"image.views_label", "image.likes_label", "image.is_animated", "image.is_approved", "image.is_360",
				"image.is_use_loader", "image.description", "image.category_id", "image.source_md5", "image.original_exifdata",
				"image.storage_mode", "image.tags_string", "image.frame.mime", "image.frame.extension", "image.thumb.mime", "image.thumb.extension",
				"image.image.mime", "image.medium.url", "image.medium.name",
			} {
				want := seed.at(path)
				if path == "image.source_md5" {
					want = nil
				}
				if have := got.at(path); !same(have, want) {
					t.Errorf("%s = %v, the seed has %v", path, have, want)
				}
			}
		})
	}
	wantConsistent(t, s, got, "clip")
	id := got.text("image.id_encoded")
	if want := "/clip/Badgers-animated-music-video-MrWeebl." + id; got.text("image.path_viewer") != want {
		t.Errorf("path_viewer = %q, want %q", got.text("image.path_viewer"), want)
	}
	for path, want := range map[string]any{
		"image.width": 320.0, "image.height": 240.0, "image.ratio": 320.0 / 240, "image.duration": 2.0, "image.duration_time": "00:02",
		"image.display_url": got.text("image.frame.url"), "image.display_width": 320.0, "image.display_height": 240.0,
		"image.size": float64(len(input(t, "clip.mp4"))), "image.size_formatted": "29.8 KB",
	} {
		if have := got.at(path); !same(have, want) {
			t.Errorf("%s = %v, want %v", path, have, want)
		}
	}
}

func TestSeedsImage(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	got := s.upload(t, s.AdminKey, file("source", "Badgers _ at the sea.jpg", input(t, "plain.jpg")), field("expiration", "PT30M"))
	got.wantUpload(t)
	for name, seed := range seeds(t) {
		t.Run(name, func(t *testing.T) {
			// A picture has no frame, and this one has a medium and metadata.
			film := map[string]string{"image.url_frame": "string"}
			for _, line := range without(shape(seed.tree), digestFields) {
				path, kind, _ := strings.Cut(line, " ")
				if !strings.HasPrefix(path, "image.frame.") && path != "image.frame" {
					film[path] = kind
				}
			}
			for _, key := range []string{"filename", "name", "mime", "extension", "url"} {
				film["image.medium."+key] = "string"
			}
			film["image.medium.size"] = "number"
			var want []string
			for _, path := range slices.Sorted(maps.Keys(film)) {
				want = append(want, path+" "+film[path])
			}
			have := without(shape(got.tree), digestFields)
			have = slices.DeleteFunc(have, func(l string) bool { return strings.HasPrefix(l, "image.original_exifdata ") })
			want = slices.DeleteFunc(want, func(l string) bool { return strings.HasPrefix(l, "image.original_exifdata ") })
			if !slices.Equal(have, want) {
				t.Errorf("keys and types differ:\nwant %v\nhave %v", want, have)
			}
		})
	}
	wantConsistent(t, s, got, "image")
	for path, want := range map[string]any{
		"image.chain": 7.0, "image.type": "image", "image.url_frame": "", "image.duration": 0.0, "image.duration_time": "",
		"image.title": "Badgers at the sea", "image.display_url": got.text("image.medium.url"), "image.display_width": 500.0, "image.display_height": 375.0,
	} {
		if have := got.at(path); !same(have, want) {
			t.Errorf("%s = %v, want %v", path, have, want)
		}
	}
}

// TestSeedsDigests: both generations of names hold the MD5 in hex.
func TestSeedsDigests(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	got := s.upload(t, s.AdminKey, file("source", "plain.jpg", input(t, "plain.jpg")))
	got.wantUpload(t)
	if hex := got.text("image.md5"); !hex32.MatchString(hex) || got.text("image.checksum") != hex {
		t.Errorf("md5 %q, checksum %q", hex, got.text("image.checksum"))
	}
	image, _ := got.at("image").(map[string]any)
	for _, key := range []string{"source_md5", "source_checksum"} {
		if v, ok := image[key]; !ok || v != nil {
			t.Errorf("%s = %v (there: %v), want null", key, v, ok)
		}
	}
	resized := s.upload(t, s.AdminKey, file("source", "plain.jpg", input(t, "plain.jpg")), field("width", "100"))
	resized.wantUpload(t)
	if resized.text("image.source_md5") != got.text("image.md5") || resized.text("image.source_checksum") != got.text("image.md5") || resized.text("image.md5") == got.text("image.md5") {
		t.Errorf("after a resize: md5 %q, source_md5 %q, source_checksum %q", resized.text("image.md5"), resized.text("image.source_md5"), resized.text("image.source_checksum"))
	}
}

// TestSeedsFormats: the sample answers in text and redirect form.
func TestSeedsFormats(t *testing.T) {
	t.Parallel()
	s := start(t, options{})
	text := s.upload(t, s.AdminKey, file("source", seedFilm, input(t, "clip.mp4")), field("format", "txt"))
	if text.Status != http.StatusOK || !regexp.MustCompile(`^`+regexp.QuoteMeta(s.URL)+`/images/\d{4}/\d\d/\d\d/[A-Za-z0-9_.-]+\.mp4$`).Match(text.Body) {
		t.Errorf("txt: %s", text)
	}
	redirect := s.upload(t, s.AdminKey, file("source", seedFilm, input(t, "clip.mp4")), field("format", "redirect"))
	if location := redirect.Header.Get("Location"); redirect.Status != http.StatusFound || !regexp.MustCompile(`^/clip/Badgers-animated-music-video-MrWeebl\.[A-Za-z0-9]+$`).MatchString(location) {
		t.Errorf("redirect to %q: %s", location, redirect)
	} else if page := s.get(t, location); page.Status != http.StatusOK {
		t.Errorf("viewer %s", page)
	}
}

// wantConsistent checks that the addresses and names of an answer belong
// together and lead to what they name.
func wantConsistent(t *testing.T, s *site, a answer, route string) {
	t.Helper()
	id := a.text("image.id_encoded")
	for path, pattern := range map[string]string{
		"image.id_encoded":          `^[A-Za-z0-9]{7}$`,
		"image.date":                `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`,
		"image.date_gmt":            `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`,
		"image.expiration_date_gmt": `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`,
		"image.url":                 `^` + regexp.QuoteMeta(s.URL) + `/images/\d{4}/\d\d/\d\d/` + regexp.QuoteMeta(a.text("image.filename")) + `$`,
		"image.url_viewer":          `^` + regexp.QuoteMeta(s.URL+a.text("image.path_viewer")) + `$`,
		"image.path_viewer":         `^/` + route + `/.+\.` + id + `$`,
		"image.url_short":           `^` + regexp.QuoteMeta(s.URL) + `/` + route + `/` + id + `$`,
		"image.delete_url":          `^` + regexp.QuoteMeta(a.text("image.url_short")) + `/delete/[0-9a-f]{48}$`,
		"image.filename":            `^` + regexp.QuoteMeta(a.text("image.name")+"."+a.text("image.extension")) + `$`,
		"image.how_long_ago":        justNow.String(),
		"image.date_fixed_peer":     `^` + a.text("image.date_gmt") + `$`,
	} {
		if !regexp.MustCompile(pattern).MatchString(a.text(path)) {
			t.Errorf("%s = %q does not match %s", path, a.text(path), pattern)
		}
	}
	for _, variant := range []string{"image", "thumb", "medium", "frame"} {
		address := a.text("image." + variant + ".url")
		if address == "" {
			continue
		}
		raw := s.get(t, address)
		if raw.Status != http.StatusOK || raw.Header.Get("Content-Type") != a.text("image."+variant+".mime") || len(raw.Body) != int(a.number("image."+variant+".size")) {
			t.Errorf("%s: %d %s, %d bytes; the answer says %s, %v bytes", address, raw.Status, raw.Header.Get("Content-Type"), len(raw.Body), a.text("image."+variant+".mime"), a.number("image."+variant+".size"))
		}
	}
	for _, address := range []string{"image.url_viewer", "image.url_short"} {
		if page := s.get(t, a.text(address)); page.Status != http.StatusOK && page.Status/100 != 3 {
			t.Errorf("%s: %d", address, page.Status)
		}
	}
	image, _ := a.at("image").(map[string]any)
	for _, key := range []string{"id", "path", "uploader_ip", "user", "user_id", "album", "album_id", "storage", "storage_id"} {
		if v, told := image[key]; told {
			t.Errorf("the answer tells %s: %v", key, v)
		}
	}
}

// without drops the lines about some paths.
func without(lines, paths []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
		path, _, _ := strings.Cut(l, " ")
		return slices.Contains(paths, path)
	})
}

// TestSeedsAreWhatTheSpecificationShows guards the data itself.
func TestSeedsAreWhatTheSpecificationShows(t *testing.T) {
	t.Parallel()
	for name, seed := range seeds(t) {
		if !json.Valid(seed.Body) || seed.number("image.chain") != 21 || !strings.Contains(seed.text("image.url_viewer"), "/clip/") {
			t.Errorf("%s is not the sample of the specification", name)
		}
	}
}
