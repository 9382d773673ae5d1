package apiv1_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vitrine/internal/apiv1"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/vitrine"
)

var update = flag.Bool("update", false, "rewrite golden files")

const token = "e8b07479818bc58d3b9849c431e9c2b28827ccce7809ed4f"

// seedFile is the file of the specification's sample.
func seedFile() *vitrine.File {
	created := time.Date(2024, 10, 10, 19, 58, 0, 0, time.UTC)
	return &vitrine.File{
		Slug: "ZfGd", Storage: "elsewhere", StorageMode: vitrine.DateFolder, Folder: "2024/10/10",
		Name: "Badgers-animated-music-video", Extension: "mp4", Format: vitrine.MP4,
		Size: 3011299, Width: 496, Height: 360, Duration: 73 * time.Second, Approved: true,
		Thumb: vitrine.Variant{Size: 21212, Width: 320, Height: 320},
		Frame: vitrine.Variant{Size: 19804, Width: 496, Height: 360},
		MD5:   "7a120d5c28de264bdbb934f023a628fd", Title: "Badgers animated music video MrWeebl",
		OriginalFilename: "Badgers _ animated music video _ MrWeebl.mp4",
		CreatedAt:        created, UploadedAt: created, ExpiresAt: created.Add(30 * time.Minute),
	}
}

func pictureFile() *vitrine.File {
	created := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	return &vitrine.File{
		Slug: "aB3dE7x", CategoryID: 4, Storage: "local", StorageMode: vitrine.Direct, Name: "photo", Extension: "jpg", Format: vitrine.JPEG,
		Size: 6_200_000, Width: 600, Height: 800, NSFW: true, Approved: true, Is360: true,
		Thumb: vitrine.Variant{Size: 23841, Width: 320, Height: 320}, Medium: vitrine.Variant{Size: 67193, Width: 500, Height: 667},
		MD5: "4d925fba1d22d9e30c33af99eb5189e1", SourceMD5: "69aed5088d93c26cb397e8e9cd7c8bd8", Resized: true,
		Title: `My <b>"title"</b> & Jürgen's more than that`, Description: "one\ntwo <script>", OriginalFilename: "photo.JPG",
		EXIF: `{"Make":"LabCam","FNumber":"14/5"}`, Tags: []vitrine.Tag{{ID: 1, Name: "LabCam Lab One"}, {ID: 2, Name: "<é>"}},
		Views: 1, Likes: 2, CreatedAt: created, UploadedAt: created,
	}
}

type site struct {
	links    *links.Builder
	texts    *locale.Bundle
	settings *vitrine.Settings
}

func newSite(t testing.TB, base string) site {
	t.Helper()
	b, err := locale.New()
	if err != nil {
		t.Fatal(err)
	}
	s := vitrine.DefaultSettings()
	if err := s.Set("timezone", "America/Santiago"); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return site{links.New(links.Config{Base: u, Settings: func() *vitrine.Settings { return s }}), b, s}
}

// TestImageIsTheSample: the file of the specification's sample is shown exactly
// as there, with the digests under their newer names as well.
func TestImageIsTheSample(t *testing.T) {
	t.Parallel()
	s, f := newSite(t, "http://localhost"), seedFile()
	got, err := apiv1.ImageJSON(f, token, s.links, s.texts, s.settings, f.CreatedAt)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := os.ReadFile("testdata/seed.json")
	if err != nil {
		t.Fatal(err)
	}
	var sample struct{ Image json.RawMessage }
	if err := json.Unmarshal(seed, &sample); err != nil {
		t.Fatal(err)
	}
	var gotMap, wantMap map[string]any
	if json.Unmarshal(got, &gotMap) != nil || json.Unmarshal(sample.Image, &wantMap) != nil {
		t.Fatal("not JSON")
	}
	wantMap["checksum"], wantMap["source_checksum"] = wantMap["md5"], wantMap["source_md5"]
	if d := cmp.Diff(wantMap, gotMap); d != "" {
		t.Errorf("sample and answer differ:\n%s", d)
	}
	order := slices.DeleteFunc(keys(t, got), func(k string) bool { return k == "checksum" || k == "source_checksum" })
	if d := cmp.Diff(keys(t, sample.Image), order); d != "" {
		t.Errorf("order of keys:\n%s", d)
	}
}

func TestImageGolden(t *testing.T) {
	t.Parallel()
	plain := pictureFile()
	plain.Medium, plain.EXIF, plain.Tags, plain.Title, plain.Resized, plain.CategoryID = vitrine.Variant{}, "", nil, "", false, 0
	small := pictureFile()
	small.Medium, small.Size = vitrine.Variant{}, 1000
	film := seedFile()
	film.Medium, film.Frame.Size = vitrine.Variant{Size: 5, Width: 100, Height: 73}, 100_000
	for _, c := range []struct {
		name, base, token string
		file              *vitrine.File
	}{
		{"picture", "https://pics.example.org/gallery", token, pictureFile()},
		{"plain", "http://127.0.0.1:8080", "", plain},
		{"small", "http://127.0.0.1:8080", token, small},
		{"film", "http://127.0.0.1:8080", token, film},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, c.base)
			got, err := apiv1.ImageJSON(c.file, c.token, s.links, s.texts, s.settings, c.file.CreatedAt.Add(3*time.Hour+time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, got, "", "  "); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "image_"+c.name+".json")
			if *update {
				if err := os.WriteFile(golden, pretty.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), pretty.String()); d != "" {
				t.Errorf("%s (run with -update if that is right):\n%s", golden, d)
			}
		})
	}
}

// TestEveryCodeHasAMeaning: no refusal of the house comes out as something it
// is not.
func TestEveryCodeHasAMeaning(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../vitrine/error.go")
	if err != nil {
		t.Fatal(err)
	}
	known := apiv1.Meanings()
	found := 0
	for line := range strings.Lines(string(source)) {
		if _, rest, ok := strings.Cut(line, `Code = "`); ok {
			found++
			code, _, _ := strings.Cut(rest, `"`)
			if m, ok := known[vitrine.Code(code)]; !ok || m[0] == 0 {
				t.Errorf("%s has no status and number", code)
			}
		}
	}
	if found < 20 || found != len(known) {
		t.Errorf("%d codes, %d meanings", found, len(known))
	}
}

func BenchmarkImageJSON(b *testing.B) {
	s, f := newSite(b, "https://pics.example.org"), pictureFile()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := apiv1.ImageJSON(f, token, s.links, s.texts, s.settings, f.CreatedAt); err != nil {
			b.Fatal(err)
		}
	}
}

// keys are the keys of a JSON object in their order.
func keys(t *testing.T, object []byte) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var list []string
	for d.More() {
		k, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, k.(string))
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			t.Fatal(err)
		}
	}
	return list
}
