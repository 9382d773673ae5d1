package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"vitrine/internal/ffmpeg"
	"vitrine/internal/vitrine"
)

// The names of what renderFilm writes into a request's folder.
const (
	filmFrameName    = "frame.jpeg"
	filmOriginalName = "original"
)

// filmWeight is what ffmpeg takes for one frame: decoded pictures that a codec
// keeps for reference, and the conversion. Measured 100 MB for 720p and 290 MB
// for 10-bit 4K.
func filmWeight(width, height int) int64 { return 64<<20 + 28*int64(width)*int64(height) }

// inspectFilm asks ffprobe what is in a film, and looks for a position in it.
// CodeInvalidVideo if it has no picture track, no size or no duration.
func (s *Service) inspectFilm(ctx context.Context, path string, format vitrine.Format) (*vitrine.Inspection, error) {
	var info *ffmpeg.Info
	err := s.pool.hold(ctx, filmWeight(0, 0), s.cfg.Queue, func(ctx context.Context) (err error) {
		defer s.pool.meter.ran(opProbe, format, time.Now())
		info, err = s.films().Probe(ctx, path, demuxer(format))
		return err
	})
	if err != nil {
		return nil, s.filmError(ctx, err)
	}
	if !info.Video || info.Duration <= 0 || info.Width <= 0 || info.Height <= 0 {
		return nil, invalidFilm(fmt.Errorf("duration %v, size %d×%d", info.Duration, info.Width, info.Height))
	}
	position, err := filmHasPosition(path, format)
	if err != nil {
		return nil, internal(err)
	}
	return &vitrine.Inspection{
		Format: format, Width: info.Width, Height: info.Height, Orientation: 1, Frames: 1, Duration: info.Duration,
		Title: first(maxTitle, info.Title), Description: first(maxDescription, info.Description),
		Camera:  oneLine(info.Make+" "+info.Model, maxCamera),
		TakenAt: info.CreatedAt, TakenAtZoned: !info.CreatedAt.IsZero(), GPS: position,
	}, nil
}

// renderFilm takes a still at a quarter of the film, and thumb and medium from
// it. The film itself is copied only where its position, or all its texts, have to
// be blanked.
func (s *Service) renderFilm(ctx context.Context, req vitrine.RenderRequest) (*vitrine.Rendition, error) {
	i := &req.Inspection
	still := filepath.Join(req.Folder, filmFrameName)
	err := s.pool.hold(ctx, filmWeight(i.Width, i.Height), 2*s.cfg.Queue, func(ctx context.Context) error {
		defer s.pool.meter.ran(opStill, i.Format, time.Now())
		return s.films().Frame(ctx, req.Source, demuxer(i.Format), i.Duration/4, still)
	})
	if err != nil {
		return nil, s.filmError(ctx, err)
	}
	r := &vitrine.Rendition{Original: vitrine.Output{Path: req.Source, Format: i.Format, Width: i.Width, Height: i.Height}}
	frame := &vitrine.Output{Path: still, Format: vitrine.JPEG}
	size, err := s.renderFrame(ctx, still, req, r)
	if err != nil {
		return nil, err
	}
	frame.Width, frame.Height = size.Width, size.Height
	if frame.Size, err = fileSize(still); err != nil {
		return nil, internal(err)
	}
	r.Frame = frame
	if r.Original.Path, r.Changed, err = s.cleanFilm(ctx, req); err != nil {
		return nil, internal(err)
	}
	if r.Original.Size, err = fileSize(r.Original.Path); err != nil {
		return nil, internal(err)
	}
	return r, nil
}

// cleanFilm writes a copy of the film without what the request does not want, if
// there is any of it, and tells which file is to be kept.
func (s *Service) cleanFilm(ctx context.Context, req vitrine.RenderRequest) (path string, changed bool, err error) {
	o := cleanOptions{All: req.StripMetadata, GPS: req.StripGPS}
	src, err := os.Open(req.Source)
	if err != nil {
		return "", false, err
	}
	defer src.Close()
	edits, size, err := planFilmFile(src, req.Inspection.Format, o)
	if err != nil || len(edits) == 0 {
		return req.Source, false, err
	}
	path = filepath.Join(req.Folder, filmOriginalName+"."+req.Inspection.Format.Extension())
	dst, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", false, err
	}
	stop := context.AfterFunc(ctx, func() { _ = src.Close() }) // ends the copy
	defer stop()
	if err := errors.Join(applyEdits(dst, src, size, edits), dst.Close()); err != nil {
		return "", false, err
	}
	return path, true, nil
}

func filmHasPosition(path string, format vitrine.Format) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	edits, _, err := planFilmFile(f, format, cleanOptions{GPS: true})
	return len(edits) > 0, err
}

func planFilmFile(f *os.File, format vitrine.Format, o cleanOptions) (edits []edit, size int64, err error) {
	if size, err = f.Seek(0, io.SeekEnd); err != nil {
		return nil, 0, err
	}
	edits, err = planFilm(newWindow(f, size), format, o)
	return edits, size, err
}

// CheckFilms starts ffprobe and ffmpeg and tells their version.
func (s *Service) CheckFilms(ctx context.Context) (version string, err error) {
	return s.films().Check(ctx)
}

func (s *Service) films() *ffmpeg.Tools {
	return ffmpeg.New(ffmpeg.Config{FFmpeg: s.cfg.FFmpeg, FFprobe: s.cfg.FFprobe, Timeout: s.cfg.Timeout})
}

func demuxer(format vitrine.Format) ffmpeg.Demuxer {
	if format == vitrine.WebM {
		return ffmpeg.Matroska
	}
	return ffmpeg.MOV
}

// filmError decides whose fault it was: the film's, ours, or nobody's.
func (s *Service) filmError(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, ffmpeg.ErrLimit):
		s.log.WarnContext(ctx, "film took too much", "err", err)
		return invalidFilm(err)
	case errors.Is(err, ffmpeg.ErrFilm), errors.Is(err, ffmpeg.ErrFrame):
		return invalidFilm(err)
	}
	if _, ours := errors.AsType[*vitrine.Error](err); ours || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return internal(err)
}

func invalidFilm(cause error) *vitrine.Error {
	return &vitrine.Error{Code: vitrine.CodeInvalidVideo, Message: "Invalid video file provided", Err: cause}
}
