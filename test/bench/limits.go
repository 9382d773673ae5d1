package main

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"os"
	"path/filepath"
	"time"

	"vitrine/internal/vips"
)

// The sizes of a new site.
const (
	thumbSide  = 320
	mediumSide = 500
)

// repeat runs a function for a span and returns the CPU time of one run.
func repeat(span time.Duration, fn func() error) (time.Duration, error) {
	if err := fn(); err != nil { // warm up, and proof that it works
		return 0, err
	}
	start, cpu, n := time.Now(), ownCPU(), 0
	for time.Since(start) < span || n < 3 {
		if err := fn(); err != nil {
			return 0, err
		}
		n++
	}
	return (ownCPU() - cpu) / time.Duration(n), nil
}

// pixelsAlone decodes a picture once and makes thumb and medium from it, in this
// process: what no server can do without.
func pixelsAlone(folder string, content []byte, span time.Duration) (time.Duration, error) {
	if err := vips.Init(); err != nil {
		return 0, err
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return 0, err
	}
	p := vips.Picture{Data: content, Loader: vips.JPEG, Width: config.Width, Height: config.Height}
	saver := vips.ToJPEG
	if format == "png" {
		p.Loader, saver = vips.PNG, vips.ToPNG
	}
	thumb := cover(config.Width, config.Height, thumbSide)
	outputs := []vips.Output{thumb}
	if config.Width > mediumSide {
		height := (mediumSide*config.Height + config.Width/2) / config.Width
		outputs = append(outputs, vips.Output{Width: mediumSide, Height: height, CropWidth: mediumSide, CropHeight: height})
	}
	for i := range outputs {
		f, err := os.Create(filepath.Join(folder, fmt.Sprintf("limit-%d", i)))
		if err != nil {
			return 0, err
		}
		defer f.Close()
		outputs[i].File, outputs[i].Saver, outputs[i].Quality, outputs[i].Orientation = f, saver, 85, 1
	}
	return repeat(span, func() error {
		for _, o := range outputs {
			if _, err := o.File.Seek(0, io.SeekStart); err != nil {
				return err
			}
		}
		return p.Render(time.Minute, outputs...)
	})
}

// cover is the thumb of a picture: reduced until one side fits, and cropped.
// Nothing is enlarged.
func cover(width, height, side int) vips.Output {
	scale := max(float64(side)/float64(width), float64(side)/float64(height))
	if scale > 1 {
		scale = 1
	}
	o := vips.Output{Width: int(float64(width)*scale + 0.5), Height: int(float64(height)*scale + 0.5)}
	o.CropWidth, o.CropHeight = min(side, o.Width), min(side, o.Height)
	o.Left, o.Top = (o.Width-o.CropWidth)/2, (o.Height-o.CropHeight)/2
	return o
}

// bytesAlone takes the digest of a file, writes it and makes it durable.
func bytesAlone(folder string, content []byte, span time.Duration) (time.Duration, error) {
	return repeat(span, func() error {
		f, err := os.Create(filepath.Join(folder, "limit"))
		if err != nil {
			return err
		}
		defer f.Close()
		digest := md5.New()
		for rest := content; len(rest) > 0; {
			n := min(len(rest), 256<<10)
			if _, err := digest.Write(rest[:n]); err != nil {
				return err
			}
			if _, err := f.Write(rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
		}
		return f.Sync()
	})
}
