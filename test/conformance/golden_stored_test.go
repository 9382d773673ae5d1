package conformance_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// stored is what lies behind an address of an answer.
type stored struct {
	HTTP          string
	Format        string
	Width, Height float64
	EXIF          map[string]any
}

// look fetches a file and reads its metadata with exiftool.
func look(t *testing.T, s *site, address string) map[string]any {
	t.Helper()
	a := s.get(t, address)
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, a.Body, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "exiftool", "-j", "-G", "-a", path).Output()
	var list []map[string]any
	if err != nil && len(out) == 0 {
		t.Fatalf("exiftool: %v", err)
	}
	if err := json.Unmarshal(out, &list); err != nil || len(list) != 1 {
		t.Fatalf("exiftool: %v in %s", err, out)
	}
	list[0]["http"] = fmt.Sprintf("%d %s", a.Status, a.Header.Get("Content-Type"))
	return list[0]
}

// compareStored compares what lies behind the addresses of an answer with what
// lay behind those of the recording: type, format, size, and which of the noted
// metadata is there.
func (r *replay) compareStored(t *testing.T, rec recording, got answer) []difference {
	t.Helper()
	var list []difference
	for name, want := range rec.Stored {
		address := got.text("image." + name + ".url")
		if address == "" {
			list = append(list, difference{"stored." + name, "a file", missing})
			continue
		}
		file := look(t, r.site, address)
		have := map[string]any{"http": file["http"]}
		recorded := map[string]any{"http": want.HTTP}
		if want.Format != "" {
			recorded["format"], recorded["width"], recorded["height"] = want.Format, want.Width, want.Height
			have["format"] = strings.NewReplacer("AVIF", "HEIC").Replace(fmt.Sprint(file["File:FileType"]))
			for key, tag := range map[string]string{"width": "ImageWidth", "height": "ImageHeight"} {
				for _, group := range []string{"File:", "PNG:", "GIF:", "RIFF:", "Meta:", "QuickTime:"} {
					if v, ok := file[group+tag]; ok {
						have[key] = v
					}
				}
			}
		}
		exif := map[string]any{}
		for tag := range want.EXIF {
			if v, ok := file[tag]; ok {
				exif[tag] = v
			}
		}
		recorded["exif"], have["exif"] = want.EXIF, exif
		if want.EXIF == nil {
			delete(recorded, "exif")
			delete(have, "exif")
		}
		list = append(list, compare("stored."+name, recorded, have)...)
	}
	return list
}

// compareHead compares the social tags of a page.
func compareHead(t *testing.T, rec recording, got answer, base string, back []string) []difference {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(got.Body)))
	if err != nil {
		t.Fatal(err)
	}
	n := normaliser{rec: rec, base: base, back: back}
	theirs := normaliser{rec: rec, base: "http://127.0.0.1:33180"}
	have, want := map[string]any{"title": doc.Find("title").Text()}, map[string]any{"title": rec.HTML.Title}
	for _, tags := range []map[string]string{rec.HTML.OG, rec.HTML.Twitter} {
		for name, value := range tags {
			want[name] = theirs.text(value)
		}
	}
	doc.Find("meta").Each(func(_ int, m *goquery.Selection) {
		name := m.AttrOr("property", m.AttrOr("name", ""))
		if strings.HasPrefix(name, "og:") || strings.HasPrefix(name, "twitter:") {
			have[name] = n.text(m.AttrOr("content", ""))
		}
	})
	return compare("html", want, have)
}
