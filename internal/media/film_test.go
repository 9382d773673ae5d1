package media_test

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// film makes a film with ffmpeg; args stand between the inputs and the output.
func film(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	run(t, "ffmpeg", append([]string{"-v", "error", "-nostdin", "-y"}, append(args, path)...)...)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func run(t testing.TB, program string, args ...string) {
	t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
}

var (
	moving = []string{"-f", "lavfi", "-i", "testsrc2=s=160x120:d=2:r=10"}
	tone   = []string{"-f", "lavfi", "-i", "sine=d=2"}
	h264   = []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"}
	vp8    = []string{"-c:v", "libvpx", "-deadline", "realtime"}
	place  = []string{"-metadata", "location=+48.2082+016.3738/", "-metadata", "title=A title"}
)

func args(parts ...[]string) []string {
	var all []string
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// tagged writes tags into a film with exiftool.
func tagged(t testing.TB, b []byte, extension string, tags ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("exiftool"); err != nil {
		t.Skip("exiftool is not installed")
	}
	path := filepath.Join(t.TempDir(), "film."+extension)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "exiftool", append(tags, "-q", "-overwrite_original", path)...)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestInspectFilm(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	upright := film(t, "a.mp4", args(moving, tone, h264, place, []string{"-metadata", "comment=Some words", "-metadata", "creation_time=2024-05-06T07:08:09Z"})...)
	turned := film(t, "b.mp4", "-i", b.put(t, upright), "-c", "copy", "-metadata:s:v", "rotate=90")
	for _, tt := range []struct {
		name string
		film []byte
		want vitrine.Inspection
	}{
		{"recorded clip", sample(t, "film", "clip.mp4"), vitrine.Inspection{Format: vitrine.MP4, Width: 320, Height: 240, Duration: 2 * time.Second}},
		{"tags", upright, vitrine.Inspection{Format: vitrine.MP4, Width: 160, Height: 120, Duration: 2 * time.Second, Title: "A title", Description: "Some words",
			GPS: true, TakenAt: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC), TakenAtZoned: true}},
		{"rotated phone clip", turned, vitrine.Inspection{Format: vitrine.MP4, Width: 120, Height: 160, Duration: 2 * time.Second, Title: "A title", Description: "Some words", GPS: true}},
		{"old quicktime without ftyp", sample(t, "film", "old.mov"), vitrine.Inspection{Format: vitrine.MOV, Width: 48, Height: 32, Duration: time.Second, GPS: true}},
		{"mov", film(t, "a.mov", args(moving, h264)...), vitrine.Inspection{Format: vitrine.MOV, Width: 160, Height: 120, Duration: 2 * time.Second}},
		{"webm", film(t, "a.webm", args(moving, vp8, []string{"-metadata", "title=Web"})...), vitrine.Inspection{Format: vitrine.WebM, Width: 160, Height: 120, Duration: 2 * time.Second, Title: "Web"}},
		{"fragmented", film(t, "f.mp4", args(moving, h264, []string{"-movflags", "frag_keyframe+empty_moov"})...), vitrine.Inspection{Format: vitrine.MP4, Width: 160, Height: 120, Duration: 2 * time.Second}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			i, err := b.Inspect(t.Context(), b.put(t, tt.film))
			if err != nil {
				t.Fatal(err)
			}
			i.Duration = i.Duration.Round(time.Second)
			i.TakenAt = i.TakenAt.UTC()
			tt.want.Orientation, tt.want.Frames = 1, 1
			if *i != tt.want {
				t.Errorf("got  %+v\nwant %+v", *i, tt.want)
			}
		})
	}
}

func TestInspectFilmRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	whole := film(t, "a.mp4", args(moving, h264)...)
	empty := film(t, "e.mp4", args(moving, h264, []string{"-movflags", "frag_keyframe+empty_moov"})...)
	playlist := "#EXTM3U\n#EXTINF:4,\n" + b.put(t, whole) + "\n#EXT-X-ENDLIST\n"
	for _, tt := range []struct {
		name string
		film []byte
		want vitrine.Code
	}{
		{"sound only", film(t, "s.mp4", tone...), vitrine.CodeInvalidVideo},
		{"sound with a cover", film(t, "c.mp4", args(tone, moving, []string{"-map", "0", "-map", "1", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v", "attached_pic"})...), vitrine.CodeInvalidVideo},
		{"sound in webm", film(t, "s.webm", tone...), vitrine.CodeInvalidVideo},
		{"truncated", whole[:len(whole)/2], vitrine.CodeInvalidVideo},
		{"no duration", empty[:bytes.Index(empty, []byte("moof"))-4], vitrine.CodeInvalidVideo},
		{"a header alone", whole[:40], vitrine.CodeInvalidVideo},
		{"playlist inside", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + playlist), vitrine.CodeInvalidVideo},
		{"playlist alone", []byte(playlist), vitrine.CodeUnrecognised},
		{"concat script", []byte("ffconcat version 1.0\nfile /etc/passwd\n"), vitrine.CodeUnrecognised},
		{"matroska", film(t, "a.mkv", args(moving, h264)...), vitrine.CodeUnavailableFormat},
		{"avi", film(t, "a.avi", args(moving, []string{"-c:v", "mjpeg"})...), vitrine.CodeUnavailableFormat},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			i, err := b.Inspect(t.Context(), b.put(t, tt.film))
			if vitrine.CodeOf(err) != tt.want {
				t.Errorf("got %+v, %v; want %q", i, err, tt.want)
			}
		})
	}
}

func TestRenderFilm(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	upright := film(t, "a.mp4", args([]string{"-f", "lavfi", "-i", "testsrc2=s=640x360:d=2:r=10"}, h264)...)
	for _, tt := range []struct {
		name          string
		film          []byte
		frame, medium vitrine.Dimensions
	}{
		{"recorded clip", sample(t, "film", "clip.mp4"), vitrine.Dimensions{Width: 320, Height: 240}, vitrine.Dimensions{}},
		{"wider than medium", upright, vitrine.Dimensions{Width: 640, Height: 360}, vitrine.Dimensions{Width: 500, Height: 281}},
		{"upright", film(t, "b.mp4", "-i", b.put(t, upright), "-c", "copy", "-metadata:s:v", "rotate=270"), vitrine.Dimensions{Width: 360, Height: 640}, vitrine.Dimensions{}},
		{"webm", film(t, "a.webm", args(moving, vp8)...), vitrine.Dimensions{Width: 160, Height: 120}, vitrine.Dimensions{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := b.put(t, tt.film)
			r, err := b.Render(t.Context(), b.request(t, path))
			if err != nil {
				t.Fatal(err)
			}
			if r.Changed || r.Original.Path != path || r.Original.Size != int64(len(tt.film)) {
				t.Errorf("the film changed: %+v", r.Original)
			}
			if r.Frame == nil || r.Thumb == nil || len(r.Placeholder) != 36 || (r.Medium != nil) != (tt.medium.Width > 0) {
				t.Fatalf("frame %v, thumb %v, medium %v", r.Frame, r.Thumb, r.Medium)
			}
			check := func(name string, o *vitrine.Output, want vitrine.Dimensions) {
				f, err := os.Open(o.Path)
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				info, err := f.Stat()
				if err != nil {
					t.Fatal(err)
				}
				c, err := jpeg.DecodeConfig(f)
				if err != nil {
					t.Fatal(err)
				}
				if o.Format != vitrine.JPEG || o.Size != info.Size() || c.Width != o.Width || c.Height != o.Height || want.Width > 0 && (c.Width != want.Width || c.Height != want.Height) {
					t.Errorf("%s: %+v is %d×%d with %d bytes, want %v", name, o, c.Width, c.Height, info.Size(), want)
				}
			}
			check("frame", r.Frame, tt.frame)
			check("thumb", r.Thumb, vitrine.Dimensions{})
			if r.Medium != nil {
				check("medium", r.Medium, tt.medium)
			}
		})
	}
}

