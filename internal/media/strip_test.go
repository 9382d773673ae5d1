package media_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

var (
	all      = media.CleanOptions{All: true}
	gps      = media.CleanOptions{GPS: true}
	trailing = media.CleanOptions{}
)

func clean(t testing.TB, b []byte, format vitrine.Format, o media.CleanOptions) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "original")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	if err := media.CleanOriginal(f, &out, format, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// goPixels decodes every frame; nil where Go cannot.
func goPixels(t testing.TB, b []byte, format vitrine.Format) []image.Image {
	t.Helper()
	var img image.Image
	var err error
	switch format {
	case vitrine.JPEG:
		img, err = jpeg.Decode(bytes.NewReader(b))
	case vitrine.PNG:
		img, err = png.Decode(bytes.NewReader(b))
	case vitrine.WebP:
		img, err = webp.Decode(bytes.NewReader(b))
	case vitrine.GIF:
		g, err := gif.DecodeAll(bytes.NewReader(b))
		if err != nil {
			return nil
		}
		var frames []image.Image
		for _, f := range g.Image {
			frames = append(frames, f)
		}
		return frames
	}
	if err != nil || img == nil {
		return nil
	}
	return []image.Image{img}
}

func samePixels(a, b []image.Image) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Bounds() != b[i].Bounds() {
			return false
		}
		for y := a[i].Bounds().Min.Y; y < a[i].Bounds().Max.Y; y++ {
			for x := a[i].Bounds().Min.X; x < a[i].Bounds().Max.X; x++ {
				if color.NRGBA64Model.Convert(a[i].At(x, y)) != color.NRGBA64Model.Convert(b[i].At(x, y)) {
					return false
				}
			}
		}
	}
	return true
}

// vipsPixels decodes AVIF and HEIC with the program that comes with libvips.
func vipsPixels(t *testing.T, b []byte, extension string) []byte {
	t.Helper()
	if _, err := exec.LookPath("vips"); err != nil {
		t.Skip("vips is not installed")
	}
	in, out := filepath.Join(t.TempDir(), "in."+extension), filepath.Join(t.TempDir(), "out.raw")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("vips", "rawsave", in, out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	p, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tags are what exiftool finds in a file, less what it tells about the file and
// what it computes.
func tags(t *testing.T, b []byte, extension string) map[string]string {
	t.Helper()
	if _, err := exec.LookPath("exiftool"); err != nil {
		t.Skip("exiftool is not installed")
	}
	path := filepath.Join(t.TempDir(), "file."+extension)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("exiftool", "-j", "-a", "-G1", "-n", "-ee", "-api", "largefilesupport=1", path).Output()
	if err != nil {
		t.Fatalf("exiftool: %v\n%s", err, out)
	}
	var list []map[string]any
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatal(err)
	}
	found := make(map[string]string)
	for k, v := range list[0] {
		group, _, _ := strings.Cut(k, ":")
		if group == "System" || group == "Composite" || group == "ExifTool" && k != "ExifTool:Warning" || k == "SourceFile" {
			continue
		}
		s, _ := json.Marshal(v)
		found[k] = string(s)
	}
	return found
}

var cleaned = []struct {
	name   string
	format vitrine.Format
}{
	{"base.jpg", vitrine.JPEG}, {"photo-exif.jpg", vitrine.JPEG}, {"gps-be.jpg", vitrine.JPEG}, {"gps-le.jpg", vitrine.JPEG},
	{"extended.jpg", vitrine.JPEG}, {"drone.jpg", vitrine.JPEG}, {"progressive.jpg", vitrine.JPEG}, {"sphere.jpg", vitrine.JPEG}, {"iptc.jpg", vitrine.JPEG},
	{"motion.jpg", vitrine.JPEG}, {"thumbnail.jpg", vitrine.JPEG},
	{"gps.png", vitrine.PNG}, {"profile.png", vitrine.PNG}, {"packed.png", vitrine.PNG}, {"tiny.png", vitrine.PNG}, {"anim.png", vitrine.PNG},
	{"gps.webp", vitrine.WebP}, {"exif-header.webp", vitrine.WebP}, {"base.webp", vitrine.WebP}, {"anim.webp", vitrine.WebP},
	{"gps.gif", vitrine.GIF}, {"anim.gif", vitrine.GIF},
	{"gps.avif", vitrine.AVIF}, {"photo.avif", vitrine.AVIF}, {"gps.heic", vitrine.HEIC},
}

func TestCleanKeepsPixels(t *testing.T) {
	t.Parallel()
	for _, tt := range cleaned {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := sample(t, "metadata", tt.name)
			for name, o := range map[string]media.CleanOptions{"all": all, "gps": gps, "trailing": trailing, "both": {All: true, GPS: true}} {
				c := clean(t, b, tt.format, o)
				if tt.format == vitrine.AVIF {
					if !bytes.Equal(vipsPixels(t, b, "avif"), vipsPixels(t, c, "avif")) {
						t.Errorf("%s: other pixels", name)
					}
				} else if want := goPixels(t, b, tt.format); !samePixels(want, goPixels(t, c, tt.format)) {
					t.Errorf("%s: other pixels", name)
				}
				if !bytes.Equal(c, clean(t, c, tt.format, o)) {
					t.Errorf("%s: cleaning twice is not cleaning once", name)
				}
				before, after := read(t, b, tt.format), read(t, c, tt.format)
				if media.NeedsCleaning(before, o) == bytes.Equal(b, c) {
					t.Errorf("%s: needs cleaning: %v, but the file changed: %v", name, media.NeedsCleaning(before, o), !bytes.Equal(b, c))
				}
				if media.NeedsCleaning(after, o) {
					t.Errorf("%s: a clean file needs cleaning: %+v", name, after)
				}
				if after.Orientation != before.Orientation || after.Frames != before.Frames {
					t.Errorf("%s: before %+v, after %+v", name, before, after)
				}
			}
		})
	}
}

