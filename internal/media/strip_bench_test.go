package media_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"vitrine/internal/media"
	"vitrine/internal/vitrine"
)

// bigJPEG is a picture of about 4 MB with the metadata of a camera.
func bigJPEG(b *testing.B) string {
	b.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 2400, 1800))
	seed := uint32(1)
	for i := range img.Pix {
		seed = seed*1664525 + 1013904223
		img.Pix[i] = byte(i/9) ^ byte(seed>>27)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 92}); err != nil {
		b.Fatal(err)
	}
	from := sample(b, "metadata", "gps-be.jpg")
	to := bytes.Index(from, []byte{0xff, 0xdb})
	path := filepath.Join(b.TempDir(), "big.jpg")
	if err := os.WriteFile(path, append(bytes.Clone(from[:to]), out.Bytes()[2:]...), 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(out.Len())/1e6, "MB")
	return path
}

func BenchmarkReadMetadata(b *testing.B) {
	f, err := os.Open(bigJPEG(b))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if m, err := media.ReadMetadata(f, info.Size(), vitrine.JPEG); err != nil || !m.GPS {
			b.Fatal(m, err)
		}
	}
}

func BenchmarkCleanOriginal(b *testing.B) {
	f, err := os.Open(bigJPEG(b))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for name, o := range map[string]media.CleanOptions{"all": all, "gps": gps} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			path := filepath.Join(b.TempDir(), "out.jpg")
			for b.Loop() {
				out, err := os.Create(path)
				if err != nil {
					b.Fatal(err)
				}
				if err := media.CleanOriginal(f, out, vitrine.JPEG, o); err != nil {
					b.Fatal(err)
				}
				if err := out.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
