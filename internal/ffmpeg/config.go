package ffmpeg

import (
	"errors"
	"time"
)

// Demuxer names the container reader that a film is read with. It is fixed by
// the caller, so that no playlist, image sequence or script is ever opened.
type Demuxer string

// The demuxers for strangers' films.
const (
	MOV      Demuxer = "mov"      // MP4, M4V and QuickTime
	Matroska Demuxer = "matroska" // WebM
)

// The limits of a Config that does not set its own.
const (
	DefaultTimeout = 30 * time.Second
	DefaultMemory  = 3 << 30
)

// Config says which programs to run and what one run may use. The zero value
// works.
type Config struct {
	FFmpeg  string        // program; empty: ffmpeg in the search path
	FFprobe string        // program; empty: ffprobe in the search path
	Timeout time.Duration // of one run, and of its processor time; 0: DefaultTimeout
	Memory  int64         // address space of one run in bytes; 0: DefaultMemory
}

func (c Config) withDefaults() Config {
	if c.FFmpeg == "" {
		c.FFmpeg = "ffmpeg"
	}
	if c.FFprobe == "" {
		c.FFprobe = "ffprobe"
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Memory <= 0 {
		c.Memory = DefaultMemory
	}
	return c
}

// The ways in which a run fails. Any other error means that the program could
// not be run at all, or that the context ended.
var (
	ErrFilm   = errors.New("the film cannot be read")   // the program gave up on it
	ErrLimit  = errors.New("the film takes too much")   // time, memory or output
	ErrFrame  = errors.New("the film gives no picture") // nothing could be decoded
	ErrAbsent = errors.New("the program is not there")  // not installed, or not executable
)

// Tools runs the two programs. It holds no state and is safe for many
// goroutines.
type Tools struct{ cfg Config }

// New only keeps the configuration: programs are looked up when they are run.
func New(cfg Config) *Tools { return &Tools{cfg: cfg.withDefaults()} }
