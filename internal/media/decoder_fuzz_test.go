package media_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"vitrine/internal/media"
	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// FuzzAnswer: whatever a decoder writes, the server reads an answer or an error.
func FuzzAnswer(f *testing.F) {
	var b bytes.Buffer
	if err := media.WriteAnswer(&b, &media.Answer{Thumb: &media.Product{Name: "thumb.png", Format: vitrine.PNG, Width: 1, Height: 1}}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte{0, 0, 0, 2, '{', '}'})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0, 0, 0, 9, '{', '}'})
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := media.ReadAnswer(bytes.NewReader(data))
		if err == nil {
			if err := media.WriteAnswer(&bytes.Buffer{}, a); err != nil {
				t.Errorf("what was read cannot be written: %v", err)
			}
		}
	})
}

// FuzzHeader reads heads of pictures as a decoder does, in this process.
func FuzzHeader(f *testing.F) {
	if err := vips.Init(); err != nil {
		f.Fatal(err)
	}
	names, err := filepath.Glob("testdata/pictures/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 4096)])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		format, err := media.Sniff(data[:min(len(data), 4096)])
		// AVIF has the same reader; what that refuses of HEIC goes through WebAssembly, too slowly for this.
		if err != nil || format.Kind() != vitrine.KindImage || format == vitrine.HEIC {
			return
		}
		h, err := media.Header(data, format)
		if err == nil && (h.Width < 1 || h.Height < 1 || h.Pages < 1) {
			t.Errorf("%s: %+v", format, h)
		}
	})
}

func FuzzDecodeBMP(f *testing.F) {
	names, err := filepath.Glob("testdata/pictures/*.bmp")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 2000)])
	}
	pal := append([]byte{0, 0, 0, 0, 0, 0, 255, 0}, make([]byte, 4*254)...)
	f.Add(bitmapFile(4, 2, 8, 1, nil, pal, []byte{3, 1, 1, 2, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1}))
	f.Add(bitmapFile(5, 1, 4, 2, nil, pal[:64], []byte{5, 0x12, 0, 1}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 26 { // small pictures only: large ones are a matter of memory limits
			for _, at := range []int{20, 21, 24, 25} {
				if len(data) > at {
					data[at] = 0
				}
			}
		}
		p, err := media.DecodeBMP(bytes.Clone(data))
		if err == nil && len(p.Data) != p.Width*p.Height*p.Bands {
			t.Errorf("%d×%d×%d in %d bytes", p.Width, p.Height, p.Bands, len(p.Data))
		}
	})
}
