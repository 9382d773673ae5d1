package jobs_test

import (
	"context"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/jobs"
)

func engines(b *testing.B, fn func(*testing.B, *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { fn(b, dbtest.Postgres(b)) })
}

func newBenchJobs(b *testing.B, d *db.DB) *jobs.Jobs {
	j, err := jobs.New(b.Context(), jobs.Config{DB: d, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return j
}

// BenchmarkNew is what jobs add to the start of a server that has run before.
func BenchmarkNew(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		newBenchJobs(b, d)
		for b.Loop() {
			newBenchJobs(b, d)
		}
	})
}

func BenchmarkEnqueue(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		j := newBenchJobs(b, d)
		jobs.Handle(j, func(context.Context, greet) error { return nil })
		for b.Loop() {
			if err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error { return j.Enqueue(ctx, tx, greet{1}) }); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkIdle is the processor time of a node that has nothing to do, in each second.
func BenchmarkIdle(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		j := newBenchJobs(b, d)
		jobs.Handle(j, func(context.Context, greet) error { return nil })
		j.Every(time.Hour, greet{}, false)
		if err := j.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		time.Sleep(2 * time.Second) // the election and first rounds
		var before, after syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
		began := time.Now()
		for b.Loop() {
			time.Sleep(time.Second)
		}
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
		used := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
		b.ReportMetric(float64(used)/1e6/time.Since(began).Seconds(), "cpu-ms/s")
		if err := j.Stop(context.Background()); err != nil {
			b.Fatal(err)
		}
	})
}
