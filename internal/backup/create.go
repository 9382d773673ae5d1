package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"vitrine/internal/db"
)

// Report says what a backup has.
type Report struct {
	Manifest *Manifest
	Copied   int64    // objects that were not there before
	Bytes    int64    // of those
	Faults   []string // the first of what is missing or damaged, one sentence each
}

// mostFaults bounds Report.Faults; the index has all.
const mostFaults = 20

// Whole reports whether nothing is missing or damaged.
func (r *Report) Whole() bool {
	o := r.Manifest.Objects
	return o == nil || o.Missing == 0 && o.Damaged == 0
}

// creation is one run of Create.
type creation struct {
	*Service
	o        Options
	folder   *folder
	name     string // of the snapshot
	path     string // of its folder while it is made
	manifest *Manifest
	report   *Report
}

// Create adds a snapshot of the site to the backup in a folder, which it makes. The site
// may go on meanwhile: the rows are those of one moment, and no object that they name is
// removed before the end. Objects that the folder has already are not copied again.
// Objects that are missing or not as their row says are told in the Report, with a nil
// error. After an error, a kill or a power loss the next run goes on from there; what was
// finished before stays as it was.
//
// CodeConflict says that another run writes to the folder or that it holds other things,
// CodeForbidden and CodeNoSpace that it cannot be written.
func (s *Service) Create(ctx context.Context, path string, o Options) (*Report, error) {
	f, err := openFolder(path)
	if err != nil {
		return nil, err
	}
	defer f.close()
	began := s.c.Clock().UTC()
	name, err := newName(path, began)
	if err != nil {
		return nil, err
	}
	c := &creation{Service: s, o: o, folder: f, name: name, report: new(Report)}
	c.path = snapshotPath(path, c.name+partSuffix)
	c.manifest = &Manifest{
		Format: format, Snapshot: c.name, Program: s.c.Program, Engine: string(s.c.DB.Engine()), Began: began,
	}
	c.report.Manifest = c.manifest
	if err := os.Mkdir(c.path, folderMode); err != nil {
		return nil, unusable(path, err)
	}
	if err := c.run(ctx); err != nil {
		return nil, explained(path, err)
	}
	return c.report, nil
}

// run keeps the objects from being removed while it goes through the steps.
func (c *creation) run(ctx context.Context) error {
	if c.o.NoObjects {
		return inOrder(ctx, c.rows, c.finish, c.tell, c.prune)
	}
	return c.holding(ctx, func(ctx context.Context) error {
		return inOrder(ctx, c.rows, c.objects, c.finish, c.tell, c.prune)
	})
}

func inOrder(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// rows writes all tables as they are at one moment.
func (c *creation) rows(ctx context.Context) error {
	t := newTeller(c.o.Progress)
	return c.c.DB.Snapshot(ctx, func(ctx context.Context, s *db.Snapshot) error {
		c.manifest.Schema = s.Version()
		for _, table := range s.Tables() {
			p, err := writeTable(ctx, s, table, c.path, func(rows int64) { t.say(Step{Doing: "rows of " + table.Name, Done: rows}) })
			if err != nil {
				return err
			}
			c.manifest.Tables = append(c.manifest.Tables, p)
		}
		return nil
	})
}

// finish makes everything durable and then says so.
func (c *creation) finish(context.Context) error {
	c.manifest.Finished = c.c.Clock().UTC()
	if err := syncAll(c.folder.path); err != nil {
		return err
	}
	if err := c.manifest.write(filepath.Join(c.path, manifestName)); err != nil {
		return err
	}
	if err := os.Rename(c.path, snapshotPath(c.folder.path, c.name)); err != nil {
		return err
	}
	if err := syncFolder(filepath.Join(c.folder.path, snapshotsName)); err != nil {
		return err
	}
	return c.manifest.write(filepath.Join(c.folder.path, manifestName))
}

// explained says which folder cannot be used, where that is the reason.
func explained(path string, err error) error {
	if e, ok := errors.AsType[*os.PathError](err); ok && strings.HasPrefix(e.Path, path) {
		return unusable(path, e)
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok && strings.HasPrefix(e.Old, path) {
		return unusable(path, &os.PathError{Op: e.Op, Path: e.Old, Err: e.Err})
	}
	return err
}

// How long a hold lasts that nobody renews, and how often it is renewed.
const (
	holdLasts  = 15 * time.Minute
	holdRenews = time.Minute
)

// holding runs fn while no objects are removed from storages. The context of fn ends if
// the hold cannot be kept.
func (c *creation) holding(ctx context.Context, fn func(context.Context) error) (err error) {
	name := "backup " + c.name
	set := func(ctx context.Context) (until time.Time, err error) {
		until = c.c.Clock().Add(holdLasts)
		return until, c.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.SetHold(ctx, name, until) })
	}
	until, err := set(ctx)
	if err != nil {
		return fmt.Errorf("hold the objects: %w", err)
	}
	inner, cancel := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		tick := time.NewTicker(holdRenews)
		defer tick.Stop()
		for {
			select {
			case <-inner.Done():
				return
			case <-tick.C:
			}
			switch next, err := set(inner); {
			case err == nil:
				until = next
			case inner.Err() == nil && c.c.Clock().After(until.Add(-holdRenews)):
				cancel(fmt.Errorf("hold the objects: %w", err))
				return
			}
		}
	}()
	defer func() {
		cancel(nil)
		<-renewed
		after, done := afterwards(ctx)
		defer done()
		drop := c.c.DB.Tx(after, func(ctx context.Context, tx *db.Tx) error { return tx.DropHold(ctx, name) })
		if drop != nil { // it ends by itself
			c.c.Logger.WarnContext(ctx, "the hold of a backup was not dropped", "err", drop)
		}
	}()
	if err = fn(inner); err != nil && ctx.Err() == nil && inner.Err() != nil {
		return context.Cause(inner)
	}
	return err
}
