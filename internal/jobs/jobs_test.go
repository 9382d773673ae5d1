package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/jobs"
)

type greet struct {
	ID int64 `json:"id"`
}

func (greet) Kind() string { return "greet" }

type tick struct{}

func (tick) Kind() string { return "tick" }

type x struct{}

func (x) Kind() string { return "x" }

type short struct{ greet }

func (short) Kind() string           { return "short" }
func (short) Timeout() time.Duration { return 50 * time.Millisecond }

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

func newJobs(t *testing.T, d *db.DB) *jobs.Jobs {
	t.Helper()
	j, err := jobs.New(t.Context(), jobs.Config{DB: d, PollInterval: 20 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func start(t *testing.T, j *jobs.Jobs) {
	t.Helper()
	if err := j.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func enqueue(t *testing.T, d *db.DB, j *jobs.Jobs, args ...jobs.Args) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, a := range args {
			if err := j.Enqueue(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// await takes one value from the channel, or fails.
func await[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatal("nothing happened in time")
	}
	return v
}

func TestEnqueueRunsOnceCommitted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(t, d)
		ran := make(chan int64, 10)
		jobs.Handle(j, func(_ context.Context, g greet) error { ran <- g.ID; return nil })
		undone := errors.New("undone")
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(j.Enqueue(ctx, tx, greet{1}), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatalf("got %v", err)
		}
		enqueue(t, d, j, greet{2})
		start(t, j)
		if id := await(t, ran); id != 2 {
			t.Errorf("job %d ran, though it was rolled back", id)
		}
		select {
		case id := <-ran:
			t.Errorf("job %d ran too", id)
		case <-time.After(300 * time.Millisecond):
		}
	})
}

func TestFailuresAreRetried(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(t, d)
		var panics, errs atomic.Int64
		done := make(chan string, 2)
		jobs.Handle(j, func(context.Context, greet) error {
			if panics.Add(1) == 1 {
				panic("the first time")
			}
			done <- "panic"
			return nil
		})
		jobs.Handle(j, func(context.Context, tick) error {
			if errs.Add(1) == 1 {
				return errors.New("the first time")
			}
			done <- "error"
			return nil
		})
		start(t, j)
		enqueue(t, d, j, greet{1}, tick{})
		await(t, done)
		await(t, done)
	})
}

func TestLimitedJobsEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(t, d)
		ended := make(chan error, 1)
		jobs.Handle(j, func(ctx context.Context, _ short) error {
			<-ctx.Done()
			ended <- ctx.Err()
			return nil
		})
		start(t, j)
		enqueue(t, d, j, short{})
		if err := await(t, ended); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended by %v", err)
		}
	})
}

func TestStopWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(t, d)
		began := make(chan bool, 1)
		var finished atomic.Bool
		jobs.Handle(j, func(context.Context, greet) error {
			began <- true
			time.Sleep(300 * time.Millisecond)
			finished.Store(true)
			return nil
		})
		if err := j.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		enqueue(t, d, j, greet{1})
		await(t, began)
		if err := j.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !finished.Load() {
			t.Error("Stop did not wait for the running job")
		}
	})
}

func TestStopEndsContexts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(t, d)
		began := make(chan bool, 1)
		jobs.Handle(j, func(ctx context.Context, _ greet) error {
			began <- true
			<-ctx.Done() // would run for ever
			return ctx.Err()
		})
		if err := j.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		enqueue(t, d, j, greet{1})
		await(t, began)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := j.Stop(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

// An admin who stops a server at once reads no errors.
func TestStopSoonAfterStartIsQuiet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var log bytes.Buffer
		j, err := jobs.New(t.Context(), jobs.Config{DB: d, PollInterval: 5 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		jobs.Handle(j, func(context.Context, tick) error { return nil })
		j.Every(time.Second, tick{}, true)
		for range 10 {
			log.Reset()
			if err := j.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(3 * time.Millisecond)
			if err := j.Stop(context.Background()); err != nil {
				t.Fatal(err)
			}
			if log.Len() > 0 {
				t.Fatalf("stopping told:\n%s", log.String())
			}
		}
	})
}

func TestStopWithoutStart(t *testing.T) {
	t.Parallel()
	if err := newJobs(t, dbtest.SQLite(t)).Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMistakesAreToldByStart(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	for name, mistake := range map[string]func(*jobs.Jobs){
		"two handlers of one kind": func(j *jobs.Jobs) { jobs.Handle(j, func(context.Context, greet) error { return nil }) },
		"a period of 0":            func(j *jobs.Jobs) { j.Every(0, greet{}, true) },
		"a kind of one letter":     func(j *jobs.Jobs) { jobs.Handle(j, func(context.Context, x) error { return nil }) },
	} {
		j := newJobs(t, d)
		jobs.Handle(j, func(context.Context, greet) error { return nil })
		mistake(j)
		if err := j.Start(t.Context()); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestUnknownKindIsRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	j := newJobs(t, d)
	jobs.Handle(j, func(context.Context, greet) error { return nil })
	if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return j.Enqueue(ctx, tx, tick{}) }); err == nil {
		t.Error("a job without a handler was accepted")
	}
}

// Two nodes, one calendar: each turn is taken once, and so is the one at the start.
func TestEveryRunsOnceOnTwoNodes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var hourly, quick atomic.Int64
		first := make(chan bool, 10)
		var nodes [2]*jobs.Jobs
		for i := range nodes {
			nodes[i] = newJobs(t, d)
			jobs.Handle(nodes[i], func(context.Context, tick) error { hourly.Add(1); first <- true; return nil })
			jobs.Handle(nodes[i], func(context.Context, greet) error { quick.Add(1); return nil })
			nodes[i].Every(1000*time.Hour, tick{}, true)
			nodes[i].Every(time.Second, greet{}, false)
		}
		began := time.Now()
		for _, j := range nodes {
			if err := j.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		await(t, first)
		for quick.Load() < 3 {
			if time.Since(began) > patience {
				t.Fatal("the calendar does not run")
			}
			time.Sleep(20 * time.Millisecond)
		}
		took := time.Since(began)
		for _, j := range nodes {
			if err := j.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := hourly.Load(); n != 1 {
			t.Errorf("the turn at the start was taken %d times", n)
		}
		if n, most := quick.Load(), int64(took/time.Second)+1; n > most {
			t.Errorf("%d turns in %v, at most %d are due", n, took, most)
		}
		// A node that comes later, as after a restart, leaves the taken turn alone.
		later := newJobs(t, d)
		jobs.Handle(later, func(context.Context, tick) error { hourly.Add(1); return nil })
		again := make(chan bool, 10)
		jobs.Handle(later, func(context.Context, greet) error { again <- true; return nil })
		later.Every(1000*time.Hour, tick{}, true)
		later.Every(time.Second, greet{}, true)
		start(t, later)
		await(t, again)
		await(t, again)
		if n := hourly.Load(); n != 1 {
			t.Errorf("the restart took the turn again: %d", n)
		}
	})
}

func TestNewOnManyNodesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		errs := make(chan error, 4)
		for range cap(errs) {
			go func() {
				_, err := jobs.New(t.Context(), jobs.Config{DB: d, Logger: slog.New(slog.DiscardHandler)})
				errs <- err
			}()
		}
		for range cap(errs) {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}
