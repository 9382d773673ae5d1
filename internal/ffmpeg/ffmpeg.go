package ffmpeg

import (
	"context"
	"errors"
	"time"
)

// Demuxer names the container reader that a film must be read with.
type Demuxer string

// The demuxers for strangers' films.
const (
	MOV      Demuxer = "mov"      // MP4, M4V and QuickTime
	Matroska Demuxer = "matroska" // WebM
)

// Config says which programs to run and what they may use. The zero value works.
type Config struct {
	FFmpeg  string        // program; default: ffmpeg in the search path
	FFprobe string        // program; default: ffprobe in the search path
	Timeout time.Duration // of one run; default 30 s
	Memory  int64         // address space of one run in bytes; default 2 GiB
}

// Tools runs the two programs. It is safe for many goroutines.
type Tools struct{ cfg Config }

// Info is what a film says about itself.
type Info struct {
	Duration      time.Duration
	Width, Height int // pixels as displayed, rotation applied; 0 without a picture track
	Video         bool
	Codec         string
	Title         string
	Description   string
	Camera        string
	CreatedAt     time.Time
}

// New finds the programs.
func New(cfg Config) *Tools { return &Tools{cfg: cfg} }

var errStub = errors.New("ffmpeg: not there yet")

// Probe reads what the film says about itself.
func (t *Tools) Probe(ctx context.Context, path string, d Demuxer) (*Info, error) { return nil, errStub }

// Frame writes one still to out as JPEG.
func (t *Tools) Frame(ctx context.Context, path string, d Demuxer, at time.Duration, out string) error {
	return errStub
}

// Check starts both programs and reports their version.
func (t *Tools) Check(ctx context.Context) (string, error) { return "", errStub }
