package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"testing"
	"time"

	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

var testLoaders = map[vitrine.Format]vips.Loader{
	vitrine.JPEG: vips.JPEG, vitrine.PNG: vips.PNG, vitrine.GIF: vips.GIF, vitrine.WebP: vips.WebP, vitrine.AVIF: vips.HEIF, vitrine.HEIC: vips.HEIF,
}

// decoded decodes a picture of any format, its first frame, as it lies in the
// file: no orientation.
func decoded(t testing.TB, path string, format vitrine.Format) image.Image {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := vips.Init(); err != nil {
		t.Fatal(err)
	}
	p := vips.Picture{Data: data, Loader: testLoaders[format]}
	h, err := p.Header()
	if err != nil {
		t.Fatal(err)
	}
	p.Width, p.Height = h.Width, h.Height
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = p.Render(time.Minute, vips.Output{
		Width: h.Width, Height: h.Height, CropWidth: h.Width, CropHeight: h.Height, Orientation: 1, Saver: vips.ToPNG, File: f,
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(a, b color.Color, by int) bool {
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	d := func(p, q uint8) bool { return int(p)-int(q) <= by && int(q)-int(p) <= by }
	return d(x.A, y.A) && (x.A == 0 || d(x.R, y.R) && d(x.G, y.G) && d(x.B, y.B))
}

// psnr compares the colours of two pictures of one size, in decibels.
func psnr(a, b image.Image) float64 {
	var sum, n float64
	r := a.Bounds()
	for y := range r.Dy() {
		for x := range r.Dx() {
			p, q := color.NRGBAModel.Convert(a.At(r.Min.X+x, r.Min.Y+y)).(color.NRGBA), color.NRGBAModel.Convert(b.At(b.Bounds().Min.X+x, b.Bounds().Min.Y+y)).(color.NRGBA)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				sum += float64(d * d)
			}
			n += 3
		}
	}
	return 10 * math.Log10(255*255/(sum/n))
}

// hasProfile looks for an embedded colour profile in a JPEG or PNG.
func hasProfile(t testing.TB, path string) bool {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(data, []byte("ICC_PROFILE")) || bytes.Contains(data, []byte("iCCP"))
}
