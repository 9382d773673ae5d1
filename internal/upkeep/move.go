package upkeep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// MoveOptions say which files move where.
type MoveOptions struct {
	From, To string
	Kind     vitrine.Kind  // empty: both
	OwnerID  int64         // 0: everybody's
	Limit    int64         // most files; 0: all
	Bytes    int64         // most bytes, with variants; 0: all
	Workers  int           // files at once; 0: DefaultWorkers
	Rate     int64         // most bytes a second, all together; 0: no limit
	Keep     time.Duration // how long old objects stay; 0: DefaultKeep

	Progress func(MoveState) // called after each file, one call at a time; nil: nobody watches
	Problem  func(Problem)   // called for each file that stays behind, one call at a time; nil
}

// MoveState is how far a move is, and at its end what became of it.
type MoveState struct {
	Files, Bytes           int64 // moved in this run
	TotalFiles, TotalBytes int64 // to be moved, as was known at the beginning
	Read                   int64 // bytes read from the source in this run, of files under way too
	Gone                   int64 // files that were deleted, or moved by somebody else, meanwhile
	Failed                 int64 // files that stay behind
	Stopped                bool  // the context ended before all files were done
}

// moveBatch is how many rows are read at a time.
const moveBatch = 200

// Move moves files while the site is open: it copies original and variants, reads the
// copies back and compares them, changes the row, and orders the removal of the old
// objects for later. Views go on: whoever finds nothing at the old place looks the row
// up again.
//
// It can be broken off at any moment, by the end of the context (files under way are
// finished) or by a crash, and be called again: what has moved is not looked at again,
// and copies that stand already are compared and taken. Several at once, on one node or
// many, do no harm. Files that come to the storage after it began are left there.
//
// A file that cannot be moved is told to Problem and left as it is. An error says that
// none could be moved any more: CodeInvalid for options that make no sense, CodeNoSpace
// when the destination is full.
func (s *Service) Move(ctx context.Context, o MoveOptions) (MoveState, error) {
	m, err := s.newMove(ctx, o)
	if err != nil {
		return MoveState{}, err
	}
	err = m.run(ctx)
	m.state.Stopped = ctx.Err() != nil && err == nil
	return m.state, err
}

// move is one run of Move.
type move struct {
	s        *Service
	o        MoveOptions
	from, to storage.Store
	walk     db.FileWalk
	pace     pace

	mu    sync.Mutex
	state MoveState
	fatal error // why there is no going on
}

func (s *Service) newMove(ctx context.Context, o MoveOptions) (*move, error) {
	if o.From == o.To {
		return nil, vitrine.Invalid("to", "The files are in %s already: name another storage to move them to", o.From)
	}
	m := &move{s: s, o: o, pace: pace{perSecond: o.Rate}}
	for name, store := range map[string]*storage.Store{o.From: &m.from, o.To: &m.to} {
		var err error
		if *store, err = s.c.Stores.Get(name); err != nil {
			return nil, vitrine.Invalid("storage", "There is no storage %q in the configuration: see vitrine storage list", name)
		}
	}
	if m.o.Workers <= 0 {
		m.o.Workers = DefaultWorkers
	}
	if m.o.Keep <= 0 {
		m.o.Keep = DefaultKeep
	}
	newest, err := s.c.DB.NewestFile(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for the newest file: %w", err)
	}
	m.walk = db.FileWalk{Through: newest, Storage: o.From, Kind: o.Kind, OwnerID: o.OwnerID, Limit: moveBatch}
	if newest > 0 {
		err = m.count(ctx)
	}
	return m, err
}

// count finds out how much there is to do.
func (m *move) count(ctx context.Context) error {
	var total db.StorageUsage
	var err error
	if m.o.Kind != "" || m.o.OwnerID != 0 {
		total, err = m.s.c.DB.WalkTotal(ctx, m.walk)
	} else {
		var all []db.StorageUsage
		all, err = m.s.c.DB.StorageUsage(ctx)
		for _, u := range all {
			if u.Storage == m.o.From {
				total = u
			}
		}
	}
	if err != nil {
		return fmt.Errorf("counting files: %w", err)
	}
	m.state.TotalFiles, m.state.TotalBytes = total.Files, total.Bytes
	if m.o.Limit > 0 && m.o.Limit < total.Files {
		m.state.TotalBytes = int64(float64(total.Bytes) * float64(m.o.Limit) / float64(total.Files))
		m.state.TotalFiles = m.o.Limit
	}
	if m.o.Bytes > 0 {
		m.state.TotalBytes = min(m.state.TotalBytes, m.o.Bytes)
	}
	return nil
}

// run walks through the files and hands them to workers.
func (m *move) run(ctx context.Context) error {
	if m.walk.Through == 0 {
		return nil
	}
	ids := make(chan int64)
	var workers sync.WaitGroup
	for range m.o.Workers {
		workers.Go(func() {
			for id := range ids {
				if m.over() == nil {
					m.work(ctx, id)
				}
			}
		})
	}
	err := m.feed(ctx, ids)
	close(ids)
	workers.Wait()
	return errors.Join(err, m.over())
}

// feed gives out the ids until all, or enough, are given.
func (m *move) feed(ctx context.Context, ids chan<- int64) error {
	var files, bytes int64
	for {
		list, err := m.s.c.DB.WalkFiles(ctx, m.walk)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listing files: %w", err)
		}
		for i := range list {
			f := &list[i]
			if m.o.Limit > 0 && files >= m.o.Limit || m.o.Bytes > 0 && bytes+f.Bytes() > m.o.Bytes || m.over() != nil {
				return nil
			}
			select {
			case ids <- f.ID:
			case <-ctx.Done():
				return nil
			}
			files, bytes, m.walk.After = files+1, bytes+f.Bytes(), f.ID
		}
		if len(list) < moveBatch {
			return nil
		}
	}
}

// over is why there is no going on, if so.
func (m *move) over() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fatal
}

// read notes that bytes were read from the source.
func (m *move) read(n int) {
	m.mu.Lock()
	m.state.Read += int64(n)
	m.mu.Unlock()
}

// moveTries is how often a file is tried, for storages and databases that do not answer
// for a moment.
const moveTries = 3

// work moves one file, to its end even when the context ends meanwhile.
func (m *move) work(ctx context.Context, id int64) {
	whole := context.WithoutCancel(ctx)
	var f *vitrine.File
	var out outcome
	var err error
	for try := range moveTries {
		if f, out, err = m.file(whole, id); err == nil || !passing(err) {
			break
		}
		if try+1 < moveTries {
			select {
			case <-time.After(time.Duration(try+1) * time.Second):
			case <-ctx.Done():
				return // it is still where it was
			}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case errors.Is(err, storage.ErrNoSpace), errors.Is(err, storage.ErrFull):
		m.fatal = vitrine.Errorf(vitrine.CodeNoSpace, "The storage %s has no room for more files", m.o.To)
		return
	case err != nil:
		m.state.Failed++
		if m.o.Problem != nil {
			m.o.Problem(Problem{File: f, Storage: m.o.From, Text: plain(err)})
		}
	case out == gone:
		m.state.Gone++
	default:
		m.state.Files++
		m.state.Bytes += f.Bytes()
	}
	if m.o.Progress != nil {
		m.o.Progress(m.state)
	}
}
