package vips_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vitrine/internal/vips"
)

func TestMain(m *testing.M) {
	if err := vips.Init(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func encodePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rendered makes one PNG of a picture.
func rendered(t testing.TB, p vips.Picture, o vips.Output) image.Image {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "out.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	o.File, o.Saver = f, vips.ToPNG
	if err := p.Render(time.Minute, o); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func whole(w, h int) vips.Output {
	return vips.Output{Width: w, Height: h, CropWidth: w, CropHeight: h, Orientation: 1}
}

// counting has another colour in every pixel.
func counting(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(10 * x), uint8(20 * y), uint8(x + y), 255})
		}
	}
	return m
}

// EXIF orientation n shows at (x, y) of the upright picture what is stored at
// the returned place (Exif 3.0, 4.6.5.1.6).
func stored(n, x, y, w, h int) (int, int) {
	switch n {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}

func TestRenderTurnsAndCuts(t *testing.T) {
	t.Parallel()
	const w, h = 7, 5
	m := counting(w, h)
	p := vips.Picture{Data: encodePNG(t, m), Loader: vips.PNG, Width: w, Height: h}
	for n := 1; n <= 8; n++ {
		o := whole(w, h)
		o.Orientation = n
		got := rendered(t, p, o)
		for y := range got.Bounds().Dy() {
			for x := range got.Bounds().Dx() {
				sx, sy := stored(n, x, y, w, h)
				if color.NRGBAModel.Convert(got.At(x, y)) != color.Color(m.NRGBAAt(sx, sy)) {
					t.Fatalf("orientation %d at %d, %d: %v, want %v", n, x, y, got.At(x, y), m.NRGBAAt(sx, sy))
				}
			}
		}
		o.Left, o.Top, o.CropWidth, o.CropHeight = 2, 1, 4, 3
		cut := rendered(t, p, o)
		for y := range cut.Bounds().Dy() {
			for x := range cut.Bounds().Dx() {
				sx, sy := stored(n, x, y, 4, 3)
				if color.NRGBAModel.Convert(cut.At(x, y)) != color.Color(m.NRGBAAt(2+sx, 1+sy)) {
					t.Fatalf("cut, orientation %d at %d, %d: %v", n, x, y, cut.At(x, y))
				}
			}
		}
	}
}

// A picture of one colour stays one at every factor, in every number of bands.
func TestRenderFlat(t *testing.T) {
	t.Parallel()
	flat := func(m interface {
		image.Image
		Set(x, y int, c color.Color)
	}, c color.Color) image.Image {
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				m.Set(x, y, c)
			}
		}
		return m
	}
	r := image.Rect(0, 0, 301, 97)
	for name, m := range map[string]image.Image{
		"grey":     flat(image.NewGray(r), color.Gray{201}),
		"grey, 16": flat(image.NewGray16(r), color.Gray16{0xc9c9}),
		"rgb":      flat(image.NewRGBA(r), color.RGBA{255, 1, 77, 255}),
		"alpha":    flat(image.NewNRGBA(r), color.NRGBA{200, 100, 50, 128}),
		"rgb, 16":  flat(image.NewRGBA64(r), color.RGBA64{0xffff, 0x0101, 0x4d4d, 0xffff}),
	} {
		p := vips.Picture{Data: encodePNG(t, m), Loader: vips.PNG, Width: 301, Height: 97}
		for _, s := range [][2]int{{301, 97}, {300, 96}, {150, 97}, {301, 1}, {77, 25}, {13, 4}, {1, 1}} {
			got := rendered(t, p, whole(s[0], s[1]))
			for y := range s[1] {
				for x := range s[0] {
					a, b := color.NRGBAModel.Convert(got.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(m.At(0, 0)).(color.NRGBA)
					d := max(int(a.R)-int(b.R), int(b.R)-int(a.R), int(a.G)-int(b.G), int(b.G)-int(a.G), int(a.B)-int(b.B), int(b.B)-int(a.B), int(a.A)-int(b.A), int(b.A)-int(a.A))
					if d > 1 {
						t.Fatalf("%s to %v at %d, %d: %v, want %v", name, s, x, y, a, b)
					}
				}
			}
		}
	}
}

