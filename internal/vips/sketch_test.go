package vips_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vitrine/internal/vips"
)

// fields paints every field of a sketch in a colour of its own.
func fields(w, h int, at func(column, row int) color.Color) image.Image {
	m := image.NewNRGBA64(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, at(x*vips.SketchWidth/w, y*vips.SketchHeight/h))
		}
	}
	return m
}

func TestSketch(t *testing.T) {
	t.Parallel()
	colours := func(column, row int) color.Color {
		return color.NRGBA{uint8(80 * column), uint8(120 * row), 40, 255}
	}
	grey := func(column, row int) color.Color { return color.Gray{uint8(60*column + 20*row)} }
	half := func(column, row int) color.Color {
		if column == 0 {
			return color.NRGBA{}
		}
		return color.NRGBA{200, 100, 0, 128}
	}
	asJPEG := func(m image.Image) vips.Picture {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
			t.Fatal(err)
		}
		return vips.Picture{Data: b.Bytes(), Loader: vips.JPEG}
	}
	asPNG := func(m image.Image) vips.Picture { return vips.Picture{Data: encodePNG(t, m), Loader: vips.PNG} }
	for _, c := range []struct {
		name    string
		picture vips.Picture
		saver   vips.Saver
		width   int
		at      func(column, row int) color.Color
	}{
		{"JPEG", asJPEG(fields(640, 480, colours)), vips.ToJPEG, 640, colours},
		{"PNG of 16 bits", asPNG(fields(640, 480, colours)), vips.ToPNG, 640, colours},
		{"WebP from PNG", asPNG(fields(640, 480, colours)), vips.ToWebP, 640, colours},
		{"transparent", asPNG(fields(640, 480, half)), vips.ToPNG, 640, half},
		{"grey", asPNG(fields(64, 48, grey)), vips.ToPNG, 64, grey},
		{"as many pixels as fields", asPNG(fields(4, 3, colours)), vips.ToPNG, 4, colours},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.picture.Width, c.picture.Height = c.width, c.width*3/4
			f, err := os.Create(filepath.Join(t.TempDir(), "out"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			o := whole(c.width, c.width*3/4)
			o.File, o.Saver, o.Quality, o.Sketch = f, c.saver, 90, make([]byte, 3*vips.SketchWidth*vips.SketchHeight)
			if err := c.picture.Render(time.Minute, o); err != nil {
				t.Fatal(err)
			}
			for i := range o.Sketch {
				field, channel := i/3, i%3
				want := color.NRGBAModel.Convert(c.at(field%vips.SketchWidth, field/vips.SketchWidth)).(color.NRGBA)
				if want.A == 0 {
					want = color.NRGBA{128, 128, 128, 255}
				}
				if got, want := int(o.Sketch[i]), int([]uint8{want.R, want.G, want.B}[channel]); got < want-4 || got > want+4 {
					t.Errorf("field %d, channel %d: %d, want %d", field, channel, got, want)
				}
			}
		})
	}
}
