package catalog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// DefaultOrphanAge keeps the sweep away from uploads that are under way on any node:
// their bytes stand there before their row does.
const DefaultOrphanAge = 24 * time.Hour

const (
	sweepBatch = 500
	// sweepGrace is how long after it was ordered an orphan is removed. A row that was being
	// written while the sweep looked, which takes seconds, is there by then and claims it.
	sweepGrace = 10 * time.Minute
	// sweepMark is how often a sweep notes where it is.
	sweepMark = 30 * time.Second
)

// SweepReport counts what a sweep saw.
type SweepReport struct {
	Held     bool  // nothing was looked at: a hold is alive
	Seen     int   // objects looked at
	Orphans  int   // objects that no row claimed; their removal is ordered now
	Bytes    int64 // of those
	Young    int   // unclaimed, but not old enough
	Removing int   // unclaimed, and their removal was ordered before
	Foreign  int   // not named as we name objects: left alone
}

// SweepOrphans finds objects that no row claims and that are older than olderThan (0:
// DefaultOrphanAge): what a crash between bytes and row leaves. It orders their removal,
// which RemoveObjects does ten minutes later if still no row claims them; until then
// their names are not given to anything new. It walks through every storage and asks the
// database in batches; what was broken off goes on where it was. It is safe to repeat,
// and to run on several nodes at once; a storage that cannot be listed does not keep it
// from the others. While a hold is alive it does nothing. Objects that are not named as
// this site names them are never touched.
//
// The age of an object is by the clock of its storage or by that of the database,
// whichever makes it younger.
func (s *Service) SweepOrphans(ctx context.Context, olderThan time.Duration) (SweepReport, error) {
	if olderThan == 0 {
		olderThan = DefaultOrphanAge
	}
	var report SweepReport
	now := s.c.Clock()
	if err := s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.PurgeHolds(ctx, now) }); err != nil {
		return report, err
	}
	held, err := s.c.DB.Held(ctx, now)
	if err != nil || held {
		report.Held = held
		return report, err
	}
	var errs []error
	for _, name := range s.c.Stores.Names() {
		store, err := s.c.Stores.Get(name)
		if err == nil {
			err = (&sweep{s: s, name: name, store: store, age: olderThan, report: &report}).run(ctx)
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
	age    time.Duration
	before time.Time // younger objects may belong to an upload
	report *SweepReport
	batch  []storage.Info
	noted  time.Time // when the mark was set
}

func (w *sweep) mark() string { return "sweep of " + w.name }

func (w *sweep) run(ctx context.Context) error {
	w.before, w.noted = w.now(ctx).Add(-w.age), time.Now()
	after, err := w.s.c.DB.Mark(ctx, w.mark())
	if err != nil {
		return err
	}
	err = w.store.List(ctx, after, func(o storage.Info) error {
		w.report.Seen++
		if !vitrine.IsOwnKey(o.Key) {
			w.report.Foreign++
			return nil
		}
		if w.batch = append(w.batch, o); len(w.batch) < sweepBatch {
			return nil
		}
		return w.settle(ctx)
	})
	if err == nil {
		err = w.settle(ctx)
	}
	if err != nil {
		return err
	}
	if after == "" && time.Since(w.noted) < sweepMark {
		return nil // no mark was ever set
	}
	return w.note(ctx, "")
}

// now is the time by the storage's clock or by the database's, whichever is earlier. The
// storage tells by the time that it gives an object of ours; where it takes none, because
// it is full, the database's must do.
func (w *sweep) now(ctx context.Context) time.Time {
	now, key := w.s.c.Clock(), "vitrine-clock-"+rand.Text()+".txt"
	if err := w.store.Put(ctx, key, strings.NewReader("."), 1, "text/plain"); err != nil {
		return now
	}
	if o, err := w.store.Stat(ctx, key); err == nil && o.ModTime.Before(now) {
		now = o.ModTime
	}
	if err := w.store.Delete(context.WithoutCancel(ctx), key); err != nil {
		w.s.c.Logger.WarnContext(ctx, "an object that told the time was not removed", "key", key, "err", err)
	}
	return now
}

// settle orders the removal of the orphans among the objects that have been collected.
func (w *sweep) settle(ctx context.Context) error {
	if len(w.batch) == 0 {
		return nil
	}
	keys := make([]string, len(w.batch))
	for i, o := range w.batch {
		keys[i] = o.Key
	}
	claimed, err := w.s.claimed(ctx, w.name, keys)
	if err != nil {
		return err
	}
	ordered, err := w.ordered(ctx, keys)
	if err != nil {
		return err
	}
	orphans := make(map[db.FileName][]string)
	for _, o := range w.batch {
		switch {
		case claimed[o.Key]:
		case ordered[o.Key]:
			w.report.Removing++
		case !o.ModTime.Before(w.before):
			w.report.Young++
		default:
			n := ownerOf(o.Key)
			orphans[n] = append(orphans[n], o.Key)
			w.report.Orphans++
			w.report.Bytes += o.Size
		}
	}
	if err := w.order(ctx, orphans); err != nil {
		return err
	}
	last := keys[len(keys)-1]
	w.batch = w.batch[:0]
	if time.Since(w.noted) < sweepMark {
		return nil
	}
	return w.note(ctx, last)
}

// ordered tells which of the keys stand in a removal.
func (w *sweep) ordered(ctx context.Context, keys []string) (map[string]bool, error) {
	list, err := w.s.c.DB.RemovalsNamed(ctx, w.name, db.NamesOfKeys(keys))
	if err != nil {
		return nil, err
	}
	ordered := make(map[string]bool)
	for _, r := range list {
		for _, key := range r.Keys {
			ordered[key] = true
		}
	}
	return ordered, nil
}

func (w *sweep) order(ctx context.Context, orphans map[db.FileName][]string) error {
	if len(orphans) == 0 {
		return nil
	}
	due := w.s.c.Clock().Add(sweepGrace)
	err := w.s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for name, keys := range orphans {
			if err := tx.CreateRemoval(ctx, w.name, name, keys, due); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ordering the removal of orphans: %w", err)
	}
	return nil
}

func (w *sweep) note(ctx context.Context, key string) error {
	w.noted = time.Now()
	return w.s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.SetMark(ctx, w.mark(), key) })
}

// ownerOf is the name of the file that an object is of, or was.
func ownerOf(key string) db.FileName {
	folder, name, _, _ := vitrine.SplitKey(key)
	if base, _, isVariant := vitrine.SplitVariantName(name); isVariant {
		name = base
	}
	return db.FileName{Folder: folder, Name: name}
}
