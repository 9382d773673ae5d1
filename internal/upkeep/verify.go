package upkeep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// VerifyOptions say what is looked at, and what is done about what is wrong.
type VerifyOptions struct {
	Storage string // empty: all
	After   int64  // files with a higher id only, to go on where a run ended
	Deep    bool   // reads every object: digests of originals, and whether variants can be decoded
	Mend    bool
	Workers int // files at once; 0: DefaultWorkers

	// OrphanAge is how old an object without a row must be; 0: DefaultOrphanAge.
	OrphanAge time.Duration

	Progress func(VerifyState) // called now and then, one call at a time; nil
	Problem  func(Problem)     // called for everything that is wrong, one call at a time; nil
}

// VerifyState is how far a run is, and at its end what it found.
type VerifyState struct {
	Files    int64 // rows looked at
	LastID   int64 // all files up to this one are done
	Objects  int64 // objects looked at
	Bytes    int64 // read, by a deep run
	Problems int64 // of any kind
	Mended   int64 // of those
	Young    int64 // objects without a row that are too young to judge
	Foreign  int64 // objects that are not named as ours: left alone
	Stopped  bool  // the context ended before everything was looked at
}

// Wrong is how many problems are left.
func (v VerifyState) Wrong() int64 { return v.Problems - v.Mended }

// verifyBatch is how many files, or objects, are looked at together.
const verifyBatch = 500

// Verify looks whether every object is there that a row promises, in its size and, if
// deep, with its bytes, and whether every object belongs to a row. It goes through rows
// by id and through objects by key, holds some hundreds of either in memory, and works
// while the site is open: what changes meanwhile is looked at twice before it is called
// wrong. With Mend it makes variants anew, brings originals back from wherever the same
// bytes are, and orders the removal of orphans; what cannot be mended is left as it is.
//
// CodeInvalid says that the options make no sense. When the context ends it stops after
// the files under way; LastID says where to go on.
func (s *Service) Verify(ctx context.Context, o VerifyOptions) (VerifyState, error) {
	if o.Storage != "" {
		if _, err := s.c.Stores.Get(o.Storage); err != nil {
			return VerifyState{}, vitrine.Invalid("storage", "There is no storage %q in the configuration: see vitrine storage list", o.Storage)
		}
	}
	if (o.Deep || o.Mend) && s.c.Processor == nil {
		return VerifyState{}, errors.New("upkeep: nothing to look into files with")
	}
	if o.Workers <= 0 {
		o.Workers = DefaultWorkers
	}
	if o.OrphanAge <= 0 {
		o.OrphanAge = DefaultOrphanAge
	}
	v := &verify{s: s, o: o, state: VerifyState{LastID: o.After}}
	for _, step := range []func(context.Context) error{v.strangers, v.rows, v.objects, v.removals, v.counters} {
		if err := step(ctx); err != nil && ctx.Err() == nil {
			return v.state, err
		}
		if ctx.Err() != nil {
			v.state.Stopped = true
			break
		}
	}
	return v.state, nil
}

// verify is one run of Verify.
type verify struct {
	s *Service
	o VerifyOptions

	mu    sync.Mutex
	state VerifyState
}

// tell reports a problem.
func (v *verify) tell(p Problem) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state.Problems++
	if p.Mended {
		v.state.Mended++
	}
	if v.o.Problem != nil {
		v.o.Problem(p)
	}
}

// note changes the counts.
func (v *verify) note(change func(*VerifyState)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	change(&v.state)
}

// watch tells how far it is.
func (v *verify) watch() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.o.Progress != nil {
		v.o.Progress(v.state)
	}
}

// strangers are storages that rows name and nobody has configured. Their files are told
// one by one only if they are to be mended.
func (v *verify) strangers(ctx context.Context) error {
	states, err := v.s.c.DB.StorageUsage(ctx)
	if err != nil {
		return err
	}
	for _, u := range states {
		if _, err := v.s.c.Stores.Get(u.Storage); err == nil || u.Files <= 0 || v.o.Storage != "" || v.o.Mend {
			continue
		}
		v.tell(Problem{Storage: u.Storage, Text: fmt.Sprintf("%d files are in a storage that is not configured", u.Files)})
	}
	return nil
}

// rows looks at every file.
func (v *verify) rows(ctx context.Context) error {
	for ctx.Err() == nil {
		list, err := v.s.c.DB.WalkFiles(ctx, db.FileWalk{After: v.state.LastID, Storage: v.o.Storage, Limit: verifyBatch})
		if err != nil {
			return fmt.Errorf("listing files: %w", err)
		}
		if err := v.batch(ctx, list); err != nil || len(list) < verifyBatch {
			return err
		}
		v.watch()
	}
	return nil
}

// batch looks at some files, several at a time. Those that were begun are finished, so
// that all up to LastID are done when it returns.
func (v *verify) batch(ctx context.Context, list []vitrine.File) error {
	var all sync.WaitGroup
	turns := make(chan struct{}, v.o.Workers)
	errs := make([]error, len(list))
	last := v.state.LastID
	for i := range list {
		if ctx.Err() != nil {
			break
		}
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			errs[i] = v.file(context.WithoutCancel(ctx), &list[i])
		})
		last = list[i].ID
	}
	all.Wait()
	v.note(func(s *VerifyState) { s.LastID = last })
	return errors.Join(errs...)
}

// removals tells of those that should have been done long ago.
func (v *verify) removals(ctx context.Context) error {
	now := v.s.c.Clock()
	if held, err := v.s.c.DB.Held(ctx, now); err != nil || held {
		return err
	}
	list, err := v.s.c.DB.LateRemovals(ctx, now.Add(-lateRemoval))
	if err != nil {
		return err
	}
	for _, u := range list {
		if v.o.Storage != "" && v.o.Storage != u.Storage {
			continue
		}
		v.tell(Problem{Storage: u.Storage, Text: fmt.Sprintf(
			"%d removals of objects are overdue: the log of the servers says why, and none happens while no server runs", u.Removals)})
	}
	return nil
}

// lateRemoval is when a removal is overdue. Servers look for work every ten minutes.
const lateRemoval = time.Hour

// counters compares what was counted with what is there.
func (v *verify) counters(ctx context.Context) error {
	drift, err := v.s.c.DB.UsageDrift(ctx)
	if err != nil || len(drift) == 0 {
		return err
	}
	if v.o.Mend {
		err = v.s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			drift, err = tx.MendUsage(ctx)
			return err
		})
	}
	for _, u := range drift {
		v.tell(Problem{Storage: u.Storage, Mended: v.o.Mend && err == nil, Text: fmt.Sprintf(
			"its counters differ from its files by %d files and %d bytes", u.Files, u.Bytes)})
	}
	return err
}
