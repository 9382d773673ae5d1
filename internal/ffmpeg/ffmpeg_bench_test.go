package ffmpeg_test

import (
	"path/filepath"
	"testing"
	"time"

	"vitrine/internal/ffmpeg"
)

func BenchmarkProbe(b *testing.B) {
	path, tools := film(b, "a.mp4", join(picture, h264)...), ffmpeg.New(ffmpeg.Config{})
	for b.Loop() {
		if _, err := tools.Probe(b.Context(), path, ffmpeg.MOV); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	path, tools := film(b, "a.mp4", join(picture, h264)...), ffmpeg.New(ffmpeg.Config{})
	out := filepath.Join(b.TempDir(), "frame.jpeg")
	for b.Loop() {
		if err := tools.Frame(b.Context(), path, ffmpeg.MOV, time.Second, out); err != nil {
			b.Fatal(err)
		}
	}
}