func TestRenderFilmStripsPosition(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	path := b.put(t, film(t, "a.mov", args(moving, h264, place)...))
	req := b.request(t, path)
	r, err := b.Render(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Changed || r.Original.Path == path || filepath.Dir(r.Original.Path) != req.Folder {
		t.Fatalf("the film was kept: %+v", r.Original)
	}
	again, err := b.Inspect(t.Context(), r.Original.Path)
	if err != nil || again.GPS || again.Title != "A title" {
		t.Errorf("got %+v, %v", again, err)
	}
	req = b.request(t, path)
	req.StripGPS = false
	if r, err = b.Render(t.Context(), req); err != nil || r.Changed {
		t.Errorf("got %+v, %v; want the film as it was", r, err)
	}
}

// places are films that tell where they were taken, each in another way.
func places(t testing.TB) map[string][]byte {
	t.Helper()
	plain := film(t, "a.mp4", args(moving, tone, h264)...)
	mov := film(t, "a.mov", args(moving, h264)...)
	srt := filepath.Join(t.TempDir(), "flight.srt")
	if err := os.WriteFile(srt, []byte("1\n00:00:00,000 --> 00:00:01,000\nGPS(16.3738,48.2082,171)\n\n2\n00:00:01,000 --> 00:00:02,000\nGPS(16.3739,48.2083,171)\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"udta.mov":     film(t, "a.mov", args(moving, h264, place)...),
		"loci.mp4":     film(t, "a.mp4", args(moving, tone, h264, place)...),
		"keys.mov":     film(t, "a.mov", args(moving, h264, []string{"-movflags", "use_metadata_tags", "-metadata", "com.apple.quicktime.location.ISO6709=+48.2082+016.3738+171.000/", "-metadata", "com.apple.quicktime.make=LabCam"})...),
		"itemlist.mp4": tagged(t, plain, "mp4", "-ItemList:GPSCoordinates=48.2082, 16.3738, 171", "-ItemList:Title=Words"),
		"userdata.mp4": tagged(t, plain, "mp4", "-UserData:GPSCoordinates=48.2082, 16.3738, 171", "-UserData:Title=Words"),
		"keys.mp4":     tagged(t, plain, "mp4", "-Keys:GPSCoordinates=48.2082, 16.3738, 171", "-Keys:LocationName=Wien", "-Keys:Title=Words"),
		"xmp.mp4":      tagged(t, plain, "mp4", "-XMP-exif:GPSLatitude=48.2082", "-XMP-exif:GPSLongitude=16.3738", "-XMP-dc:Title=Words"),
		"xmp.mov":      tagged(t, mov, "mov", "-XMP-exif:GPSLatitude=48.2082", "-XMP-exif:GPSLongitude=16.3738", "-XMP-dc:Title=Words"),
		"flight.mp4":   film(t, "f.mp4", args(moving, []string{"-i", srt}, h264, []string{"-c:s", "mov_text"})...),
		"tags.webm":    film(t, "a.webm", args(moving, vp8, place)...),
		"gopro.mp4":    withTelemetry(t, plain),
	}
}

// withTelemetry turns the sound track of a film into one of a GoPro's positions.
func withTelemetry(t testing.TB, b []byte) []byte {
	t.Helper()
	b = bytes.Clone(b)
	k := bytes.Index(b, []byte("mp4a"))
	h := bytes.Index(b, []byte("soun"))
	if k < 0 || h < 0 {
		t.Fatal("no sound track")
	}
	copy(b[k:], "gpmd")
	copy(b[h:], "meta")
	// The first sample lies where the track's first chunk does.
	at := bytes.LastIndex(b, []byte("stco"))
	copy(b[binary.BigEndian.Uint32(b[at+12:]):], "GPS5 48.2082")
	return b
}

func filmFormat(name string) vitrine.Format {
	return vitrine.Format(strings.TrimPrefix(filepath.Ext(name), "."))
}

// videoPackets are the check sums of every packet of the picture track.
func videoPackets(t testing.TB, b []byte, format vitrine.Format) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film."+string(format))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", "0:v", "-c", "copy", "-f", "framemd5", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestCleanFilm(t *testing.T) {
	t.Parallel()
	for name, b := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			format := filmFormat(name)
			before := tags(t, b, string(format))
			for _, o := range []media.CleanOptions{gps, all} {
				c, err := media.CleanFilm(b, format, o)
				if err != nil {
					t.Fatal(err)
				}
				if len(c) != len(b) || bytes.Equal(b, c) {
					t.Fatalf("%+v: %d bytes of %d, or nothing changed", o, len(c), len(b))
				}
				if again, err := media.CleanFilm(c, format, o); err != nil || !bytes.Equal(c, again) {
					t.Errorf("%+v: cleaning twice is not cleaning once: %v", o, err)
				}
				if videoPackets(t, b, format) != videoPackets(t, c, format) {
					t.Errorf("%+v: other pictures", o)
				}
				for _, word := range []string{"48.2082", "+48.2082", "16.3738", "Wien"} {
					if bytes.Contains(c, []byte(word)) {
						t.Errorf("%+v: %q is still there", o, word)
					}
				}
				after := tags(t, c, string(format))
				for k := range after {
					if filmPosition(k) {
						t.Errorf("%+v: %s is still there: %s", o, k, after[k])
					}
				}
				for k, v := range before {
					_, tag, _ := strings.Cut(k, ":")
					if tag == "Title" && o == all && after[k] != "" {
						t.Errorf("all: %s is still there: %s", k, after[k])
					}
					if o == gps && !filmPosition(k) && after[k] != v && tag != "Warning" && tag != "Text" && !strings.Contains(v, "48.20") {
						t.Errorf("gps: %s was %s and is %q", k, v, after[k])
					}
				}
			}
		})
	}
}

