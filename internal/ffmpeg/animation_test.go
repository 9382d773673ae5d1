package ffmpeg_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vitrine/internal/ffmpeg"
)

// apng is what an animated PNG says of itself.
type apng struct {
	width, height, frames, plays int
	delays                       []float64 // seconds
}

func readAPNG(t *testing.T, path string) (a apng) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	number := binary.BigEndian.Uint32
	for at := 8; at+12 <= len(b); at += 12 + int(number(b[at:])) {
		data := b[at+8:]
		switch string(b[at+4 : at+8]) {
		case "IHDR":
			a.width, a.height = int(number(data)), int(number(data[4:]))
		case "acTL":
			a.frames, a.plays = int(number(data)), int(number(data[4:]))
		case "fcTL":
			a.delays = append(a.delays, float64(binary.BigEndian.Uint16(data[20:]))/float64(binary.BigEndian.Uint16(data[22:])))
		}
	}
	return a
}

func TestReduceAPNG(t *testing.T) {
	t.Parallel()
	in := film(t, "in.png", "-f", "lavfi", "-i", "testsrc2=s=160x120:d=0.5:r=10", "-vf", "setpts=(N*(N+1)/2)*0.1/TB,format=rgba",
		"-fps_mode", "passthrough", "-enc_time_base", "1/1000", "-plays", "3", "-f", "apng")
	before := readAPNG(t, in)
	if before.frames != 5 || before.delays[0] == before.delays[2] {
		t.Fatalf("the sample is not as it should be: %+v", before)
	}
	out := filepath.Join(t.TempDir(), "out.png")
	if err := ffmpeg.New(ffmpeg.Config{}).ReduceAPNG(t.Context(), in, 80, 60, before.plays, out); err != nil {
		t.Fatal(err)
	}
	after := readAPNG(t, out)
	if after.width != 80 || after.height != 60 || after.frames != before.frames || after.plays != 3 || !slices.Equal(after.delays, before.delays) {
		t.Errorf("%+v became %+v", before, after)
	}
}

func TestReduceAPNGRefusals(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"text":     "not a picture",
		"playlist": "ffconcat version 1.0\nfile /etc/hostname\n",
		"head":     "\x89PNG\r\n\x1a\n",
	} {
		in, out := filepath.Join(t.TempDir(), "in.png"), filepath.Join(t.TempDir(), "out.png")
		if err := os.WriteFile(in, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := ffmpeg.New(ffmpeg.Config{}).ReduceAPNG(t.Context(), in, 8, 8, 0, out); !errors.Is(err, ffmpeg.ErrFilm) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: something was left: %v", name, err)
		}
	}
}
