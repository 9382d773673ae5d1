package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"vitrine/internal/db"
)

const (
	// defaultTimeout ends the context of a job; see Limited.
	defaultTimeout = 15 * time.Minute
	// rescueAfter is when a running job counts as lost with its node and is run again.
	// It must be longer than any job runs.
	rescueAfter = time.Hour
	longestJob  = rescueAfter - 5*time.Minute

	// fetchCooldown is the pause between two fetches while there is work.
	fetchCooldown = 50 * time.Millisecond
	// stopLimit bounds Stop where its context does not, cancelLimit what is left to
	// handlers when their context has been cancelled.
	stopLimit   = 30 * time.Second
	cancelLimit = 5 * time.Second
)

// Args is a job: a small struct of ids that JSON can carry, with a stable kind of two
// or more characters.
type Args interface{ Kind() string }

// Limited is an Args that may run for longer or shorter than 15 minutes, up to 55.
type Limited interface {
	Args
	Timeout() time.Duration
}

// Jobs enqueues jobs and works on them. Handle and Every come first, then Start;
// Enqueue works at any time, also without Start.
type Jobs struct {
	client  *river.Client[*sql.Tx]
	workers *river.Workers
	log     *slog.Logger
	meter   *meter
	errs    []error // of Handle and Every, told by Start
}

// New brings River's tables up to date, which costs one statement when they are.
func New(ctx context.Context, c Config) (*Jobs, error) {
	c.defaults()
	var driver riverdriver.Driver[*sql.Tx]
	switch c.DB.Engine() {
	case db.Postgres:
		driver = riverdatabasesql.New(c.DB.SQL())
	default:
		driver = riversqlite.New(c.DB.SQL())
	}
	if err := migrate(ctx, c.DB, driver, c.Logger); err != nil {
		return nil, fmt.Errorf("migrate the tables of jobs: %w", err)
	}
	j := &Jobs{workers: river.NewWorkers(), log: c.Logger, meter: newMeter(c.DB)}
	config := &river.Config{
		FetchCooldown:        min(fetchCooldown, c.PollInterval),
		FetchPollInterval:    c.PollInterval,
		JobTimeout:           defaultTimeout,
		RescueStuckJobsAfter: rescueAfter,
		Logger:               slog.New(warnings{c.Logger.Handler()}),
		PollOnly:             true,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: c.Workers}},
		Workers:              j.workers,
	}
	if c.Clock != nil {
		config.Test.Time = clock{c.Clock}
	}
	client, err := river.NewClient(driver, config)
	if err != nil {
		return nil, fmt.Errorf("set up jobs: %w", err)
	}
	j.client = client
	return j, nil
}

// Handle registers the handler of all jobs of T's kind, before Start. The handler's
// context ends with the time limit of the job or when Stop has lost its patience.
func Handle[T Args](j *Jobs, fn func(context.Context, T) error) {
	var zero T
	if kind := zero.Kind(); len(kind) < 2 {
		j.errs = append(j.errs, fmt.Errorf("kind %q of a job is shorter than 2 characters", kind))
		return
	}
	if err := river.AddWorkerSafely(j.workers, &worker[T]{fn: fn, meter: j.meter}); err != nil {
		j.errs = append(j.errs, err)
	}
}

type worker[T Args] struct {
	river.WorkerDefaults[T]
	fn    func(context.Context, T) error
	meter *meter
}

func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	ctx = context.WithValue(ctx, runningKey{}, Running{ID: job.ID, Kind: job.Kind})
	return w.meter.count(job.Kind, func() error { return w.fn(ctx, job.Args) })
}

func (w *worker[T]) Timeout(job *river.Job[T]) time.Duration {
	if l, ok := any(job.Args).(Limited); ok {
		return min(l.Timeout(), longestJob)
	}
	return defaultTimeout
}

// Enqueue adds a job in the transaction: it exists if and when tx commits. Its kind
// must have a handler.
func (j *Jobs) Enqueue(ctx context.Context, tx *db.Tx, args Args) error {
	if _, err := j.client.InsertTx(ctx, tx.SQL(), args, nil); err != nil {
		return fmt.Errorf("enqueue a job: %w", err)
	}
	return nil
}

// Start begins to work. It returns at once, or with everything that was wrong with
// what Handle and Every were given. Only Stop ends the work, not the end of ctx.
func (j *Jobs) Start(ctx context.Context) error {
	if err := errors.Join(j.errs...); err != nil {
		return fmt.Errorf("register jobs: %w", err)
	}
	if err := j.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	return nil
}

// Stop takes up no more jobs and waits for the running ones until ctx is done, or 30
// seconds. Then it ends their contexts and waits 5 seconds more. An error says that a
// job did not end; it will run again. Without Start it does nothing.
func (j *Jobs) Stop(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	if err := j.client.Stop(wait); err == nil {
		return nil
	}
	j.log.WarnContext(ctx, "jobs still running, their contexts end")
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelLimit)
	defer cancel()
	if err := j.client.StopAndCancel(end); err != nil {
		return fmt.Errorf("stop jobs: %w", err)
	}
	return nil
}
