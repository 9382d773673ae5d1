package media

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"vitrine/internal/sched"
	"vitrine/internal/vitrine"
)

// What the zero Config stands for.
const (
	// DefaultMemory lets every picture of the default max_pixels pass. Resized by
	// a little, 40 MP of AVIF take 1.3 GB of it, and WebP beyond 80 MP too much.
	DefaultMemory  = 1536 << 20
	DefaultTimeout = 30 * time.Second
	DefaultQueue   = 128
	// DefaultBudget keeps server and decoders together under 600 MB: beside the
	// largest AVIF of the default max_pixels there is room for small pictures only.
	DefaultBudget = 360 << 20
)

// Config says how decoders run. The zero value works.
type Config struct {
	Decoders int           // decoder processes; 0: sched.Processors
	Command  []string      // how a decoder is started, before "--spool DIR"; empty: this executable with "decoder"
	Spool    string        // the only folder that decoders may read and write; empty: the system's temporary folder
	Memory   int64         // bytes of address space that a decoder may take beside its programs and libraries; 0: DefaultMemory
	Budget   int64         // estimated bytes of all jobs that run at a time; 0: DefaultBudget
	Timeout  time.Duration // the longest that one job may run; 0: DefaultTimeout
	Queue    int           // jobs that may wait for a decoder; 0: DefaultQueue
	FFmpeg   string        // path of ffmpeg; empty: looked up in PATH
	FFprobe  string        // path of ffprobe; empty: looked up in PATH
	Logger   *slog.Logger  // nil: nothing is logged

	self bool // Command is this program
}

// WithDefaults fills in what is not set.
func (c Config) WithDefaults() (Config, error) {
	c.Decoders = cmp.Or(c.Decoders, sched.Processors())
	c.Memory = cmp.Or(c.Memory, DefaultMemory)
	c.Budget = cmp.Or(c.Budget, DefaultBudget)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.Queue = cmp.Or(c.Queue, DefaultQueue)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if len(c.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return c, fmt.Errorf("media: finding this program: %w", err)
		}
		c.Command, c.self = []string{self, "decoder"}, true
	}
	spool, err := filepath.Abs(cmp.Or(c.Spool, os.TempDir()))
	if err != nil {
		return c, fmt.Errorf("media: spool folder: %w", err)
	}
	c.Spool = spool
	return c, nil
}

// Validate tells every mistake at once.
func (c Config) Validate() error {
	var errs []error
	for _, v := range []struct {
		name  string
		value int64
	}{
		{"decoders", int64(c.Decoders)}, {"memory", c.Memory}, {"budget", c.Budget}, {"timeout", int64(c.Timeout)}, {"queue", int64(c.Queue)},
	} {
		if v.value < 0 {
			errs = append(errs, fmt.Errorf("media: %s must not be negative", v.name))
		}
	}
	return errors.Join(errs...)
}

// Service looks inside received bytes and makes their variants. It is safe for
// many goroutines.
type Service struct {
	cfg  Config // complete: defaults filled in by New
	log  *slog.Logger
	pool *pool
}

// New checks the configuration. Nothing is started before the first job.
func New(c Config) (*Service, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c, err := c.WithDefaults()
	if err != nil {
		return nil, err
	}
	return &Service{cfg: c, log: c.Logger, pool: newPool(c)}, nil
}

// Viewed tells that somebody looks at a page or a file. While very many do, one
// processor is left to them.
func (s *Service) Viewed() { s.pool.audience.seen(time.Now()) }

// Close ends the decoders and waits for them. Jobs that still run or wait get
// CodeBusy.
func (s *Service) Close() error {
	s.pool.close()
	return nil
}