// Only the position goes; exiftool, which knows every tag, finds all others with
// the same values.
func TestCleanGPS(t *testing.T) {
	t.Parallel()
	for _, tt := range cleaned {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := sample(t, "metadata", tt.name)
			c := clean(t, b, tt.format, gps)
			before, after := tags(t, b, tt.format.Extension()), tags(t, c, tt.format.Extension())
			for k, v := range after {
				if position(k) || strings.Contains(v, "48.2082") {
					t.Errorf("%s is still there: %s", k, v)
				}
				if k == "ExifTool:Warning" && before[k] == "" {
					t.Errorf("exiftool complains: %s", v)
				}
			}
			for k, v := range before {
				if position(k) || strings.Contains(v, "48.2082") || aboutOtherBytes[k] || after[k] == v {
					continue
				}
				t.Errorf("%s was %s and is %q", k, v, after[k])
			}
		})
	}
}

func position(tag string) bool {
	_, name, _ := strings.Cut(tag, ":")
	return strings.HasPrefix(strings.ToLower(name), "gps") || strings.Contains(tag, "drone-dji:")
}

// aboutOtherBytes are tags that tell of bytes which go with the position, or
// after the end.
var aboutOtherBytes = map[string]bool{
	"ExifTool:Warning": true, "File:EmbeddedVideo": true, "File:CurrentIPTCDigest": true, "PNG:ExifGPSLatitude": true,
}

func TestCleanAll(t *testing.T) {
	t.Parallel()
	for _, tt := range cleaned {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := clean(t, sample(t, "metadata", tt.name), tt.format, all)
			for _, word := range []string{"LabCam", "Words of", "xpacket", "48.2082", "XMP_title", "GPSL", "hello", "Photoshop", "ftypmp42"} {
				if bytes.Contains(c, []byte(word)) {
					t.Errorf("%q is still there", word)
				}
			}
			for k, v := range tags(t, c, tt.format.Extension()) {
				group, name, _ := strings.Cut(k, ":")
				switch {
				case strings.HasPrefix(group, "XMP"), group == "IPTC", group == "Photoshop", group == "GPS", group == "ExifIFD", group == "IFD1",
					group == "IFD0" && name != "Orientation":
					t.Errorf("%s is still there: %s", k, v)
				case name == "Warning":
					t.Errorf("exiftool complains: %s", v)
				}
			}
		})
	}
}

func TestCleanKeepsColours(t *testing.T) {
	t.Parallel()
	icc := "\xe2ICC_PROFILE\x00\x01\x01" + strings.Repeat("profile ", 40)
	b := withSegments(sample(t, "metadata", "base.jpg"), icc, "\xeeAdobe\x00\x64\x00\x00\x00\x00\x00", "\xfea comment", "\xe5vendor", "\xe0JFXX\x00\x10thumb")
	c := clean(t, b, vitrine.JPEG, all)
	for word, want := range map[string]bool{"ICC_PROFILE": true, "Adobe": true, "JFIF": true, "a comment": false, "vendor": false, "JFXX": false} {
		if bytes.Contains(c, []byte(word)) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
}

// A scan of a progressive file may be followed by segments, too.
func TestCleanBetweenScans(t *testing.T) {
	t.Parallel()
	b := sample(t, "metadata", "progressive.jpg")
	at := bytes.LastIndex(b, []byte{0xff, 0xc4})
	if at < 0 {
		t.Fatal("no table between scans")
	}
	b = append(append(bytes.Clone(b[:at]), "\xff\xfe\x00\x08secret"...), b[at:]...)
	if c := clean(t, b, vitrine.JPEG, all); bytes.Contains(c, []byte("secret")) || !samePixels(goPixels(t, b, vitrine.JPEG), goPixels(t, c, vitrine.JPEG)) {
		t.Error("the comment is still there, or the pixels changed")
	}
}

func TestCleanDropsTrailing(t *testing.T) {
	t.Parallel()
	for _, tt := range cleaned {
		if read(t, sample(t, "metadata", tt.name), tt.format).Trailing {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := sample(t, "metadata", tt.name)
			c := clean(t, append(bytes.Clone(b), "<?php polyglot"...), tt.format, trailing)
			if !bytes.Equal(b, c) {
				t.Errorf("got %d bytes, want %d", len(c), len(b))
			}
		})
	}
}

// What breaks off is copied whole: refusing it is for the decoder.
func TestCleanTruncated(t *testing.T) {
	t.Parallel()
	for _, tt := range cleaned {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := sample(t, "metadata", tt.name)
			for n := range len(b) {
				if n%(1+len(b)/40) != 0 {
					continue
				}
				for _, o := range []media.CleanOptions{all, gps} {
					c := clean(t, b[:n], tt.format, o)
					if o == gps && len(c) > n {
						t.Errorf("%d bytes became %d", n, len(c))
					}
				}
			}
		})
	}
}
