package media_test

import (
	"context"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vitrine/internal/vips"
	"vitrine/internal/vitrine"
)

// lanczos reduces a picture the straight way: every pixel, three lobes, in
// floating point.
func lanczos(m image.Image, w, h int) *image.NRGBA {
	b := m.Bounds()
	across := make([]float64, w*b.Dy()*3)
	weights := kernel(b.Dx(), w)
	for y := range b.Dy() {
		row := make([]float64, b.Dx()*3)
		for x := range b.Dx() {
			c := color.NRGBAModel.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			row[3*x], row[3*x+1], row[3*x+2] = float64(c.R), float64(c.G), float64(c.B)
		}
		for x, k := range weights {
			for j, v := range k.weights {
				for c := range 3 {
					across[3*(y*w+x)+c] += v * row[3*(k.first+j)+c]
				}
			}
		}
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y, k := range kernel(b.Dy(), h) {
		for x := range w {
			var v [3]float64
			for j, f := range k.weights {
				for c := range 3 {
					v[c] += f * across[3*((k.first+j)*w+x)+c]
				}
			}
			to8 := func(f float64) uint8 { return uint8(math.Round(min(max(f, 0), 255))) }
			out.SetNRGBA(x, y, color.NRGBA{to8(v[0]), to8(v[1]), to8(v[2]), 255})
		}
	}
	return out
}

type taps struct {
	first   int
	weights []float64
}

func kernel(in, out int) []taps {
	sinc := func(x float64) float64 {
		if x == 0 {
			return 1
		}
		return math.Sin(math.Pi*x) / (math.Pi * x)
	}
	scale := float64(in) / float64(out)
	list := make([]taps, out)
	for i := range list {
		centre := (float64(i)+0.5)*scale - 0.5
		first, last := max(int(math.Ceil(centre-3*scale)), 0), min(int(math.Floor(centre+3*scale)), in-1)
		k, sum := taps{first: first}, 0.0
		for x := first; x <= last; x++ {
			d := (float64(x) - centre) / scale
			v := sinc(d) * sinc(d/3)
			k.weights, sum = append(k.weights, v), sum+v
		}
		for j := range k.weights {
			k.weights[j] /= sum
		}
		list[i] = k
	}
	return list
}

// encoded writes a picture as the savers of libvips would.
func encoded(t testing.TB, m *image.NRGBA, saver vips.Saver, quality int) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "reference"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := m.Bounds()
	p := vips.Picture{Data: encodePNG(m), Loader: vips.PNG, Width: b.Dx(), Height: b.Dy()}
	err = p.Render(time.Minute, vips.Output{
		Width: b.Dx(), Height: b.Dy(), CropWidth: b.Dx(), CropHeight: b.Dy(), Orientation: 1, Saver: saver, Quality: quality, File: f,
	})
	if err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// Variants come within 1 dB of a Lanczos reduction of the whole picture that is
// encoded the same way, both measured against the reduction before encoding.
func TestVariantsAreAsGoodAsLanczos(t *testing.T) {
	t.Parallel()
	if err := vips.Init(); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, nil)
	for name, c := range map[string]struct {
		data    []byte
		format  vitrine.Format
		saver   vips.Saver
		quality int
	}{
		"12 MP":              {jpeg12MP(), vitrine.JPEG, vips.ToJPEG, 90},
		"1280×960":           {jpeg1MP(), vitrine.JPEG, vips.ToJPEG, 90},
		"2100×1400":          {encodeJPEG(photo(2100, 1400, 4), 92), vitrine.JPEG, vips.ToJPEG, 90},
		"700×1000, PNG":      {encodePNG(photo(700, 1000, 6)), vitrine.PNG, vips.ToPNG, 0},
		"600×450, WebP":      {file(t, "pictures/lossy.webp"), vitrine.WebP, vips.ToWebP, 80},
		"600×450, AVIF":      {file(t, "pictures/photo.avif"), vitrine.AVIF, vips.ToAVIF, 60},
		"600×450, JPEG scan": {file(t, "pictures/progressive.jpg"), vitrine.JPEG, vips.ToJPEG, 90},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := b.put(t, c.data)
			req := b.request(t, path)
			r, err := b.Render(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			full := decoded(t, path, c.format)
			d := full.Bounds()
			check := func(what string, o *vitrine.Output, reference *image.NRGBA) {
				best := psnr(reference, decoded(t, encoded(t, reference, c.saver, c.quality), c.format))
				ours := psnr(reference, decoded(t, o.Path, c.format))
				if c.format == vitrine.PNG {
					best = 50 // lossless: what is left is how the rounding went
				}
				t.Logf("%s: %.2f dB, Lanczos %.2f dB", what, ours, best)
				if ours < best-1 {
					t.Errorf("%s: %.2f dB, Lanczos %.2f dB", what, ours, best)
				}
			}
			check("medium", r.Medium, lanczos(full, r.Medium.Width, r.Medium.Height))
			scale := max(320/float64(d.Dx()), 320/float64(d.Dy()))
			cover := lanczos(full, int(math.Round(float64(d.Dx())*scale)), int(math.Round(float64(d.Dy())*scale)))
			x, y := (cover.Bounds().Dx()-320)/2, (cover.Bounds().Dy()-320)/2
			thumb := image.NewNRGBA(image.Rect(0, 0, 320, 320))
			for i := range 320 {
				copy(thumb.Pix[i*thumb.Stride:(i+1)*thumb.Stride], cover.Pix[cover.PixOffset(x, y+i):])
			}
			check("thumb", r.Thumb, thumb)
		})
	}
}
