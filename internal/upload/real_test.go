package upload_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/media"
	"vitrine/internal/storage"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// The test program is its own decoder.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decoder" {
		os.Exit(media.RunDecoder(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// newRealKit is a kit whose Processor are real decoders.
func newRealKit(t testing.TB, d *db.DB, st storage.Store, pins map[string]string) *kit {
	t.Helper()
	late := &lateProcessor{}
	k := newKit(t, d, options{store: st, pins: pins, processor: late})
	m, err := media.New(media.Config{Spool: k.spool, Decoders: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	late.Processor = m
	return k
}

// lateProcessor gets its Processor when the spool folder exists.
type lateProcessor struct{ upload.Processor }

// sample reads a picture or film from the samples of media.
func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "media", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// photo is a JPEG with about as much detail as a photograph has.
func photo(t testing.TB, w, h int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			n := uint8(r.UintN(24))
			m.SetRGBA(x, y, color.RGBA{uint8(x*200/w) + n, uint8(y*200/h) + n, uint8((x^y)&63) + n, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tinyPNG(t testing.TB) string {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{color.White, color.Black, color.RGBA{200, 0, 0, 255}})
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = uint8(r.UintN(3))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// size decodes the header of a stored picture.
func (k *kit) size(key string) (format string, w, h int) {
	k.Helper()
	c, format, err := image.DecodeConfig(strings.NewReader(k.content(key)))
	if err != nil {
		k.Fatalf("%s: %v", key, err)
	}
	return format, c.Width, c.Height
}

func TestRealFiles(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newRealKit(t, d, st, nil)
		u := k.user(vitrine.RoleUser)
		for _, c := range []struct {
			name, content string
			width         int
			stored        vitrine.Format
			w, h          int
			changed       bool
			animated      bool
		}{
			{"photo.jpg", photo(t, 1280, 960), 0, vitrine.JPEG, 1280, 960, false, false},
			{"resized.jpg", photo(t, 1000, 800), 500, vitrine.JPEG, 500, 400, true, false},
			{"tiny.png", tinyPNG(t), 0, vitrine.PNG, 64, 64, false, false},
			{"named.jpg.gif", sample(t, "metadata/anim.gif"), 0, vitrine.GIF, 0, 0, false, true},
			{"photo.avif", sample(t, "metadata/photo.avif"), 0, vitrine.AVIF, 0, 0, false, false},
			{"lossy.webp", sample(t, "pictures/lossy.webp"), 0, vitrine.WebP, 0, 0, false, false},
			{"rgb24.bmp", sample(t, "pictures/rgb24.bmp"), 0, vitrine.PNG, 0, 0, true, false},
			{"photo.heic", sample(t, "pictures/photo.heic"), 0, vitrine.JPEG, 0, 0, true, false},
			{"clip.mp4", sample(t, "film/clip.mp4"), 0, vitrine.MP4, 0, 0, false, false},
		} {
			req := k.request(u, c.name, c.content)
			req.Width = c.width
			res, err := k.Accept(t.Context(), req)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			f := res.File
			if f.Format != c.stored || c.w != 0 && (f.Width != c.w || f.Height != c.h) || f.Animated != c.animated || f.Resized != (c.width != 0) {
				t.Errorf("%s: %+v", c.name, f)
			}
			stored := k.content(f.Key())
			if changed := stored != c.content; changed != c.changed || digest(stored) != f.MD5 || changed != (f.SourceMD5 == digest(c.content)) {
				t.Errorf("%s: changed %t, MD5 %s of %s", c.name, changed, f.MD5, digest(stored))
			}
			for _, key := range f.Keys() {
				info, err := st.Stat(t.Context(), key)
				if err != nil || info.Size == 0 {
					t.Errorf("%s: %+v, %v", key, info, err)
				}
			}
			if f.Kind() == vitrine.KindVideo && (!f.Frame.Exists() || f.Duration == 0) {
				t.Errorf("%s: %+v", c.name, f)
			}
			if f.Format == vitrine.JPEG || f.Format == vitrine.PNG || f.Kind() == vitrine.KindVideo {
				if _, w, h := k.size(f.VariantKey(vitrine.Thumb)); w != f.Thumb.Width || h != f.Thumb.Height || w > 320 || w > f.Width {
					t.Errorf("%s: thumb of %d×%d, row says %+v", c.name, w, h, f.Thumb)
				}
			}
			if f.Format == vitrine.JPEG || f.Format == vitrine.PNG {
				if _, w, h := k.size(f.Key()); w != f.Width || h != f.Height {
					t.Errorf("%s: original of %d×%d, row says %d×%d", c.name, w, h, f.Width, f.Height)
				}
			}
		}
		if s := k.spooled(); len(s) > 0 {
			t.Errorf("left in the spool: %q", s)
		}
	})
}

func TestRealRefusals(t *testing.T) {
	t.Parallel()
	k := newRealKit(t, dbtest.SQLite(t), newLocal(t), pin("flood_minute", "0"))
	whole := photo(t, 400, 300)
	for name, c := range map[string]struct {
		content string
		code    vitrine.Code
		message string
	}{
		"text":           {"only words", vitrine.CodeUnrecognised, "Can't get target upload source info"},
		"svg":            {`<svg xmlns="http://www.w3.org/2000/svg"/>`, vitrine.CodeUnrecognised, ""},
		"cut short":      {whole[:len(whole)/2], vitrine.CodeDamaged, ""},
		"film cut short": {sample(t, "film/clip.mp4")[:300], "", ""},
	} {
		_, err := k.Accept(t.Context(), k.request(guest, "a.jpg", c.content))
		if c.code != "" && !vitrine.Is(err, c.code) || err == nil || vitrine.Is(err, vitrine.CodeInternal) {
			t.Errorf("%s: got %v, want code %q", name, err, c.code)
		}
		k.empty()
	}
}

func TestRealPrivacy(t *testing.T) {
	t.Parallel()
	k := newRealKit(t, dbtest.SQLite(t), newLocal(t), nil)
	f := k.accept(k.request(guest, "gps.jpg", sample(t, "metadata/gps-le.jpg"))).File
	if f.EXIF == "" || strings.Contains(f.EXIF, "GPS") || f.SourceMD5 == "" || f.Resized {
		t.Errorf("%+v", f)
	}
	u := k.user(vitrine.RoleUser)
	u.User.KeepEXIF = false
	f = k.accept(k.request(u, "exif.jpg", sample(t, "metadata/photo-exif.jpg"))).File
	if f.EXIF != "" || f.SourceMD5 == "" || strings.Contains(k.content(f.Key()), "LabCam") {
		t.Errorf("%+v", f)
	}
}

// BenchmarkAccept is one upload from memory to durable objects and a row, with
// real decoders and without any. cpu-ms/op is what this process and its decoders
// took for one upload.
func BenchmarkAccept(b *testing.B) {
	for _, c := range []struct {
		name, content string
		real          bool
	}{
		{"2KB", tinyPNG(b), true},
		{"1280x960", photo(b, 1280, 960), true},
		{"12MP", photo(b, 4000, 3000), true},
		{"2KB-without-pixels", tinyPNG(b), false},
		{"12MP-without-pixels", photo(b, 4000, 3000), false},
	} {
		b.Run(c.name, func(b *testing.B) {
			var k *kit
			pins := pin("on_duplicate", "allow", "flood_protection", "off", "upload_max_size_guest", "50MB")
			if c.real {
				k = newRealKit(b, dbtest.SQLite(b), newLocal(b), pins)
			} else {
				k = newKit(b, dbtest.SQLite(b), options{pins: pins})
			}
			k.accept(k.request(guest, "warm.jpg", c.content)) // starts a decoder
			b.SetBytes(int64(len(c.content)))
			start, n := cpu(), 0
			for b.Loop() {
				n++
				k.accept(k.request(guest, fmt.Sprint(n, ".jpg"), c.content))
			}
			b.ReportMetric(float64(cpu()-start)/float64(time.Millisecond)/float64(n), "cpu-ms/op")
		})
	}
}
