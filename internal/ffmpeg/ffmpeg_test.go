package ffmpeg_test

import (
	"context"
	"errors"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/ffmpeg"
)

// film makes a film with the real ffmpeg; args stand between inputs and output.
func film(t testing.TB, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	args = append([]string{"-v", "error", "-nostdin", "-y"}, append(args, path)...)
	if out, err := exec.Command("ffmpeg", args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return path
}

var (
	picture = []string{"-f", "lavfi", "-i", "testsrc2=s=160x120:d=4:r=10"}
	sound   = []string{"-f", "lavfi", "-i", "sine=d=4"}
	h264    = []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"}
)

func join(parts ...[]string) []string {
	var all []string
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestProbe(t *testing.T) {
	t.Parallel()
	upright := film(t, "upright.mp4", join(picture, sound, h264, []string{
		"-metadata", "title=A title", "-metadata", "comment=Some words", "-metadata", "creation_time=2024-05-06T07:08:09Z"})...)
	rotated := film(t, "rotated.mp4", "-i", upright, "-c", "copy", "-metadata:s:v", "rotate=90", "-metadata", "creation_time=2024-05-06T07:08:09Z")
	webm := film(t, "a.webm", join(picture, []string{"-c:v", "libvpx", "-deadline", "realtime", "-metadata", "title=Web"})...)
	cover := film(t, "cover.m4a", join(sound, picture, []string{"-map", "0", "-map", "1", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v", "attached_pic", "-f", "mp4"})...)

	tests := []struct {
		name, path string
		demuxer    ffmpeg.Demuxer
		want       ffmpeg.Info
	}{
		{"upright", upright, ffmpeg.MOV, ffmpeg.Info{Duration: 4 * time.Second, Video: true, Codec: "h264", Width: 160, Height: 120,
			Title: "A title", Description: "Some words", CreatedAt: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)}},
		{"rotated phone clip", rotated, ffmpeg.MOV, ffmpeg.Info{Duration: 4 * time.Second, Video: true, Codec: "h264", Width: 120, Height: 160,
			Title: "A title", Description: "Some words", CreatedAt: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)}},
		{"webm", webm, ffmpeg.Matroska, ffmpeg.Info{Duration: 4 * time.Second, Video: true, Codec: "vp8", Width: 160, Height: 120, Title: "Web"}},
		{"sound with a cover", cover, ffmpeg.MOV, ffmpeg.Info{Duration: 4 * time.Second}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ffmpeg.New(ffmpeg.Config{}).Probe(t.Context(), tt.path, tt.demuxer)
			if err != nil {
				t.Fatal(err)
			}
			got.Duration, got.CreatedAt = got.Duration.Round(time.Second), got.CreatedAt.UTC()
			if tt.want.CreatedAt.IsZero() {
				got.CreatedAt = time.Time{}
			}
			if *got != tt.want {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

func TestProbeRefuses(t *testing.T) {
	t.Parallel()
	real := film(t, "real.mp4", join(picture, h264)...)
	whole, err := os.ReadFile(real)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		demuxer    ffmpeg.Demuxer
	}{
		{"playlist", write(t, "a.mp4", "#EXTM3U\n#EXTINF:4,\n"+real+"\n#EXT-X-ENDLIST\n"), ffmpeg.MOV},
		{"concat script", write(t, "a.mp4", "ffconcat version 1.0\nfile '"+real+"'\n"), ffmpeg.MOV},
		{"mp4 as matroska", real, ffmpeg.Matroska},
		{"truncated", write(t, "a.mp4", string(whole[:len(whole)/2])), ffmpeg.MOV},
		{"empty", write(t, "a.mp4", ""), ffmpeg.MOV},
		{"absent", "/nonexistent/a.mp4", ffmpeg.MOV},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if i, err := ffmpeg.New(ffmpeg.Config{}).Probe(t.Context(), tt.path, tt.demuxer); !errors.Is(err, ffmpeg.ErrFilm) {
				t.Errorf("got %+v, %v; want ErrFilm", i, err)
			}
		})
	}
}

func TestFrame(t *testing.T) {
	t.Parallel()
	upright := film(t, "upright.mp4", join(picture, h264)...)
	rotated := film(t, "rotated.mp4", "-i", upright, "-c", "copy", "-metadata:s:v", "rotate=90")
	// The picture ends long before the sound: there is no key frame near the instant.
	short := film(t, "short.mp4", join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x120:d=0.2:r=10", "-f", "lavfi", "-i", "sine=d=20"}, h264)...)
	for _, tt := range []struct {
		name, path    string
		demuxer       ffmpeg.Demuxer
		at            time.Duration
		width, height int
	}{
		{"middle", upright, ffmpeg.MOV, 2 * time.Second, 160, 120},
		{"before the start", upright, ffmpeg.MOV, -time.Second, 160, 120},
		{"after the end", upright, ffmpeg.MOV, time.Hour, 160, 120},
		{"upright from a phone", rotated, ffmpeg.MOV, time.Second, 120, 160},
		{"picture shorter than sound", short, ffmpeg.MOV, 10 * time.Second, 160, 120},
		{"webm", film(t, "a.webm", join(picture, []string{"-c:v", "libvpx", "-deadline", "realtime"})...), ffmpeg.Matroska, time.Second, 160, 120},
		{"ten bits", film(t, "ten.mp4", join(picture, []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p10le"})...), ffmpeg.MOV, time.Second, 160, 120},
		{"odd size", film(t, "odd.mov", "-f", "lavfi", "-i", "color=red:s=161x121:d=1,format=yuvj444p", "-c:v", "mjpeg"), ffmpeg.MOV, 0, 161, 121},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "frame.jpeg")
			if err := ffmpeg.New(ffmpeg.Config{}).Frame(t.Context(), tt.path, tt.demuxer, tt.at, out); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(out)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			c, err := jpeg.DecodeConfig(f)
			if err != nil {
				t.Fatal(err)
			}
			if c.Width != tt.width || c.Height != tt.height {
				t.Errorf("got %d×%d, want %d×%d", c.Width, c.Height, tt.width, tt.height)
			}
		})
	}
}

// Colours must survive the way into JPEG, which assumes BT.601.
func TestFrameColours(t *testing.T) {
	t.Parallel()
	for _, matrix := range []string{"bt709", "smpte170m"} {
		t.Run(matrix, func(t *testing.T) {
			t.Parallel()
			filter := map[string]string{"bt709": "bt709", "smpte170m": "bt601"}[matrix]
			path := film(t, "green.mp4", join([]string{"-f", "lavfi", "-i", "color=0x20C040:s=64x64:d=1",
				"-vf", "scale=out_color_matrix=" + filter + ",format=yuv420p", "-colorspace", matrix}, h264)...)
			out := filepath.Join(t.TempDir(), "frame.jpeg")
			if err := ffmpeg.New(ffmpeg.Config{}).Frame(t.Context(), path, ffmpeg.MOV, 0, out); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(out)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			img, err := jpeg.Decode(f)
			if err != nil {
				t.Fatal(err)
			}
			r, g, b, _ := img.At(32, 32).RGBA()
			for i, d := range []int{int(r>>8) - 0x20, int(g>>8) - 0xC0, int(b>>8) - 0x40} {
				if d < -6 || d > 6 {
					t.Errorf("channel %d is off by %d", i, d)
				}
			}
		})
	}
}

func TestFrameWithoutPicture(t *testing.T) {
	t.Parallel()
	path := film(t, "sound.mp4", sound...)
	out := filepath.Join(t.TempDir(), "frame.jpeg")
	if err := ffmpeg.New(ffmpeg.Config{}).Frame(t.Context(), path, ffmpeg.MOV, time.Second, out); !errors.Is(err, ffmpeg.ErrFilm) && !errors.Is(err, ffmpeg.ErrFrame) {
		t.Errorf("got %v, want ErrFilm or ErrFrame", err)
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was left behind: %v", err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	path := film(t, "a.mp4", join(picture, h264)...)
	// A stand-in for a program that hangs and has children of its own.
	hang := write(t, "hang", "#!/bin/sh\nsleep 60 & sleep 60\n")
	flood := write(t, "flood", "#!/bin/sh\nexec yes\n")
	for _, p := range []string{hang, flood} {
		if err := os.Chmod(p, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		cfg  ffmpeg.Config
		want error
	}{
		{"time", t.Context(), ffmpeg.Config{FFprobe: hang, Timeout: 200 * time.Millisecond}, ffmpeg.ErrLimit},
		{"output", t.Context(), ffmpeg.Config{FFprobe: flood}, ffmpeg.ErrLimit},
		{"memory", t.Context(), ffmpeg.Config{Memory: 1 << 20}, nil},
		{"ended", ended, ffmpeg.Config{}, context.Canceled},
		{"absent", t.Context(), ffmpeg.Config{FFprobe: "no-such-program"}, ffmpeg.ErrAbsent},
		{"absent path", t.Context(), ffmpeg.Config{FFprobe: "/no/such/program"}, ffmpeg.ErrAbsent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := ffmpeg.New(tt.cfg).Probe(tt.ctx, path, ffmpeg.MOV)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	v, err := ffmpeg.New(ffmpeg.Config{}).Check(t.Context())
	if err != nil || v == "" {
		t.Errorf("got %q, %v", v, err)
	}
	if _, err := ffmpeg.New(ffmpeg.Config{FFmpeg: "no-such-program"}).Check(t.Context()); !errors.Is(err, ffmpeg.ErrAbsent) {
		t.Errorf("got %v, want ErrAbsent", err)
	}
}
