package demo_test

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os/exec"
	"strings"
	"testing"
	"time"

	"vitrine/internal/demo"
)

func TestFilesAreWhatTheySay(t *testing.T) {
	t.Parallel()
	s := demo.Scene{Seed: 3, Width: 160, Height: 100}
	upright := demo.Draw(s)
	for orientation := 1; orientation <= 8; orientation++ {
		file, err := demo.JPEG(s, demo.Camera{Make: "Vitrine", Model: "Seed", TakenAt: time.Unix(0, 0).UTC(), Orientation: orientation})
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		want := image.Pt(160, 100)
		if orientation >= 5 {
			want = image.Pt(100, 160)
		}
		if m.Bounds().Size() != want {
			t.Errorf("orientation %d: %v", orientation, m.Bounds())
		}
	}
	file, err := demo.PNG(s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(file))
	if err != nil || m.At(17, 31) != upright.At(17, 31) {
		t.Errorf("PNG: %v", err)
	}
	file, err = demo.GIF(s, 4)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(bytes.NewReader(file))
	if err != nil || len(g.Image) != 4 {
		t.Errorf("GIF: %v", err)
	}
}

// ExifTool knows what cameras write.
func TestMetadata(t *testing.T) {
	t.Parallel()
	file, err := demo.JPEG(demo.Scene{Seed: 1, Width: 40, Height: 30}, demo.Camera{Make: "Vitrine", Model: "Seed 1", TakenAt: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Orientation: 6, Sphere: true})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("exiftool", "-s3", "-n", "-Make", "-Model", "-Orientation", "-ModifyDate", "-ProjectionType", "-FullPanoWidthPixels", "-")
	cmd.Stdin = bytes.NewReader(file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got, want := strings.TrimSpace(string(out)), "Vitrine\nSeed 1\n6\n2026:05:04 03:02:01\nequirectangular\n40"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkDraw(b *testing.B) {
	for b.Loop() {
		demo.Draw(demo.Scene{Seed: 1, Width: 640, Height: 480})
	}
}
