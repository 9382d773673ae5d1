package media_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

func read(t testing.TB, b []byte, format vitrine.Format) media.Metadata {
	t.Helper()
	m, err := media.ReadMetadata(bytes.NewReader(b), int64(len(b)), format)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestReadMetadata(t *testing.T) {
	t.Parallel()
	zoned := time.Date(2024, 5, 6, 5, 8, 9, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		format vitrine.Format
		want   media.Metadata // without EXIF
		exif   bool
	}{
		{"base.jpg", vitrine.JPEG, media.Metadata{Orientation: 1, Frames: 1}, false},
		{"progressive.jpg", vitrine.JPEG, media.Metadata{Orientation: 1, Frames: 1, Progressive: true}, false},
		{"photo-exif.jpg", vitrine.JPEG, media.Metadata{Title: "XMP title", Description: "EXIF description", Camera: "LabCam Lab One",
			TakenAt: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC), GPS: true, Orientation: 6, Frames: 1}, true},
		{"gps-be.jpg", vitrine.JPEG, media.Metadata{Title: "Grüße", Description: "Words of EXIF", Camera: "LabCam Two",
			TakenAt: zoned, TakenAtZoned: true, GPS: true, Orientation: 6, Frames: 1}, true},
		{"gps-le.jpg", vitrine.JPEG, media.Metadata{Title: "Grüße", Description: "Words of EXIF", Camera: "LabCam Two",
			TakenAt: zoned, TakenAtZoned: true, GPS: true, Orientation: 6, Frames: 1}, true},
		{"gps.png", vitrine.PNG, media.Metadata{Title: "Grüße", Description: "Words of EXIF", Camera: "LabCam Two",
			TakenAt: zoned, TakenAtZoned: true, GPS: true, Orientation: 6, Frames: 1}, true},
		{"gps.webp", vitrine.WebP, media.Metadata{Title: "Grüße", Description: "Words of EXIF", Camera: "LabCam Two",
			TakenAt: zoned, TakenAtZoned: true, GPS: true, Orientation: 6, Frames: 1}, true},
		{"gps.avif", vitrine.AVIF, media.Metadata{Title: "Grüße", Description: "Words of EXIF", Camera: "LabCam Two",
			TakenAt: zoned, TakenAtZoned: true, GPS: true, Orientation: 1, Frames: 1}, true},
		{"gps.heic", vitrine.HEIC, media.Metadata{Title: "Grüße", Description: "Words of EXIF", Camera: "LabCam Two",
			TakenAt: zoned, TakenAtZoned: true, GPS: true, Orientation: 1, Frames: 1}, true},
		{"gps.gif", vitrine.GIF, media.Metadata{Title: "XMP_title", GPS: true, Orientation: 1, Frames: 1}, false},
		{"anim.gif", vitrine.GIF, media.Metadata{Orientation: 1, Frames: 4}, false},
		{"still.gif", vitrine.GIF, media.Metadata{Orientation: 1, Frames: 1}, false},
		{"tiny.png", vitrine.PNG, media.Metadata{Orientation: 1, Frames: 1}, false},
		{"photo.avif", vitrine.AVIF, media.Metadata{Orientation: 1, Frames: 1}, false},
		{"anim.png", vitrine.PNG, media.Metadata{Orientation: 1, Frames: 3}, false},
		{"anim.webp", vitrine.WebP, media.Metadata{Orientation: 1, Frames: 3}, false},
		{"sphere.jpg", vitrine.JPEG, media.Metadata{Orientation: 1, Frames: 1, Is360: true}, false},
		{"exif-header.webp", vitrine.WebP, media.Metadata{Description: "Words", Camera: "LabCam", GPS: true, Orientation: 1, Frames: 1}, true},
		{"iptc.jpg", vitrine.JPEG, media.Metadata{Title: "Name", Description: "Caption", Orientation: 1, Frames: 1}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := media.WithoutSecrets(read(t, sample(t, "metadata", tt.name), tt.format))
			if (got.EXIF != "") != tt.exif {
				t.Errorf("EXIF %q", got.EXIF)
			}
			got.EXIF = ""
			if !got.TakenAt.Equal(tt.want.TakenAt) {
				t.Errorf("taken at %v, want %v", got.TakenAt, tt.want.TakenAt)
			}
			got.TakenAt = tt.want.TakenAt
			if got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// The recorded answer of the original (001-jpeg-exif), less what identifies a
// temporary file, pointers and positions.
func TestEXIFJSON(t *testing.T) {
	t.Parallel()
	got := read(t, sample(t, "metadata", "photo-exif.jpg"), vitrine.JPEG).EXIF
	const want = `{"ImageDescription":"EXIF description","Make":"LabCam","Model":"Lab One","Orientation":"6",` +
		`"XResolution":"1/1","YResolution":"1/1","ResolutionUnit":"1","Artist":"Lab Artist","YCbCrPositioning":"1",` +
		`"ExposureTime":"1/125","FNumber":"14/5","ISOSpeedRatings":"200","ExifVersion":"0232",` +
		`"DateTimeOriginal":"2024:05:06 07:08:09","DateTimeDigitized":"2024:05:06 07:08:09",` +
		`"ComponentsConfiguration":"\u0001\u0002\u0003\u0000","FocalLength":"50/1","FlashPixVersion":"0100","ColorSpace":"65535",` +
		`"COMPUTED":{"ApertureFNumber":"f/2.8","Height":"600","Width":"800","html":"width=\"800\" height=\"600\""},` +
		`"width":"800","height":"600"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, name := range []string{"gps-be.jpg", "gps-le.jpg", "gps.png", "gps.webp", "gps.avif", "gps.heic"} {
		format, _ := media.Sniff(sample(t, "metadata", name))
		text := read(t, sample(t, "metadata", name), format).EXIF
		var values map[string]any
		if err := json.Unmarshal([]byte(text), &values); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if values["UserComment"] != "a comment" || values["Title"] != "Grüße" || values["OffsetTimeOriginal"] != "+02:00" {
			t.Errorf("%s: %s", name, text)
		}
		if strings.Contains(text, "GPS") || strings.Contains(text, "48") && strings.Contains(text, "12/1") {
			t.Errorf("%s: a position is shown: %s", name, text)
		}
	}
}

// exif is an EXIF block in big-endian order with these entries in IFD0; each is
// 12 bytes.
func exif(next uint32, entries ...string) string {
	n := len(entries)
	return "MM\x00*\x00\x00\x00\x08" + string([]byte{byte(n >> 8), byte(n)}) + strings.Join(entries, "") +
		string([]byte{byte(next >> 24), byte(next >> 16), byte(next >> 8), byte(next)})
}

// withSegments puts application segments into a JPEG file.
func withSegments(base []byte, segments ...string) []byte {
	b := bytes.Clone(base[:2])
	for _, s := range segments {
		n := len(s) - 1 + 2
		b = append(b, 0xff, s[0], byte(n>>8), byte(n))
		b = append(b, s[1:]...)
	}
	return append(b, base[2:]...)
}

func TestReadMetadataHostile(t *testing.T) {
	t.Parallel()
	base := sample(t, "metadata", "base.jpg")
	app1 := func(s string) string { return "\xe1" + s }
	deep := strings.Repeat("<a>", 10_000)
	for _, tt := range []struct {
		name string
		file []byte
		f    vitrine.Format
	}{
		{"directory that leads to itself", withSegments(base, app1("Exif\x00\x00"+exif(8, "\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08"))), vitrine.JPEG},
		{"value of four gigabytes", withSegments(base, app1("Exif\x00\x00"+exif(0, "\x01\x0e\x00\x02\xff\xff\xff\xff\x00\x00\x00\x10"))), vitrine.JPEG},
		{"entries without end", withSegments(base, app1("Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff"+strings.Repeat("\x01\x0f\x00\x02\x00\x00\x00\x01A\x00\x00\x00", 5000))), vitrine.JPEG},
		{"nested XMP", withSegments(base, app1("http://ns.adobe.com/xap/1.0/\x00"+deep)), vitrine.JPEG},
		{"unended XMP", withSegments(base, app1("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta exif:GPSLatitude='")), vitrine.JPEG},
		{"IPTC with false lengths", withSegments(base, "\xedPhotoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x10\x1c\x02\x05\xff\xff\x1c\x02\x05\x00\x01A\x00\x00\x00"), vitrine.JPEG},
		{"text with controls", withSegments(base, app1("Exif\x00\x00"+exif(0, "\x01\x0e\x00\x02\x00\x00\x00\x04\x1b\x07\xffA"))), vitrine.JPEG},
		{"heif box that leads back", []byte("\x00\x00\x00\x10ftypheic\x00\x00\x00\x00\x00\x00\x00\x01meta\xff\xff\xff\xff\xff\xff\xff\xf0\x00\x00\x00\x00"), vitrine.HEIC},
		{"webp chunk past the end", []byte("RIFF\xff\xff\xff\xffWEBPEXIF\xff\xff\xff\xffMM\x00*"), vitrine.WebP},
		{"png chunk past the end", []byte("\x89PNG\r\n\x1a\n\xff\xff\xff\xffeXIfMM\x00*"), vitrine.PNG},
		{"gif that breaks off", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00\x21\xff\x0bXMP DataXMP\xff"), vitrine.GIF},
		{"nothing", nil, vitrine.JPEG},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			m := read(t, tt.file, tt.f)
			if d := time.Since(start); d > time.Second {
				t.Errorf("took %v", d)
			}
			if strings.ContainsAny(m.Title+m.Description+m.Camera, "\x00\x07\x1b") || m.Frames < 1 || m.Orientation < 1 {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestAbsurdlyMuchMetadata(t *testing.T) {
	t.Parallel()
	base := sample(t, "metadata", "base.jpg")
	many := make([]string, 20_000)
	for i := range many {
		many[i] = "\xe1Exif\x00\x00MM"
	}
	b := withSegments(base, many...)
	if _, err := media.ReadMetadata(bytes.NewReader(b), int64(len(b)), vitrine.JPEG); !vitrine.Is(err, vitrine.CodeDamaged) {
		t.Errorf("got %v, want CodeDamaged", err)
	}
	// A packet of 40 MB in a chunk of its own is not looked at.
	size := 40 << 20
	webp := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00XMP \x00\x00\x80\x02")
	webp = append(webp, bytes.Repeat([]byte("<a>"), size/3+1)[:size]...)
	n := len(webp) - 8
	webp[4], webp[5], webp[6], webp[7] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
	start := time.Now()
	read(t, webp, vitrine.WebP)
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

// Files that are made to take long must not.
func TestMetadataThatTakesLong(t *testing.T) {
	t.Parallel()
	webp := func(chunk, content string) []byte {
		b := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00" + chunk)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(content)))
		b = append(append(b, content...), make([]byte, len(content)&1)...)
		binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
		return b
	}
	var many strings.Builder // entries that all lead to the same 4 MB
	many.WriteString("MM\x00*\x00\x00\x00\x08\x10\x00")
	for range 4096 {
		many.WriteString("\x02\xbc\x00\x07\x00\x3f\x00\x00\x00\x00\xd0\x00")
	}
	packet := many.String() + strings.Repeat("<", 0x3f0000)
	var zeros bytes.Buffer
	z := zlib.NewWriter(&zeros)
	if _, err := z.Write(make([]byte, 30<<20)); err != nil {
		t.Fatal(err)
	}
	z.Close()
	bombs := []byte("\x89PNG\r\n\x1a\n")
	for range 500 {
		bombs = append(bombs, chunk("zTXt", "Raw profile type xmp\x00\x00"+zeros.String())...)
	}
	bombs = append(bombs, chunk("IEND", "")...)
	for _, tt := range []struct {
		name   string
		format vitrine.Format
		file   []byte
	}{
		{"elements that never end", vitrine.WebP, webp("XMP ", strings.Repeat("<GPSa>", 2<<20))},
		{"tags that never end", vitrine.WebP, webp("XMP ", strings.Repeat("<GPSa ", 2<<20))},
		{"attributes that never end", vitrine.WebP, webp("XMP ", strings.Repeat("<a GPSa='", 2<<20))},
		{"many packets in one place", vitrine.WebP, webp("EXIF", packet)},
		{"inflated texts", vitrine.PNG, bombs},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			read(t, tt.file, tt.format)
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func chunk(name, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func TestTrailing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		format vitrine.Format
	}{
		{"base.jpg", vitrine.JPEG}, {"progressive.jpg", vitrine.JPEG}, {"tiny.png", vitrine.PNG}, {"base.webp", vitrine.WebP},
		{"anim.gif", vitrine.GIF}, {"photo.avif", vitrine.AVIF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := sample(t, "metadata", tt.name)
			if read(t, b, tt.format).Trailing {
				t.Error("bytes after the end of a clean file")
			}
			for _, tail := range []string{"\x00", "PK\x03\x04", "<?php echo 1;", "\x00\x00\x00\x14mpvd\x00\x00\x00\x00film here!!"} {
				if m := read(t, append(bytes.Clone(b), tail...), tt.format); !m.Trailing {
					t.Errorf("%q was not seen", tail)
				}
			}
		})
	}
}

func FuzzReadMetadata(f *testing.F) {
	for _, name := range []string{"gps-be.jpg", "gps-le.jpg", "gps.png", "gps.webp", "gps.avif", "gps.heic", "gps.gif", "iptc.jpg", "anim.png", "anim.webp"} {
		f.Add(sample(f, "metadata", name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		format, err := media.Sniff(b[:min(len(b), 4096)])
		if err != nil || format.Kind() != vitrine.KindImage {
			return
		}
		m, err := media.ReadMetadata(bytes.NewReader(b), int64(len(b)), format)
		if err != nil {
			return
		}
		if m.EXIF != "" && !json.Valid([]byte(m.EXIF)) {
			t.Errorf("not JSON: %q", m.EXIF)
		}
		if strings.Contains(m.EXIF, `"GPS`) {
			t.Errorf("a position: %q", m.EXIF)
		}
		if m.Frames < 1 || m.Orientation < 1 || m.Orientation > 8 || len([]rune(m.Title)) > 100 {
			t.Errorf("%+v", m)
		}
	})
}
