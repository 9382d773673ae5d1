package media_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// sample reads a file of testdata.
func sample(t testing.TB, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ftyp is the first box of a file with these brands.
func ftyp(major string, compatible ...string) string {
	rest := strings.Join(compatible, "")
	return string([]byte{0, 0, 0, byte(16 + len(rest))}) + "ftyp" + major + "\x00\x00\x02\x00" + rest + "\x00\x00\x00\x08free"
}

func TestSniff(t *testing.T) {
	t.Parallel()
	ebml := func(doctype string) string {
		return "\x1a\x45\xdf\xa3" + string([]byte{byte(0x80 + 7 + len(doctype))}) + "\x42\x86\x81\x01\x42\x82" + string([]byte{byte(0x80 + len(doctype))}) + doctype + "\x18\x53\x80\x67"
	}
	for _, tt := range []struct {
		name, head string
		want       vitrine.Format
		refusal    vitrine.Code
	}{
		{"jpeg", string(sample(t, "metadata", "base.jpg")), vitrine.JPEG, ""},
		{"png", string(sample(t, "metadata", "tiny.png")), vitrine.PNG, ""},
		{"gif", string(sample(t, "metadata", "anim.gif")), vitrine.GIF, ""},
		{"gif of 1987", "GIF87a" + strings.Repeat("\x00", 20), vitrine.GIF, ""},
		{"webp", string(sample(t, "metadata", "base.webp")), vitrine.WebP, ""},
		{"avif", string(sample(t, "metadata", "photo.avif")), vitrine.AVIF, ""},
		{"heic", string(sample(t, "metadata", "photo.heic")), vitrine.HEIC, ""},
		{"mp4", string(sample(t, "film", "clip.mp4")), vitrine.MP4, ""},
		{"heif with heic", ftyp("mif1", "mif1", "heic"), vitrine.HEIC, ""},
		{"heif with avif", ftyp("mif1", "miaf", "avif"), vitrine.AVIF, ""},
		{"heic sequence", ftyp("msf1", "hevc"), vitrine.HEIC, ""},
		{"avif sequence", ftyp("avis", "msf1", "avif"), vitrine.AVIF, ""},
		{"heif of another codec", ftyp("mif1", "jpeg"), "", vitrine.CodeUnavailableFormat},
		{"unknown major brand", ftyp("zzzz", "isom"), vitrine.MP4, ""},
		{"m4v", ftyp("M4V ", "isom"), vitrine.MP4, ""},
		{"sound", ftyp("M4A ", "isom", "mp42"), "", vitrine.CodeUnavailableFormat},
		{"quicktime", ftyp("qt  ", "qt  "), vitrine.MOV, ""},
		{"mp4 that quicktime reads", ftyp("mp42", "qt  "), vitrine.MP4, ""},
		{"old quicktime, header first", "\x00\x01\x00\x00moov\x00\x00\x00\x6cmvhd\x00\x00\x00\x00", vitrine.MOV, ""},
		{"old quicktime, data first", "\x00\x40\x00\x00mdat\x00\x00\x00\x00\x00\x00\x00\x00", vitrine.MOV, ""},
		{"old quicktime, wide", "\x00\x00\x00\x08wide\x00\x40\x00\x00mdat\x00\x00\x00\x00", vitrine.MOV, ""},
		{"text with moov", "Hey moov along, nothing to see here at all.", "", vitrine.CodeUnrecognised},
		{"text with mdat", "The mdat box of a film is where its data lies.", "", vitrine.CodeUnrecognised},
		{"webm", ebml("webm"), vitrine.WebM, ""},
		{"matroska", ebml("matroska"), "", vitrine.CodeUnavailableFormat},
		{"bmp", "BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x10\x00\x00\x00\x10\x00\x00\x00\x01\x00\x18\x00", vitrine.BMP, ""},
		{"bmp of os/2", "BM\x36\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00\x0c\x00\x00\x00\x10\x00\x10\x00\x01\x00\x18\x00\x00\x00\x00\x00", vitrine.BMP, ""},
		{"text that begins like bmp", "BMW makes cars and has nothing to do with bitmaps.", "", vitrine.CodeUnrecognised},
		{"tiff", "II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00", "", vitrine.CodeUnavailableFormat},
		{"psd", "8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03", "", vitrine.CodeUnavailableFormat},
		{"jpeg xl", "\xff\x0a\xfa\x7f\x01\x90\x08\x06\x01\x00", "", vitrine.CodeUnavailableFormat},
		{"jpeg xl in a box", "\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a\x00\x00\x00\x14ftypjxl ", "", vitrine.CodeUnavailableFormat},
		{"jpeg 2000", "\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a\x00\x00\x00\x14ftypjp2 \x00\x00\x00\x00jp2 ", "", vitrine.CodeUnavailableFormat},
		{"ico", "\x00\x00\x01\x00\x01\x00\x10\x10\x00\x00\x01\x00\x20\x00", "", vitrine.CodeUnavailableFormat},
		{"avi", "RIFF\x00\x10\x00\x00AVI LIST\x00\x01\x00\x00hdrl", "", vitrine.CodeUnavailableFormat},
		{"svg", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "", vitrine.CodeUnrecognised},
		{"html", "<!DOCTYPE html><title>x</title>", "", vitrine.CodeUnrecognised},
		{"pdf", "%PDF-1.7\n", "", vitrine.CodeUnrecognised},
		{"zip", "PK\x03\x04\x14\x00", "", vitrine.CodeUnrecognised},
		{"playlist", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "", vitrine.CodeUnrecognised},
		{"text", "hello, world\n", "", vitrine.CodeUnrecognised},
		{"zeros", strings.Repeat("\x00", 100), "", vitrine.CodeUnrecognised},
		{"nothing", "", "", vitrine.CodeUnrecognised},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := media.Sniff([]byte(tt.head)[:min(len(tt.head), 4096)])
			if got != tt.want || vitrine.CodeOf(err) != tt.refusal {
				t.Errorf("got %q, %v; want %q, %q", got, err, tt.want, tt.refusal)
			}
		})
	}
}

func FuzzSniff(f *testing.F) {
	for _, name := range []string{"base.jpg", "tiny.png", "anim.gif", "base.webp", "photo.avif", "photo.heic"} {
		b := sample(f, "metadata", name)
		f.Add(b[:min(len(b), 300)])
	}
	f.Add(sample(f, "film", "clip.mp4")[:300])
	f.Add([]byte("\x1a\x45\xdf\xa3\x8b\x42\x86\x81\x01\x42\x82\x84webm"))
	f.Fuzz(func(t *testing.T, head []byte) {
		before := bytes.Clone(head)
		got, err := media.Sniff(head)
		if got.Valid() == (err != nil) {
			t.Errorf("got %q and %v", got, err)
		}
		if code := vitrine.CodeOf(err); err != nil && code != vitrine.CodeUnrecognised && code != vitrine.CodeUnavailableFormat {
			t.Errorf("code %q", code)
		}
		if !bytes.Equal(before, head) {
			t.Error("the head was changed")
		}
	})
}
