package media_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/bmp"

	"vitrine/internal/media"
	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// asImage looks at decoded pixels.
func asImage(p vips.Picture) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, p.Width, p.Height))
	for i := range p.Width * p.Height {
		c := color.NRGBA{A: 255}
		px := p.Data[i*p.Bands:]
		c.R, c.G, c.B = px[0], px[1], px[2]
		if p.Bands == 4 {
			c.A = px[3]
		}
		m.SetNRGBA(i%p.Width, i/p.Width, c)
	}
	return m
}

// The files hold one picture, written by ImageMagick in many ways; colours are
// lost by few bits and small palettes.
func TestDecodeBMPFiles(t *testing.T) {
	t.Parallel()
	rgb, err := media.DecodeBMP(file(t, "pictures/rgb24.bmp"))
	if err != nil {
		t.Fatal(err)
	}
	for name, least := range map[string]float64{
		"os2.bmp": 99, "rgb24.bmp": 99, "rgb565.bmp": 35, "rgb555.bmp": 32, "argb4444.bmp": 26, "pal8.bmp": 27, "pal4.bmp": 18, "pal1.bmp": 3,
	} {
		p, err := media.DecodeBMP(file(t, "pictures/"+name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Width != 123 || p.Height != 77 {
			t.Errorf("%s: %d×%d", name, p.Width, p.Height)
			continue
		}
		if got := psnr(asImage(rgb), asImage(p)); got < least {
			t.Errorf("%s: %.1f dB, want at least %v", name, got, least)
		}
	}
}

// Where golang.org/x/image/bmp knows a file, it must see the same.
func TestDecodeBMPAgainstAnother(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/pictures/*.bmp")
	if err != nil || len(names) < 8 {
		t.Fatalf("%v, %v", names, err)
	}
	compared := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := bmp.Decode(bytes.NewReader(data))
		if err != nil {
			continue
		}
		compared++
		p, err := media.DecodeBMP(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := asImage(p)
		for y := range p.Height {
			for x := range p.Width {
				if !near(got.At(x, y), want.At(x, y), 0) {
					t.Fatalf("%s at %d, %d: %v, want %v", name, x, y, got.At(x, y), want.At(x, y))
				}
			}
		}
	}
	if compared < 3 {
		t.Errorf("compared only %d", compared)
	}
}

// bitmapFile puts a bitmap of 40-byte header together: negative heights are top
// down. extra goes between header and palette.
func bitmapFile(w, h, depth, packing int, extra, palette, data []byte) []byte {
	b := []byte("BM")
	le := binary.LittleEndian
	offset := 54 + len(extra) + len(palette)
	b = le.AppendUint32(b, uint32(offset+len(data)))
	b = le.AppendUint32(b, 0)
	b = le.AppendUint32(b, uint32(offset))
	b = le.AppendUint32(b, 40)
	b = le.AppendUint32(b, uint32(int32(w)))
	b = le.AppendUint32(b, uint32(int32(h)))
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, uint16(depth))
	b = le.AppendUint32(b, uint32(packing))
	b = le.AppendUint32(b, uint32(len(data)))
	b = append(b, make([]byte, 16)...)
	return append(append(append(b, extra...), palette...), data...)
}

func TestDecodeBMPKinds(t *testing.T) {
	t.Parallel()
	// palette: 0 black, 1 red, 2 green, 3 blue
	small := []byte{0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0}
	pal4 := append(bytes.Clone(small), make([]byte, 4*12)...)
	pal8 := append(bytes.Clone(small), make([]byte, 4*252)...)
	masks := func(m ...uint32) (b []byte) {
		for _, v := range m {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		return b
	}
	for name, c := range map[string]struct {
		file []byte
		want string // rows of k black, r, g, b, w white, . transparent; "": refused
	}{
		"RLE8: runs, as they are, end of row":   {bitmapFile(4, 2, 8, 1, nil, pal8, []byte{3, 1, 1, 2, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1}), "rgbk/rrrg"},
		"RLE8: a move":                          {bitmapFile(4, 2, 8, 1, nil, pal8, []byte{1, 1, 0, 2, 2, 1, 1, 3, 0, 1}), "kkkb/rkkk"},
		"RLE8: past the edge":                   {bitmapFile(2, 1, 8, 1, nil, pal8, []byte{9, 1, 0, 1}), "rr"},
		"RLE8: no end mark, all there":          {bitmapFile(2, 1, 8, 1, nil, pal8, []byte{2, 1}), "rr"},
		"RLE8: breaks off":                      {bitmapFile(2, 2, 8, 1, nil, pal8, []byte{2, 1}), ""},
		"RLE8: breaks off in pixels":            {bitmapFile(2, 2, 8, 1, nil, pal8, []byte{0, 9, 1}), ""},
		"RLE8: top down":                        {bitmapFile(2, -2, 8, 1, nil, pal8, []byte{2, 1, 0, 1}), ""},
		"RLE4: two colours taking turns":        {bitmapFile(5, 1, 4, 2, nil, pal4, []byte{5, 0x12, 0, 1}), "rgrgr"},
		"RLE4: as they are, odd":                {bitmapFile(5, 1, 4, 2, nil, pal4, []byte{0, 5, 0x12, 0x30, 0x10, 0, 0, 1}), "rgbkr"},
		"4 bits":                                {bitmapFile(3, 2, 4, 0, nil, pal4, []byte{0x12, 0x30, 0, 0, 0x33, 0x30, 0, 0}), "bbb/rgb"},
		"2 bits":                                {bitmapFile(5, 1, 2, 0, nil, small, []byte{0b00011011, 0b01000000, 0, 0}), "krgbr"},
		"1 bit, top down":                       {bitmapFile(9, -2, 1, 0, nil, small[:8], []byte{0b10101010, 0x80, 0, 0, 0, 0, 0, 0}), "rkrkrkrkr/kkkkkkkkk"},
		"16 bits, 5-5-5":                        {bitmapFile(3, 1, 16, 0, nil, nil, []byte{0, 0x7c, 0xe0, 3, 0xff, 0x7f, 0, 0}), "rgw"},
		"16 bits, fields 5-6-5":                 {bitmapFile(2, 1, 16, 3, masks(0xf800, 0x7e0, 0x1f), nil, []byte{0x1f, 0, 0xff, 0xff}), "bw"},
		"32 bits, the fourth byte means naught": {bitmapFile(2, 1, 32, 0, nil, nil, []byte{0, 0, 255, 0, 255, 0, 0, 9}), "rb"},
		"32 bits, fields swapped":               {bitmapFile(2, 1, 32, 3, masks(0xff, 0xff00, 0xff0000), nil, []byte{255, 0, 0, 0, 0, 0, 255, 0}), "rb"},
		"32 bits, 10 bits a colour":             {bitmapFile(1, 1, 32, 3, masks(0x3ff00000, 0xffc00, 0x3ff), nil, []byte{0xff, 0xff, 0xff, 0x3f}), "w"},
		"32 bits with alpha":                    {bitmapFile(2, 1, 32, 6, masks(0xff0000, 0xff00, 0xff, 0xff000000), nil, []byte{0, 0, 255, 255, 0, 0, 0, 0}), "r."},
		"32 bits, all of it transparent":        {bitmapFile(2, 1, 32, 6, masks(0xff0000, 0xff00, 0xff, 0xff000000), nil, []byte{0, 0, 255, 0, 0, 255, 0, 0}), "rg"},
		"mask with holes":                       {bitmapFile(1, 1, 32, 3, masks(0xf0f, 0xff00, 0xff), nil, make([]byte, 4)), ""},
		"an index past a short palette":         {bitmapFile(4, 1, 8, 0, nil, pal8[:16], []byte{0, 1, 2, 200}), "krgk"},
		"JPEG inside":                           {bitmapFile(1, 1, 24, 4, nil, nil, make([]byte, 4)), ""},
		"24 bits packed by runs":                {bitmapFile(1, 1, 24, 1, nil, nil, make([]byte, 4)), ""},
		"no pixels":                             {bitmapFile(1, 1, 24, 0, nil, nil, nil), ""},
		"more pixels than bytes":                {bitmapFile(1<<20, 1<<20, 24, 0, nil, nil, make([]byte, 99)), ""},
		"no height":                             {bitmapFile(1, 0, 24, 0, nil, nil, make([]byte, 4)), ""},
		"the least height":                      {bitmapFile(1, -1<<31, 24, 0, nil, nil, make([]byte, 4)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := media.DecodeBMP(c.file)
			if c.want == "" {
				if !vitrine.Is(err, vitrine.CodeDamaged) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := letters(p); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func letters(p vips.Picture) string {
	var b []byte
	names := map[[4]byte]byte{{0, 0, 0, 255}: 'k', {255, 0, 0, 255}: 'r', {0, 255, 0, 255}: 'g', {0, 0, 255, 255}: 'b', {255, 255, 255, 255}: 'w', {}: '.'}
	for i := range p.Width * p.Height {
		if i > 0 && i%p.Width == 0 {
			b = append(b, '/')
		}
		px := [4]byte{3: 255}
		copy(px[:], p.Data[i*p.Bands:][:p.Bands])
		n, ok := names[px]
		if !ok {
			n = '?'
		}
		b = append(b, n)
	}
	return string(b)
}