// Inspect looks inside a received file, which must lie in the spool folder. Its
// errors are *vitrine.Error: CodeUnrecognised, CodeUnavailableFormat, CodeDamaged
// and CodeInvalidVideo for what the bytes are, CodeBusy when too many jobs wait,
// CodeInternal for everything else. Pixel limits are not its business.
func (s *Service) Inspect(ctx context.Context, path string) (*vitrine.Inspection, error) {
	format, err := sniffFile(path)
	if err != nil {
		return nil, err
	}
	if format.Kind() == vitrine.KindVideo {
		return s.inspectFilm(ctx, path, format)
	}
	name, err := s.spoolName(path)
	if err != nil {
		return nil, err
	}
	answer, err := s.pool.do(ctx, &request{Op: opInspect, Source: name, Format: format}, inspectWeight, s.cfg.Queue)
	if err != nil {
		return nil, err
	}
	i := answer.Inspection
	if i == nil || i.Width < 1 || i.Height < 1 || i.Frames < 1 || i.Orientation < 1 || i.Orientation > 8 || i.Format != format {
		return nil, internal(errors.New("the decoder's answer makes no sense"))
	}
	return i, nil
}

// Render makes what is to be stored from an inspected file: the original where
// it has to change, thumb, medium and, for films, frame. Outputs lie in the
// request's folder under fixed names. Its errors are those of Inspect, and
// CodeWidthTooLarge and CodeTooManyPixels; what is in the folder then is
// garbage.
func (s *Service) Render(ctx context.Context, req vitrine.RenderRequest) (*vitrine.Rendition, error) {
	if req.Inspection.Format.Kind() == vitrine.KindVideo {
		return s.renderFilm(ctx, req)
	}
	if _, err := originalSize(req); err != nil {
		return nil, err // without waiting for a decoder
	}
	if reducesAPNG(req) {
		return s.renderAPNG(ctx, req)
	}
	order, err := s.order(opRender, req.Source, req)
	if err != nil {
		return nil, err
	}
	// What was inspected is let through before what is new.
	answer, err := s.pool.do(ctx, order, renderWeight(req), 2*s.cfg.Queue)
	if err != nil {
		return nil, err
	}
	r := &vitrine.Rendition{
		Original:    vitrine.Output{Path: req.Source, Format: req.Inspection.Format, Width: req.Inspection.Width, Height: req.Inspection.Height},
		Placeholder: answer.placeholder(),
	}
	if answer.Original != nil {
		out, err := answer.Original.in(req.Folder)
		if err != nil {
			return nil, internal(err)
		}
		r.Original, r.Changed = *out, true
	} else if r.Original.Size, err = fileSize(req.Source); err != nil {
		return nil, internal(err)
	}
	if r.Thumb, err = answer.Thumb.in(req.Folder); err != nil {
		return nil, internal(err)
	}
	if r.Medium, err = answer.Medium.in(req.Folder); err != nil {
		return nil, internal(err)
	}
	return r, nil
}

// order is the request to a decoder for a rendering of source.
func (s *Service) order(op, source string, req vitrine.RenderRequest) (*request, error) {
	name, err := s.spoolName(source)
	if err != nil {
		return nil, err
	}
	folder, err := s.spoolName(req.Folder)
	if err != nil {
		return nil, err
	}
	req.Source, req.Folder = "", "" // the decoder knows names in the spool only
	req.Inspection.EXIF, req.Inspection.Title, req.Inspection.Description = "", "", ""
	return &request{Op: op, Source: name, Folder: folder, Format: req.Inspection.Format, Render: &req}, nil
}

// spoolName is the name of a file inside the spool folder.
func (s *Service) spoolName(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", internal(err)
	}
	name, err := filepath.Rel(s.cfg.Spool, abs)
	if err != nil || !filepath.IsLocal(name) {
		return "", internal(fmt.Errorf("%s is not in the spool folder", path))
	}
	return name, nil
}

func sniffFile(path string) (vitrine.Format, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", internal(err)
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", internal(err)
	}
	return sniff(head[:n])
}

func fileSize(path string) (int64, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is not a file", filepath.Base(path))
	}
	return info.Size(), nil
}
