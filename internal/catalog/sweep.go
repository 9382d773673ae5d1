package catalog

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// DefaultOrphanAge keeps the sweep away from uploads that are under way: their
// bytes stand there before their row does.
const DefaultOrphanAge = 24 * time.Hour

const sweepBatch = 500

// SweepReport counts what a sweep saw.
type SweepReport struct {
	Seen    int   // objects looked at
	Deleted int   // objects that no row claimed
	Bytes   int64 // of those
	Young   int   // unclaimed, but not old enough
	Foreign int   // not named as we name objects: left alone
}

// SweepOrphans deletes objects that no row claims and that are older than
// olderThan (0: DefaultOrphanAge): what a crash between bytes and row leaves. It
// walks through every storage and asks the database in batches. It is safe to
// repeat; a storage that cannot be listed does not keep it from the others.
// Objects that are not named as this site names them are never touched.
func (s *Service) SweepOrphans(ctx context.Context, olderThan time.Duration) (SweepReport, error) {
	if olderThan == 0 {
		olderThan = DefaultOrphanAge
	}
	var report SweepReport
	var errs []error
	for _, name := range s.c.Stores.Names() {
		store, err := s.c.Stores.Get(name)
		if err == nil {
			err = (&sweep{s: s, name: name, store: store, before: s.c.Clock().Add(-olderThan), report: &report}).run(ctx)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("sweeping storage %s: %w", name, err))
		}
	}
	return report, errors.Join(errs...)
}

// sweep is one walk through one storage.
type sweep struct {
	s      *Service
	name   string
	store  storage.Store
	before time.Time // younger objects may belong to an upload
	report *SweepReport
	batch  []storage.Info
}

func (w *sweep) run(ctx context.Context) error {
	err := w.store.List(ctx, "", func(o storage.Info) error {
		w.report.Seen++
		if !isOurs(o.Key) {
			w.report.Foreign++
			return nil
		}
		if w.batch = append(w.batch, o); len(w.batch) < sweepBatch {
			return nil
		}
		return w.settle(ctx)
	})
	if err != nil {
		return err
	}
	return w.settle(ctx)
}

// settle deletes the orphans among the objects that have been collected.
func (w *sweep) settle(ctx context.Context) error {
	keys := make([]string, len(w.batch))
	for i, o := range w.batch {
		keys[i] = o.Key
	}
	claimed, err := w.s.claimed(ctx, w.name, keys)
	if err != nil {
		return err
	}
	for _, o := range w.batch {
		switch {
		case claimed[o.Key]:
		case !o.ModTime.Before(w.before):
			w.report.Young++
		default:
			if err := w.store.Delete(ctx, o.Key); err != nil {
				return fmt.Errorf("deleting an orphan: %w", err)
			}
			w.report.Deleted++
			w.report.Bytes += o.Size
		}
	}
	w.batch = w.batch[:0]
	return nil
}

var ourKey = regexp.MustCompile(`^(?:[0-9]{4}/[0-9]{2}/[0-9]{2}/)?[A-Za-z0-9_.-]+\.[a-z0-9]+$`)

// isOurs reports whether we would give an object this key.
func isOurs(key string) bool {
	_, _, ext, ok := splitPath(key)
	if !ok || !ourKey.MatchString(key) {
		return false
	}
	_, known := vitrine.FormatOfExtension(ext)
	return known
}
