package media_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"golang.org/x/image/webp"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

func FuzzCleanOriginal(f *testing.F) {
	for _, tt := range cleaned {
		if b := sample(f, "metadata", tt.name); len(b) < 20_000 {
			f.Add(b, true)
			f.Add(b, false)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, everything bool) {
		format, err := media.Sniff(b[:min(len(b), 4096)])
		if err != nil || format.Kind() != vitrine.KindImage || len(b) > 1<<20 {
			return
		}
		o := media.CleanOptions{All: everything, GPS: !everything}
		if _, err := media.ReadMetadata(bytes.NewReader(b), int64(len(b)), format); err != nil {
			return
		}
		c := clean(t, b, format, o)
		var want []image.Image
		if !tooLarge(b, format) {
			want = goPixels(t, b, format)
		}
		if again, err := media.Sniff(c[:min(len(c), 4096)]); again != format && (want != nil || format != vitrine.JPEG) {
			t.Fatalf("%s became %q, %v", format, again, err)
		}
		if !bytes.Equal(c, clean(t, c, format, o)) {
			t.Error("cleaning twice is not cleaning once")
		}
		if media.NeedsCleaning(read(t, c, format), o) {
			t.Error("a clean file needs cleaning")
		}
		if want != nil && !samePixels(want, goPixels(t, c, format)) {
			t.Error("other pixels")
		}
	})
}

// tooLarge keeps the test from decoding bombs.
func tooLarge(b []byte, format vitrine.Format) bool {
	switch format {
	case vitrine.GIF:
		return len(b) < 10 || int(binary.LittleEndian.Uint16(b[6:]))*int(binary.LittleEndian.Uint16(b[8:])) > 1<<16
	case vitrine.WebP:
		c, err := webp.DecodeConfig(bytes.NewReader(b))
		return err != nil || c.Width*c.Height > 1<<16
	case vitrine.PNG:
		c, err := png.DecodeConfig(bytes.NewReader(b))
		return err != nil || c.Width*c.Height > 1<<16
	case vitrine.JPEG:
		c, err := jpeg.DecodeConfig(bytes.NewReader(b))
		return err != nil || c.Width*c.Height > 1<<18
	}
	return true
}
