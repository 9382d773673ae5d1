package conformance_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Animations are kept as they come, and still move when `width` reduces them.
func TestAnimations(t *testing.T) {
	t.Parallel()
	s := start(t, options{Settings: map[string]string{"flood_protection": "off", "on_duplicate": "allow"}})
	for name, frame := range map[string]string{ // what stands before each frame
		"moving.gif":  "\x21\xf9\x04",
		"moving.webp": "ANMF",
		"moving.png":  "fcTL",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent, err := os.ReadFile(filepath.Join("testdata/animations", name))
			if err != nil {
				t.Fatal(err)
			}
			kept := s.upload(t, s.UserKey, file("source", name, sent))
			kept.wantUpload(t)
			if raw := s.get(t, kept.text("image.url")); raw.Status != http.StatusOK || !bytes.Equal(raw.Body, sent) {
				t.Errorf("status %d, %d bytes of %d that were sent", raw.Status, len(raw.Body), len(sent))
			}
			reduced := s.upload(t, s.UserKey, file("source", name, sent), field("width", "100"))
			reduced.wantUpload(t)
			if reduced.number("image.width") != 100 || reduced.number("image.height") != 75 || reduced.number("image.is_animated") != 1 || reduced.number("image.chain") != 7 {
				t.Errorf("%s", reduced)
			}
			if w := reduced.Header.Get("Vitrine-Warning"); w != "" {
				t.Errorf("warned of %q", w)
			}
			raw := s.get(t, reduced.text("image.url"))
			if got, want := bytes.Count(raw.Body, []byte(frame)), bytes.Count(sent, []byte(frame)); got != want {
				t.Errorf("%d frames, want %d", got, want)
			}
		})
	}
}
