package media_test

import (
	"context"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// size of an output; the zero size says that there is none.
type size struct{ w, h int }

func sizeOf(o *vitrine.Output) size {
	if o == nil {
		return size{}
	}
	return size{o.Width, o.Height}
}

// checkOutput holds an output against what it says of itself.
func checkOutput(t *testing.T, what string, o *vitrine.Output) {
	t.Helper()
	if o == nil {
		return
	}
	info, err := os.Stat(o.Path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != o.Size {
		t.Errorf("%s: size %d, file has %d bytes", what, o.Size, info.Size())
	}
	if o.Format == vitrine.BMP || o.Format == vitrine.HEIC {
		t.Errorf("%s: kept as %s", what, o.Format)
	}
	if m := decoded(t, o.Path, o.Format); what != "original" && (m.Bounds().Dx() != o.Width || m.Bounds().Dy() != o.Height) {
		t.Errorf("%s: said %d×%d, is %v", what, o.Width, o.Height, m.Bounds())
	}
}

func TestRenderFormats(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *media.Config) { c.Decoders = 2 })
	for _, c := range []struct {
		file            string
		format          vitrine.Format // as received
		is              size
		frames          int
		alpha           bool
		thumb, medium   size
		stored          vitrine.Format
		changed         bool
		width           int
		original        size // with width
		progressive     bool
		framesWithWidth int
	}{
		{file: "plain.jpg", format: vitrine.JPEG, is: size{640, 480}, thumb: size{320, 320}, medium: size{500, 375}, width: 300, original: size{300, 225}},
		{file: "progressive.jpg", format: vitrine.JPEG, is: size{600, 450}, thumb: size{320, 320}, medium: size{500, 375}, width: 599, original: size{599, 449}, progressive: true},
		{file: "grey.jpg", format: vitrine.JPEG, is: size{400, 300}, thumb: size{320, 300}, width: 100, original: size{100, 75}},
		{file: "cmyk.jpg", format: vitrine.JPEG, is: size{300, 225}, thumb: size{300, 225}, width: 150, original: size{150, 113}},
		{file: "p3.jpg", format: vitrine.JPEG, is: size{80, 60}, thumb: size{80, 60}, width: 40, original: size{40, 30}},
		{file: "p3.png", format: vitrine.PNG, is: size{80, 60}, thumb: size{80, 60}, width: 40, original: size{40, 30}},
		{file: "rgb16.png", format: vitrine.PNG, is: size{400, 300}, thumb: size{320, 300}, width: 1, original: size{1, 1}},
		{file: "grey16.png", format: vitrine.PNG, is: size{400, 300}, thumb: size{320, 300}, width: 399, original: size{399, 299}},
		{file: "alpha.png", format: vitrine.PNG, is: size{400, 300}, alpha: true, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "alpha16.png", format: vitrine.PNG, is: size{400, 300}, alpha: true, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "grey-alpha.png", format: vitrine.PNG, is: size{400, 300}, alpha: true, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "palette.png", format: vitrine.PNG, is: size{400, 300}, alpha: true, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "bilevel.png", format: vitrine.PNG, is: size{400, 300}, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "interlaced.png", format: vitrine.PNG, is: size{300, 225}, thumb: size{300, 225}, width: 200, original: size{200, 150}, progressive: true},
		{file: "lossy.webp", format: vitrine.WebP, is: size{600, 450}, thumb: size{320, 320}, medium: size{500, 375}, width: 300, original: size{300, 225}},
		{file: "alpha.webp", format: vitrine.WebP, is: size{400, 300}, alpha: true, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "photo.avif", format: vitrine.AVIF, is: size{600, 450}, thumb: size{320, 320}, medium: size{500, 375}, width: 300, original: size{300, 225}},
		{file: "alpha.avif", format: vitrine.AVIF, is: size{400, 300}, alpha: true, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "ten.avif", format: vitrine.AVIF, is: size{400, 300}, thumb: size{320, 300}, width: 200, original: size{200, 150}},
		{file: "photo.heic", format: vitrine.HEIC, is: size{600, 450}, thumb: size{320, 320}, medium: size{500, 375}, stored: vitrine.JPEG, width: 300, original: size{300, 225}},
		{file: "refused.heic", format: vitrine.HEIC, is: size{176, 128}, thumb: size{176, 128}, stored: vitrine.JPEG, width: 100, original: size{100, 73}},
		{file: "moving.gif", format: vitrine.GIF, is: size{200, 150}, frames: 5, alpha: true, thumb: size{200, 150}, medium: size{200, 150}, width: 100, original: size{100, 75}, framesWithWidth: 5},
		{file: "opaque.gif", format: vitrine.GIF, is: size{320, 240}, frames: 3, thumb: size{320, 240}, medium: size{320, 240}, width: 100, original: size{100, 75}, framesWithWidth: 3},
		{file: "moving.webp", format: vitrine.WebP, is: size{200, 150}, frames: 5, alpha: true, thumb: size{200, 150}, medium: size{200, 150}, width: 100, original: size{100, 75}, framesWithWidth: 5},
		{file: "moving.png", format: vitrine.PNG, is: size{200, 150}, frames: 5, alpha: true, thumb: size{200, 150}, medium: size{200, 150}, width: 100, original: size{100, 75}, framesWithWidth: 5},
		{file: "rgb24.bmp", format: vitrine.BMP, is: size{123, 77}, thumb: size{123, 77}, stored: vitrine.PNG, width: 60, original: size{60, 38}},
		{file: "alpha.bmp", format: vitrine.BMP, is: size{123, 77}, alpha: true, thumb: size{123, 77}, stored: vitrine.PNG, width: 60, original: size{60, 38}},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			path := b.putFile(t, "pictures/"+c.file)
			req := b.request(t, path)
			i := req.Inspection
			if c.frames == 0 {
				c.frames = 1
			}
			if i.Format != c.format || (size{i.Width, i.Height}) != c.is || i.Frames != c.frames || i.Alpha != c.alpha || i.Progressive != c.progressive {
				t.Errorf("inspection: %+v", i)
			}
			r, err := b.Render(ctx, req)
			if err != nil {
				t.Fatal(err)
			}
			changed := c.stored != ""
			if c.stored == "" {
				c.stored = c.format
			}
			if r.Changed != changed || (r.Original.Path == path) == changed || r.Original.Format != c.stored || sizeOf(&r.Original) != c.is {
				t.Errorf("original: changed %v, %+v", r.Changed, r.Original)
			}
			if len(r.Placeholder) != 36 {
				t.Errorf("placeholder of %d bytes", len(r.Placeholder))
			}
			if sizeOf(r.Thumb) != c.thumb || sizeOf(r.Medium) != c.medium {
				t.Errorf("thumb %v, medium %v; want %v, %v", sizeOf(r.Thumb), sizeOf(r.Medium), c.thumb, c.medium)
			}
			checkOutput(t, "original", &r.Original)
			checkOutput(t, "thumb", r.Thumb)
			checkOutput(t, "medium", r.Medium)

			req.Width, req.Folder = c.width, b.folder(t)
			if r, err = b.Render(ctx, req); err != nil {
				t.Fatal(err)
			}
			if sizeOf(&r.Original) != c.original {
				t.Errorf("with width %d: %v, want %v", c.width, sizeOf(&r.Original), c.original)
			}
			if r.Thumb.Width > r.Original.Width || r.Thumb.Height > r.Original.Height {
				t.Errorf("thumb of %v is larger than the original of %v", sizeOf(r.Thumb), sizeOf(&r.Original))
			}
			checkOutput(t, "original", &r.Original)
			checkOutput(t, "thumb", r.Thumb)
			if c.framesWithWidth > 0 {
				i, err := b.Inspect(ctx, r.Original.Path)
				if err != nil {
					t.Fatal(err)
				}
				if i.Frames != c.framesWithWidth || (size{i.Width, i.Height}) != c.original {
					t.Errorf("resized to %d frames, want %d: %+v", i.Frames, c.framesWithWidth, i)
				}
			}

			req.Width = c.is.w + 1
			if _, err := b.Render(ctx, req); !vitrine.Is(err, vitrine.CodeWidthTooLarge) {
				t.Errorf("a width that is too large: %v", err)
			}
		})
	}
}

