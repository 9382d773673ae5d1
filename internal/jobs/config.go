package jobs

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"vitrine/internal/db"
)

// Config says how jobs are worked on. Only DB must be set.
type Config struct {
	DB     *db.DB
	Clock  func() time.Time // nil: time.Now; when periodic jobs are due
	Logger *slog.Logger     // nil: slog.Default
	// PollInterval is how often each node looks for work: the time that a job waits
	// at most when nothing else is to be done. 0 means one second.
	PollInterval time.Duration
	// Workers is how many jobs run at the same time on this node. 0 means 2.
	Workers int
}

func (c *Config) defaults() {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.PollInterval <= 0 {
		c.PollInterval = time.Second
	}
	if c.Workers <= 0 {
		c.Workers = 2
	}
}

// clock is this node's idea of the time. Where River asks the database for the time, it
// goes on doing so.
type clock struct{ now func() time.Time }

// NowUTC implements rivertype.TimeGenerator.
func (c clock) NowUTC() time.Time { return c.now().UTC() }

// NowUTCOrNil implements rivertype.TimeGenerator: nil stands for the clock of the database.
func (clock) NowUTCOrNil() *time.Time { return nil }

// warnings passes on what is worth an admin's time; River tells much at lower levels.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// Handle drops what River says of work that Stop cut short: nothing is wrong then, and
// the next start does it again.
func (w warnings) Handle(ctx context.Context, r slog.Record) error {
	cut := false
	r.Attrs(func(a slog.Attr) bool {
		cut = (a.Key == "err" || a.Key == "error") && strings.HasSuffix(a.Value.String(), context.Canceled.Error())
		return !cut
	})
	if cut {
		return nil
	}
	return w.Handler.Handle(ctx, r)
}

func (w warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{w.Handler.WithAttrs(a)} }
func (w warnings) WithGroup(g string) slog.Handler      { return warnings{w.Handler.WithGroup(g)} }
