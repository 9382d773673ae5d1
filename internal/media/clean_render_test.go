package media_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// What a rendering leaves of the metadata of photo-exif.jpg, which has a camera,
// a title, a position and orientation 6.
func TestRenderMetadata(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	photo := file(t, "metadata/photo-exif.jpg")
	for name, c := range map[string]struct {
		data        []byte
		change      func(*vitrine.RenderRequest)
		changed     bool
		camera, gps bool
		orientation int
	}{
		"position goes":             {photo, func(r *vitrine.RenderRequest) { r.StripGPS = true }, true, true, false, 6},
		"position stays":            {photo, func(*vitrine.RenderRequest) {}, false, true, true, 6},
		"all goes":                  {photo, func(r *vitrine.RenderRequest) { r.StripMetadata, r.StripGPS = true, true }, true, false, false, 6},
		"resized":                   {photo, func(r *vitrine.RenderRequest) { r.Width, r.StripGPS = 300, true }, true, true, false, 1},
		"resized, position stays":   {photo, func(r *vitrine.RenderRequest) { r.Width = 300 }, true, true, true, 1},
		"resized, all goes":         {photo, func(r *vitrine.RenderRequest) { r.Width, r.StripMetadata, r.StripGPS = 300, true, true }, true, false, false, 1},
		"something after the end":   {append(bytes.Clone(photo), "PK\x03\x04 and more"...), func(*vitrine.RenderRequest) {}, true, true, true, 6},
		"nothing there to be taken": {file(t, "pictures/plain.jpg"), func(r *vitrine.RenderRequest) { r.StripGPS = true }, false, false, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := b.put(t, c.data)
			req := b.request(t, path)
			req.StripGPS = false
			c.change(&req)
			r, err := b.Render(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			if r.Changed != c.changed {
				t.Errorf("changed %v", r.Changed)
			}
			i, err := b.Inspect(context.Background(), r.Original.Path)
			if err != nil {
				t.Fatal(err)
			}
			if i.GPS != c.gps || (i.Camera != "") != c.camera || i.Orientation != c.orientation {
				t.Errorf("position %v, camera %q, orientation %d", i.GPS, i.Camera, i.Orientation)
			}
			if i.Width != r.Original.Width || i.Height != r.Original.Height {
				t.Errorf("said %d×%d, is %d×%d", r.Original.Width, r.Original.Height, i.Width, i.Height)
			}
			original, err := os.ReadFile(r.Original.Path)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(original, []byte("PK\x03\x04")) {
				t.Error("bytes after the end were kept")
			}
			if req.Width == 0 { // the picture itself is untouched
				was, is := decoded(t, path, vitrine.JPEG), decoded(t, r.Original.Path, vitrine.JPEG)
				if p := psnr(was, is); p < 100 {
					t.Errorf("encoded anew: %.1f dB", p)
				}
			}
			for _, o := range []*vitrine.Output{r.Thumb, r.Medium} {
				if o == nil {
					continue
				}
				data, err := os.ReadFile(o.Path)
				if err != nil {
					t.Fatal(err)
				}
				m, err := media.ReadMetadata(bytes.NewReader(data), int64(len(data)), vitrine.JPEG)
				if err != nil || m.EXIF != "" || m.GPS || m.Title != "" {
					t.Errorf("%s: %+v, %v", filepath.Base(o.Path), m, err)
				}
			}
		})
	}
}

// Every format with a position loses it when it is resized or converted too.
func TestRenderResizedLosesPosition(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, name := range []string{"gps.png", "gps.webp", "gps.avif", "gps.heic", "gps-be.jpg", "drone.jpg"} {
		for _, width := range []int{0, 20} {
			path := b.putFile(t, "metadata/"+name)
			req := b.request(t, path)
			if !req.Inspection.GPS {
				t.Errorf("%s has no position", name)
			}
			req.Width = min(width, req.Inspection.Width)
			r, err := b.Render(context.Background(), req)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if i, err := b.Inspect(context.Background(), r.Original.Path); err != nil || i.GPS {
				t.Errorf("%s, width %d: %+v, %v", name, width, i, err)
			}
		}
	}
}

// A reduced animation is clean already: nothing may be written over it.
func TestRenderAnimationWithExcess(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	req := b.request(t, b.put(t, append(file(t, "pictures/moving.png"), "PK\x03\x04 and more"...)))
	if !req.Inspection.Excess {
		t.Fatal("the bytes after the end were not seen")
	}
	req.Width, req.StripMetadata, req.StripGPS = 100, true, true
	r, err := b.Render(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	i, err := b.Inspect(context.Background(), r.Original.Path)
	if err != nil {
		t.Fatal(err)
	}
	if i.Frames != 5 || i.Width != 100 || i.Excess {
		t.Errorf("%+v", i)
	}
}