func filmPosition(tag string) bool {
	_, name, _ := strings.Cut(strings.ToLower(tag), ":")
	return strings.HasPrefix(name, "gps") || strings.HasPrefix(name, "location")
}

func TestCleanFilmWithoutPosition(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"a.mp4": sample(t, "film", "clip.mp4"), "b.webm": film(t, "a.webm", args(moving, vp8)...),
	} {
		if c, err := media.CleanFilm(b, filmFormat(name), gps); err != nil || !bytes.Equal(b, c) {
			t.Errorf("%s: changed, or %v", name, err)
		}
	}
}

func TestCheckFilms(t *testing.T) {
	t.Parallel()
	if v, err := newBench(t, nil).CheckFilms(t.Context()); err != nil || v == "" {
		t.Errorf("got %q, %v", v, err)
	}
	absent := newBench(t, func(c *media.Config) { c.FFprobe = "no-such-program" })
	if _, err := absent.CheckFilms(t.Context()); err == nil {
		t.Error("an absent program was not noticed")
	}
	if _, err := absent.Inspect(t.Context(), absent.putFile(t, "film/clip.mp4")); vitrine.CodeOf(err) != vitrine.CodeInternal {
		t.Errorf("got %v, want CodeInternal", err)
	}
}

func FuzzCleanFilm(f *testing.F) {
	f.Add(sample(f, "film", "clip.mp4"), true)
	for _, name := range []string{"keys.mov", "itemlist.mp4", "gopro.mp4", "tags.webm", "old.mov"} {
		f.Add(sample(f, "film", name), false)
		f.Add(sample(f, "film", name), true)
	}
	f.Fuzz(func(t *testing.T, b []byte, everything bool) {
		format, err := media.Sniff(b[:min(len(b), 4096)])
		if err != nil || format.Kind() != vitrine.KindVideo {
			return
		}
		o := media.CleanOptions{All: everything, GPS: !everything}
		c, err := media.CleanFilm(b, format, o)
		if err != nil {
			return
		}
		if len(c) != len(b) {
			t.Fatalf("%d bytes became %d", len(b), len(c))
		}
		if again, err := media.Sniff(c[:min(len(c), 4096)]); again != format {
			t.Errorf("%s became %q, %v", format, again, err)
		}
	})
}
