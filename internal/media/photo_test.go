package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
)

// photo is a synthetic photograph: smooth shapes, edges, and grain that keeps a
// JPEG of it about as large as a camera's.
func photo(w, h int, grain float64) *image.RGBA {
	r := rand.New(rand.NewPCG(1, uint64(w*h)))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	noise := make([]float64, 1<<16)
	for i := range noise {
		noise[i] = r.NormFloat64() * grain
	}
	for y := range h {
		fy := float64(y) / float64(h)
		for x := range w {
			fx := float64(x) / float64(w)
			v := 90*math.Sin(9*fx+3*math.Sin(7*fy)) + 40*math.Sin(61*fx*fy+5)
			if math.Mod(fx*13+fy*7, 1) < 0.3 { // edges
				v -= 50
			}
			n := noise[r.Uint32()&0xffff]
			c := func(shift float64) uint8 { return uint8(min(max(128+v*math.Cos(shift+2*fy)+n, 0), 255)) }
			m.SetRGBA(x, y, color.RGBA{c(0), c(0.4), c(0.9), 255})
		}
	}
	return m
}

func encodeJPEG(m image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func encodePNG(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// The pictures that performance is measured with.
var (
	jpeg12MP = sync.OnceValue(func() []byte { return encodeJPEG(photo(4000, 3000, 9), 86) })
	jpeg1MP  = sync.OnceValue(func() []byte { return encodeJPEG(photo(1280, 960, 7), 80) })
	png2KB   = sync.OnceValue(func() []byte { return encodePNG(photo(26, 26, 7)) })
)

func TestPhotosAreAsLargeAsTheyShouldBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ got, least, most int }{
		"12 MP": {len(jpeg12MP()), 3e6, 5e6}, "1280×960": {len(jpeg1MP()), 150e3, 260e3}, "2 KB": {len(png2KB()), 1500, 3000},
	} {
		if c.got < c.least || c.got > c.most {
			t.Errorf("%s has %d bytes", name, c.got)
		}
	}
}
