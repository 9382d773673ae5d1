package upload

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"vitrine/internal/vitrine"
)

// render makes everything that is to be stored, beside the source in its spool
// folder, and writes what it made into the draft.
func (s *Service) render(ctx context.Context, req Request, set *vitrine.Settings, src *received, seen *vitrine.Inspection, d *draft) (*vitrine.Rendition, error) {
	r := set.VariantsOf(seen)
	r.Source, r.Folder = src.path(), src.folder
	r.StripMetadata, r.StripGPS = stripsMetadata(req.Actor, set), !set.KeepGPS
	if seen.Format.Kind() == vitrine.KindImage {
		if req.Width != seen.Width {
			r.Width = req.Width
		}
		if !seen.Animated() {
			r.MaxWidth, r.MaxHeight = set.MaxWidth, set.MaxHeight
		}
	}
	src.settled = false
	defer s.meter.since(stepRender, time.Now())
	made, err := s.c.Processor.Render(ctx, r)
	if err != nil {
		return nil, err
	}
	src.settled = true
	d.file.MD5 = src.MD5
	if made.Changed {
		if d.file.MD5, err = digestOf(made.Original.Path); err != nil {
			return nil, err
		}
		if d.file.MD5 != src.MD5 {
			d.file.SourceMD5 = src.MD5
		}
	}
	d.describeRendition(src, seen, made)
	if r.Width != 0 && made.Original.Width == seen.Width {
		d.ignore("width") // an animation of a kind that cannot be reduced, such as an AVIF sequence
	}
	return made, nil
}

// stripsMetadata reports whether the stored files are to know nothing of camera
// and author: as the site wants it, or the user.
func stripsMetadata(a vitrine.Actor, set *vitrine.Settings) bool {
	return !set.KeepEXIF || a.User != nil && !a.User.KeepEXIF
}

// describeRendition fills in what only rendering could tell.
func (d *draft) describeRendition(src *received, seen *vitrine.Inspection, made *vitrine.Rendition) {
	f := &d.file
	f.Format = made.Original.Format
	f.Extension = extensionOf(src.filename, f.Format)
	f.Size, f.Width, f.Height = made.Original.Size, made.Original.Width, made.Original.Height
	f.Resized = f.Width < seen.Width || f.Height < seen.Height
	f.Thumb, f.Medium, f.Frame = variantOf(made.Thumb), variantOf(made.Medium), variantOf(made.Frame)
	f.Placeholder = made.Placeholder
}

func variantOf(o *vitrine.Output) vitrine.Variant {
	if o == nil {
		return vitrine.Variant{}
	}
	return vitrine.Variant{Size: o.Size, Width: o.Width, Height: o.Height}
}

func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("opening a rendered file: %w", err)
	}
	defer f.Close()
	block := largeBlocks.Get().(*[]byte)
	defer largeBlocks.Put(block)
	digest := md5.New()
	if _, err := io.CopyBuffer(digest, struct{ io.Reader }{f}, *block); err != nil {
		return "", fmt.Errorf("reading a rendered file: %w", err)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}