// The corners of turn1.jpg are red, green; blue, yellow. The others are stored
// the same way and turned by their EXIF orientation.
func TestRenderOrientations(t *testing.T) {
	t.Parallel()
	red, green, blue, yellow := color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 255, 0, 255}, color.NRGBA{0, 0, 255, 255}, color.NRGBA{255, 255, 0, 255}
	corners := [][4]color.NRGBA{
		{red, green, blue, yellow}, {green, red, yellow, blue}, {yellow, blue, green, red}, {blue, yellow, red, green},
		{red, blue, green, yellow}, {blue, red, yellow, green}, {yellow, green, blue, red}, {green, yellow, red, blue},
	}
	b := newBench(t, nil)
	for n, want := range corners {
		name := "turn" + string(rune('1'+n)) + ".jpg"
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := b.putFile(t, "pictures/"+name)
			req := b.request(t, path)
			req.Thumb, req.Medium = vitrine.Dimensions{Width: 30, Height: 30}, 40
			upright := size{80, 60}
			if n >= 4 {
				upright = size{60, 80}
			}
			if i := req.Inspection; i.Orientation != n+1 || (size{i.Width, i.Height}) != upright {
				t.Errorf("inspection: %+v", i)
			}
			check := func(what string, o *vitrine.Output) {
				t.Helper()
				m := decoded(t, o.Path, o.Format)
				w, h := m.Bounds().Dx(), m.Bounds().Dy()
				for k, at := range [][2]int{{w / 8, h / 8}, {w - 1 - w/8, h / 8}, {w / 8, h - 1 - h/8}, {w - 1 - w/8, h - 1 - h/8}} {
					if !near(m.At(at[0], at[1]), want[k], 12) {
						t.Errorf("%s, corner %d: %v, want %v", what, k, m.At(at[0], at[1]), want[k])
					}
				}
			}
			r, err := b.Render(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			if r.Changed || r.Original.Width != upright.w {
				t.Errorf("original: changed %v, %+v", r.Changed, r.Original)
			}
			check("thumb", r.Thumb)
			check("medium", r.Medium)

			req.Width, req.Folder = 50, b.folder(t)
			if r, err = b.Render(context.Background(), req); err != nil {
				t.Fatal(err)
			}
			check("resized original", &r.Original)
			i, err := b.Inspect(context.Background(), r.Original.Path)
			if err != nil {
				t.Fatal(err)
			}
			if i.Orientation != 1 || i.Width != r.Original.Width || i.Height != r.Original.Height {
				t.Errorf("resized original would be turned again: %+v", i)
			}
		})
	}
}

