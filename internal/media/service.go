package media

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"vitrine/internal/vitrine"
)

// Config says how decoders run. The zero value works.
type Config struct {
	Decoders int           // decoder processes; 0: one for each core
	Command  []string      // how a decoder is started; empty: this executable with "decoder"
	Spool    string        // the only folder that decoders may read and write; empty: the system's temporary folder
	Memory   int64         // address space of a decoder in bytes; 0: DefaultMemory
	Timeout  time.Duration // the longest that one job may take; 0: DefaultTimeout
	Queue    int           // jobs that may wait for a decoder; 0: DefaultQueue
	FFmpeg   string        // path of ffmpeg; empty: looked up in PATH
	FFprobe  string        // path of ffprobe; empty: looked up in PATH
	Logger   *slog.Logger  // nil: nothing is logged
}

// Service looks inside received bytes and makes their variants. It is safe for
// many goroutines.
type Service struct {
	cfg Config // complete: defaults filled in by New
	log *slog.Logger
}

// New checks the configuration. Nothing is started before the first job.
func New(c Config) (*Service, error) {
	return &Service{cfg: c, log: c.Logger}, nil
}

// Close ends the decoders. Jobs that still run get CodeBusy.
func (s *Service) Close() error { return nil }

// Check tells whether a decoder starts and ffmpeg is there.
func (s *Service) Check(ctx context.Context) error { return errors.New("not built yet") }

// Inspect looks inside a received file.
func (s *Service) Inspect(ctx context.Context, path string) (*vitrine.Inspection, error) {
	return nil, errors.New("not built yet")
}

// Render makes what is to be stored from an inspected file.
func (s *Service) Render(ctx context.Context, req vitrine.RenderRequest) (*vitrine.Rendition, error) {
	return nil, errors.New("not built yet")
}

// RunDecoder is the main function of a decoder process.
func RunDecoder(args []string, stdin io.Reader, stdout io.Writer) int { return 2 }
