package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"vitrine/internal/db"
)

// Config says how jobs are worked on. The zero value of every field but DB works.
type Config struct {
	DB           *db.DB
	Logger       *slog.Logger
	PollInterval time.Duration // default 1 s
	Workers      int           // default 2
}

// Args is a small struct of ids with a stable kind of two characters or more.
type Args interface{ Kind() string }

// Jobs enqueues and works.
type Jobs struct{}

var errStub = errors.New("not written yet")

// New prepares River's tables.
func New(ctx context.Context, c Config) (*Jobs, error) { return nil, errStub }

// Handle registers the handler of a kind; before Start.
func Handle[T Args](j *Jobs, fn func(context.Context, T) error) {}

// Every enqueues args periodically, once for all nodes; before Start.
func (j *Jobs) Every(d time.Duration, args Args, atStart bool) {}

// Enqueue adds a job in the transaction.
func (j *Jobs) Enqueue(ctx context.Context, tx *db.Tx, args Args) error { return errStub }

// Start begins to work.
func (j *Jobs) Start(ctx context.Context) error { return errStub }

// Stop waits for running jobs.
func (j *Jobs) Stop(ctx context.Context) error { return errStub }