func TestRenderWideGamut(t *testing.T) {
	t.Parallel()
	// p3.jpg and p3.png are the corners of turn1.jpg, which are sRGB, written in
	// Display P3: taken for sRGB they would be pale.
	b := newBench(t, nil)
	for _, name := range []string{"p3.jpg", "p3.png"} {
		req := b.request(t, b.putFile(t, "pictures/"+name))
		req.Width, req.Medium = 60, 40
		r, err := b.Render(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []*vitrine.Output{r.Thumb, r.Medium} {
			if m := decoded(t, o.Path, o.Format); !near(m.At(3, 3), color.NRGBA{255, 0, 0, 255}, 6) || !near(m.At(o.Width-4, 3), color.NRGBA{0, 255, 0, 255}, 6) {
				t.Errorf("%s: %v, %v", name, m.At(3, 3), m.At(o.Width-4, 3))
			}
			if has := hasProfile(t, o.Path); has {
				t.Errorf("%s: a variant carries a colour profile", name)
			}
		}
		if !hasProfile(t, r.Original.Path) {
			t.Errorf("%s: the resized original lost its colour profile", name)
		}
	}
}

func TestRenderKeepsAlpha(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, name := range []string{"alpha.png", "alpha16.png", "palette.png", "alpha.webp", "alpha.avif"} {
		req := b.request(t, b.putFile(t, "pictures/"+name))
		req.Medium = 100
		r, err := b.Render(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		m := decoded(t, r.Medium.Path, r.Medium.Format)
		_, _, _, corner := m.At(0, 0).RGBA()
		_, _, _, middle := m.At(50, 37).RGBA()
		if corner > 0x1800 || middle < 0xe000 {
			t.Errorf("%s: alpha %#x in the corner, %#x in the middle", name, corner, middle)
		}
	}
}

func TestRenderBounds(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	path := b.putFile(t, "pictures/plain.jpg")
	for name, c := range map[string]struct {
		change        func(*vitrine.RenderRequest)
		original      size
		thumb, medium size
	}{
		"max width":             {func(r *vitrine.RenderRequest) { r.MaxWidth = 300 }, size{300, 225}, size{300, 225}, size{}},
		"max height":            {func(r *vitrine.RenderRequest) { r.MaxHeight = 240 }, size{320, 240}, size{320, 240}, size{}},
		"both":                  {func(r *vitrine.RenderRequest) { r.MaxWidth, r.MaxHeight = 600, 120 }, size{160, 120}, size{160, 120}, size{}},
		"larger than it is":     {func(r *vitrine.RenderRequest) { r.MaxWidth, r.MaxHeight = 6000, 6000 }, size{640, 480}, size{320, 320}, size{500, 375}},
		"width and max width":   {func(r *vitrine.RenderRequest) { r.Width, r.MaxWidth = 600, 550 }, size{550, 413}, size{320, 320}, size{500, 375}},
		"its own width":         {func(r *vitrine.RenderRequest) { r.Width = 640 }, size{640, 480}, size{320, 320}, size{500, 375}},
		"medium by height":      {func(r *vitrine.RenderRequest) { r.MediumByHeight, r.Medium = true, 240 }, size{640, 480}, size{320, 320}, size{320, 240}},
		"medium not larger":     {func(r *vitrine.RenderRequest) { r.MediumByHeight = true }, size{640, 480}, size{320, 320}, size{}},
		"thumb wider":           {func(r *vitrine.RenderRequest) { r.Thumb = vitrine.Dimensions{Width: 800, Height: 100} }, size{640, 480}, size{640, 100}, size{500, 375}},
		"thumb upright":         {func(r *vitrine.RenderRequest) { r.Thumb = vitrine.Dimensions{Width: 60, Height: 200} }, size{640, 480}, size{60, 200}, size{500, 375}},
		"thumb of one pixel":    {func(r *vitrine.RenderRequest) { r.Thumb = vitrine.Dimensions{Width: 1, Height: 1} }, size{640, 480}, size{1, 1}, size{500, 375}},
		"strip what is there":   {func(r *vitrine.RenderRequest) { r.StripMetadata = true }, size{640, 480}, size{320, 320}, size{500, 375}},
		"everything at a pixel": {func(r *vitrine.RenderRequest) { r.Width, r.Medium = 1, 1 }, size{1, 1}, size{1, 1}, size{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := b.request(t, path)
			c.change(&req)
			r, err := b.Render(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			if sizeOf(&r.Original) != c.original || sizeOf(r.Thumb) != c.thumb || sizeOf(r.Medium) != c.medium {
				t.Errorf("original %v, thumb %v, medium %v", sizeOf(&r.Original), sizeOf(r.Thumb), sizeOf(r.Medium))
			}
			checkOutput(t, "original", &r.Original)
			checkOutput(t, "thumb", r.Thumb)
			checkOutput(t, "medium", r.Medium)
			if filepath.Dir(r.Thumb.Path) != req.Folder {
				t.Errorf("thumb in %s", r.Thumb.Path)
			}
		})
	}
}
