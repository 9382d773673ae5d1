package media_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// refused sends a picture the whole way and tells how it was refused, nil if it
// was not.
func (b bench) refused(t *testing.T, data []byte) error {
	t.Helper()
	path := b.put(t, data)
	i, err := b.Inspect(context.Background(), path)
	if err != nil {
		return err
	}
	_, err = b.Render(context.Background(), vitrine.RenderRequest{
		Source: path, Folder: b.folder(t), Inspection: *i, Thumb: vitrine.Dimensions{Width: 320, Height: 320}, Medium: 500, StripGPS: true,
	})
	return err
}

func TestTruncatedIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *media.Config) { c.Decoders = 2 })
	for _, name := range []string{
		"plain.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg", "alpha.png", "interlaced.png", "rgb16.png", "lossy.webp", "alpha.webp",
		"photo.avif", "photo.heic", "opaque.gif", "moving.gif", "moving.webp", "moving.png", "rgb24.bmp", "pal8.bmp",
	} {
		data, err := os.ReadFile(filepath.Join("testdata/pictures", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, percent := range []int{10, 40, 80, 97} {
			t.Run(fmt.Sprintf("%s/%d", name, percent), func(t *testing.T) {
				t.Parallel()
				err := b.refused(t, data[:len(data)*percent/100])
				if !vitrine.Is(err, vitrine.CodeDamaged) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

func TestBadPicturesAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for name, c := range map[string]struct {
		data []byte
		want vitrine.Code
	}{
		"corrupt jpeg":            {file(t, "pictures/corrupt.jpg"), vitrine.CodeDamaged},
		"truncated jpeg":          {file(t, "pictures/truncated.jpg"), vitrine.CodeDamaged},
		"text":                    {[]byte("not an image at all"), vitrine.CodeUnrecognised},
		"nothing":                 {nil, vitrine.CodeUnrecognised},
		"svg":                     {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`), vitrine.CodeUnrecognised},
		"tiff":                    {[]byte("II*\x00\x08\x00\x00\x00"), vitrine.CodeUnavailableFormat},
		"head of a jpeg":          {[]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"), vitrine.CodeDamaged},
		"head of a png":           {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01"), vitrine.CodeDamaged},
		"head of a webp":          {[]byte("RIFF\x20\x00\x00\x00WEBPVP8 \x10\x00\x00\x00"), vitrine.CodeDamaged},
		"head of an avif":         {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"), vitrine.CodeDamaged},
		"head of a heic":          {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), vitrine.CodeDamaged},
		"head of a bmp":           {file(t, "pictures/rgb24.bmp")[:60], vitrine.CodeDamaged},
		"gif without a picture":   {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), vitrine.CodeDamaged},
		"png of no width":         {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x00\x00\x00\x00\x01\x08\x02\x00\x00\x00\xc1\xbb\xb9\x15"), vitrine.CodeDamaged},
		"bmp larger than it is":   {append([]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x01\x00\x18\x00"), make([]byte, 64)...), vitrine.CodeDamaged},
		"jpeg that is a png":      {append([]byte("\xff\xd8\xff"), file(t, "pictures/alpha.png")...), vitrine.CodeDamaged},
		"vips text matrix":        {[]byte("3 3\n1 2 3\n4 5 6\n7 8 9\n"), vitrine.CodeUnrecognised},
		"postscript":              {[]byte("%!PS-Adobe-3.0\n"), vitrine.CodeUnrecognised},
		"imagemagick's own":       {[]byte("push graphic-context\nviewbox 0 0 1 1\n"), vitrine.CodeUnrecognised},
		"heic header, jpeg after": {append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), file(t, "pictures/plain.jpg")...), vitrine.CodeDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := b.refused(t, c.data)
			e, ok := errors.AsType[*vitrine.Error](err)
			if !ok || e.Code != c.want {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if strings.Contains(e.Message, "vips") || strings.Contains(e.Message, "/") || strings.Contains(e.Message, "\n") {
				t.Errorf("not for people: %q", e.Message)
			}
		})
	}
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A bomb is small as a file and large as a picture. Its head is cheap to read,
// and that is where uploads refuse it; what happens if they do not is a matter
// of the decoder's limits.
func TestBombs(t *testing.T) {
	t.Parallel()
	limits := vitrine.DefaultSettings().MaxPixels
	b := newBench(t, func(c *media.Config) { c.Memory = 300 << 20 })
	for name, c := range map[string]struct {
		is     size
		render vitrine.Code // when asked all the same
	}{
		"bomb2.png": {size{12000, 9000}, ""}, // row by row: no memory, some time
		"huge.avif": {size{16000, 12000}, vitrine.CodeDamaged},
	} {
		path := b.putFile(t, "pictures/"+name)
		start := time.Now()
		i, err := b.Inspect(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: inspected in %v", name, time.Since(start))
		if (size{i.Width, i.Height}) != c.is {
			t.Errorf("%s: %+v", name, i)
		}
		if err := limits.Check(i); !vitrine.Is(err, vitrine.CodeTooManyPixels) {
			t.Errorf("%s: the limits say %v", name, err)
		}
		_, err = b.Render(context.Background(), vitrine.RenderRequest{
			Source: path, Folder: b.folder(t), Inspection: *i, Thumb: vitrine.Dimensions{Width: 320, Height: 320},
		})
		if vitrine.CodeOf(err) != c.render {
			t.Errorf("%s: rendered: %v, want %q", name, err, c.render)
		}
		t.Logf("%s: %v after %v", name, err, time.Since(start))
	}
	if err := b.refused(t, file(t, "pictures/plain.jpg")); err != nil {
		t.Errorf("the next picture: %v", err)
	}
}

// What is told about a picture may not be what comes out of it: the file can be
// exchanged between the two steps only by the house itself, but the sizes in a
// request are not believed either.
func TestRenderDisbelievesTheInspection(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for name, change := range map[string]func(*vitrine.Inspection){
		"larger":      func(i *vitrine.Inspection) { i.Width, i.Height = 64000, 48000 },
		"other kind":  func(i *vitrine.Inspection) { i.Format = vitrine.PNG },
		"turned":      func(i *vitrine.Inspection) { i.Orientation = 99 },
		"not a size":  func(i *vitrine.Inspection) { i.Width = -5 },
		"many frames": func(i *vitrine.Inspection) { i.Format, i.Frames = vitrine.GIF, 100 },
	} {
		req := b.request(t, b.putFile(t, "pictures/plain.jpg"))
		change(&req.Inspection)
		req.Thumb = vitrine.Dimensions{Width: 20000, Height: 20000}
		if r, err := b.Render(context.Background(), req); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if err := b.refused(t, file(t, "pictures/plain.jpg")); err != nil {
		t.Errorf("the next picture: %v", err)
	}
}

// A picture that takes too long is given up, by the decoder itself where it can.
func TestDeadline(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *media.Config) { c.Timeout = 150 * time.Millisecond })
	path := b.putFile(t, "pictures/bomb2.png") // takes half a second at the least
	i, err := b.inspectPatiently(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Render(context.Background(), vitrine.RenderRequest{
		Source: path, Folder: b.folder(t), Inspection: *i, Thumb: vitrine.Dimensions{Width: 320, Height: 320},
	})
	if !vitrine.Is(err, vitrine.CodeDamaged) {
		t.Errorf("got %v", err)
	}
	if _, err := b.inspectPatiently(b.putFile(t, "pictures/plain.jpg")); err != nil {
		t.Errorf("the next picture: %v", err)
	}
}
