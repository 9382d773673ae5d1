package backup

import (
	"context"
	"log/slog"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/storage"
)

// Config is what a Service works with.
type Config struct {
	DB      *db.DB // nil: only Restore and Verify
	Stores  *storage.Set
	Program string           // name and version, for the manifest
	Clock   func() time.Time // nil: time.Now
	Logger  *slog.Logger     // nil: slog.Default
}

// Options say how to make a backup.
type Options struct {
	NoObjects bool  // rows only
	Workers   int   // objects read at once, 1 to 64; 0: 4
	Rate      int64 // most bytes of objects a second, of all workers together; 0: no limit
	Keep      int   // finished snapshots that stay, 1 or more; 0: 7
	Progress  Progress
}

// Progress is told how far something is, now and then and from any goroutine, but never
// twice at the same time. nil is not told.
type Progress func(Step)

// Step is how far something is.
type Step struct {
	Doing string // "rows of files", "objects", …
	Done  int64
	Total int64 // 0: not known
	Bytes int64 // of objects read until now
}

const (
	defaultWorkers = 4
	mostWorkers    = 64
	defaultKeep    = 7
)

func workers(n int) int {
	if n < 1 {
		return defaultWorkers
	}
	return min(n, mostWorkers)
}

// Service makes and verifies backups. Several may work at once, but not on one folder.
type Service struct{ c Config }

// New makes a Service.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return &Service{c}
}

// teller calls a Progress no more than a few times a second.
type teller struct {
	tell  Progress
	every time.Duration
	last  time.Time
}

func newTeller(p Progress) *teller { return &teller{tell: p, every: 200 * time.Millisecond} }

func (t *teller) say(s Step) {
	if t.tell == nil || time.Since(t.last) < t.every {
		return
	}
	t.last = time.Now()
	t.tell(s)
}

// closing is how long clean-up may take after the context has ended.
const closing = 10 * time.Second

func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), closing)
}
