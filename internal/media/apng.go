package media

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"

	"vitrine/internal/ffmpeg"
	"vitrine/internal/vitrine"
)

// reducedAPNG is the name of a reduced animation in a request's folder.
const reducedAPNG = "original.png"

// reducesAPNG reports whether a request asks for an animated PNG in another size,
// which libvips cannot write.
func reducesAPNG(req vitrine.RenderRequest) bool {
	i := &req.Inspection
	return i.Format == vitrine.PNG && i.Animated() && req.Width > 0 && req.Width < i.Width
}

// renderAPNG lets ffmpeg reduce the animation, and makes thumb and medium from
// what came out.
func (s *Service) renderAPNG(ctx context.Context, req vitrine.RenderRequest) (*vitrine.Rendition, error) {
	size, err := originalSize(req)
	if err != nil {
		return nil, err
	}
	plays, err := playsOf(req.Source)
	if err != nil {
		return nil, internal(err)
	}
	i := req.Inspection
	reduced := filepath.Join(req.Folder, reducedAPNG)
	err = s.pool.hold(ctx, filmWeight(i.Width, i.Height), 2*s.cfg.Queue, func(ctx context.Context) error {
		return s.films().ReduceAPNG(ctx, req.Source, size.Width, size.Height, plays, reduced)
	})
	switch {
	case errors.Is(err, ffmpeg.ErrLimit):
		return nil, tooHard(err)
	case errors.Is(err, ffmpeg.ErrFilm):
		return nil, damaged(err)
	case err != nil:
		return nil, s.filmError(ctx, err)
	}
	req.Source, req.Width = reduced, 0
	req.Inspection.Width, req.Inspection.Height, req.Inspection.Orientation = size.Width, size.Height, 1
	req.Inspection.GPS, req.Inspection.Metadata, req.Inspection.Excess = false, false, false // nothing came along
	r, err := s.Render(ctx, req)
	if err != nil {
		return nil, err
	}
	r.Changed = true
	return r, nil
}

// playsOf is how often an animated PNG is to be played, 0 for ever, as its acTL
// chunk says (PNG 3rd edition, 11.3.6.1).
func playsOf(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	size, err := fileSize(path)
	if err != nil {
		return 0, err
	}
	w := newWindow(f, size)
	for at := int64(len(pngSignature)); ; {
		head := w.peek(at, 16)
		if len(head) < 16 || string(head[4:8]) == "IDAT" {
			return 0, nil
		}
		if string(head[4:8]) == "acTL" {
			return int(min(binary.BigEndian.Uint32(head[12:]), math.MaxUint16)), nil // the most that ffmpeg takes
		}
		at += 12 + int64(binary.BigEndian.Uint32(head))
	}
}