// The colour of what cannot be seen does not bleed into what can.
func TestRenderTransparentDoesNotBleed(t *testing.T) {
	t.Parallel()
	m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			c := color.NRGBA{0, 0, 255, 255}
			if (x+y)%2 == 0 {
				c = color.NRGBA{255, 0, 0, 0}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	p := vips.Picture{Data: encodePNG(t, m), Loader: vips.PNG, Width: 64, Height: 64}
	for _, n := range []int{32, 20, 8, 3} {
		got := rendered(t, p, whole(n, n))
		for y := range n {
			for x := range n {
				if c := color.NRGBAModel.Convert(got.At(x, y)).(color.NRGBA); c.A > 8 && (c.R > 3 || c.B < 250) {
					t.Fatalf("%d at %d, %d: %v", n, x, y, c)
				}
			}
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	t.Parallel()
	data := encodePNG(t, counting(20, 12))
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, counting(20, 12), nil); err != nil {
		t.Fatal(err)
	}
	var text vips.Error
	for name, c := range map[string]struct {
		p        vips.Picture
		o        vips.Output
		patience time.Duration
		want     any
	}{
		"another format":            {vips.Picture{Data: data, Loader: vips.JPEG, Width: 20, Height: 12}, whole(10, 6), time.Minute, &text},
		"another size":              {vips.Picture{Data: data, Loader: vips.PNG, Width: 40, Height: 24}, whole(40, 24), time.Minute, &text},
		"another size of JPEG":      {vips.Picture{Data: jpg.Bytes(), Loader: vips.JPEG, Width: 21, Height: 12}, whole(10, 6), time.Minute, &text},
		"truncated":                 {vips.Picture{Data: data[:len(data)/2], Loader: vips.PNG, Width: 20, Height: 12}, whole(20, 12), time.Minute, &text},
		"truncated JPEG":            {vips.Picture{Data: jpg.Bytes()[:jpg.Len()-30], Loader: vips.JPEG, Width: 20, Height: 12}, whole(20, 12), time.Minute, &text},
		"nothing":                   {vips.Picture{Loader: vips.PNG, Width: 1, Height: 1}, whole(1, 1), time.Minute, &text},
		"text taken for pixels":     {vips.Picture{Data: []byte("abc"), Loader: vips.Pixels, Width: 10, Height: 10, Bands: 3}, whole(10, 10), time.Minute, &text},
		"out of time":               {vips.Picture{Data: data, Loader: vips.PNG, Width: 20, Height: 12}, whole(20, 12), -time.Second, nil},
		"out of time, JPEG to JPEG": {vips.Picture{Data: jpg.Bytes(), Loader: vips.JPEG, Width: 20, Height: 12}, whole(20, 12), -time.Second, nil},
	} {
		for _, saver := range []vips.Saver{vips.ToPNG, vips.ToJPEG} {
			f, err := os.Create(filepath.Join(t.TempDir(), "out"))
			if err != nil {
				t.Fatal(err)
			}
			c.o.File, c.o.Saver, c.o.Quality = f, saver, 90
			err = c.p.Render(c.patience, c.o)
			f.Close()
			if c.want == nil && !errors.Is(err, vips.ErrTimeout) || c.want != nil && !errors.As(err, c.want) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
}

// Not in parallel: libvips has one buffer of errors for the whole process, and what
// went wrong here is read from it.
func TestRenderToFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	p := vips.Picture{Data: encodePNG(t, counting(200, 120)), Loader: vips.PNG, Width: 200, Height: 120}
	for _, saver := range []vips.Saver{vips.ToPNG, vips.ToJPEG, vips.ToGIF, vips.ToWebP, vips.ToAVIF} {
		o := whole(200, 120)
		o.File, o.Saver, o.Quality = full, saver, 50
		if err := p.Render(time.Minute, o); !errors.Is(err, vips.ErrNoSpace) {
			t.Errorf("saver %d: %v", saver, err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	var data bytes.Buffer
	if err := jpeg.Encode(&data, counting(1280, 960), &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	p := vips.Picture{Data: data.Bytes(), Loader: vips.JPEG, Width: 1280, Height: 960}
	f, err := os.Create(filepath.Join(b.TempDir(), "out.jpeg"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	o := whole(500, 375)
	o.File, o.Saver, o.Quality = f, vips.ToJPEG, 90
	for b.Loop() {
		if _, err := f.Seek(0, 0); err != nil {
			b.Fatal(err)
		}
		if err := p.Render(time.Minute, o); err != nil {
			b.Fatal(err)
		}
	}
}
