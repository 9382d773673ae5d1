package upkeep

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// outcome is what became of a file that was to be moved.
type outcome int

const (
	moved outcome = iota
	gone          // deleted, or moved by somebody else
)

// file moves one file. It reads the row anew: since it was listed it may have changed.
// The file is nil if there was none any more.
func (m *move) file(ctx context.Context, id int64) (*vitrine.File, outcome, error) {
	f, err := m.row(ctx, id)
	if f == nil || err != nil {
		return nil, gone, err
	}
	if err := m.clear(ctx, f); err != nil {
		return f, gone, err
	}
	if room, err := m.s.c.Stores.Room(ctx, m.o.To, f.Bytes()); err != nil || !room {
		if err == nil {
			err = storage.ErrFull
		}
		return f, gone, err
	}
	var placed []string // what this run has put there, and nobody else
	for _, o := range f.Objects() {
		mine, err := m.copy(ctx, f, o)
		if mine {
			placed = append(placed, o.Key)
		}
		if err == nil {
			continue
		}
		if now, again := m.row(ctx, id); again == nil && now == nil {
			return nil, gone, m.takeBack(ctx, f, placed) // deleted while it was copied
		}
		if isDamage(err) {
			if back := m.takeBack(ctx, f, placed); back != nil {
				return f, gone, back
			}
		}
		return f, gone, err
	}
	return m.settle(ctx, f, placed)
}

// row is the file if it is still in the storage that files leave; nil if not.
func (m *move) row(ctx context.Context, id int64) (*vitrine.File, error) {
	list, err := m.s.c.DB.WalkFiles(ctx, db.FileWalk{After: id - 1, Through: id, Storage: m.o.From, Limit: 1})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// clear takes back removals that wait for the file's objects at the destination, from
// where it once came. If they are being removed at this moment, it has to wait.
func (m *move) clear(ctx context.Context, f *vitrine.File) error {
	name := db.FileName{Folder: f.Folder, Name: f.Name}
	waiting, err := m.s.c.DB.RemovalsNamed(ctx, m.o.To, []db.FileName{name})
	if err != nil || len(waiting) == 0 {
		return err
	}
	return m.s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.DropRemovals(ctx, m.o.To, name, m.s.c.Clock())
	})
}

// settle changes the row and orders the removal of the old objects, both or neither.
func (m *move) settle(ctx context.Context, f *vitrine.File, placed []string) (*vitrine.File, outcome, error) {
	name := db.FileName{Folder: f.Folder, Name: f.Name}
	var done bool
	err := m.s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if done, err = tx.MoveFile(ctx, f, m.o.To); err != nil || !done {
			return err
		}
		now := m.s.c.Clock()
		if err := tx.DropRemovals(ctx, m.o.To, name, now); err != nil {
			return err
		}
		return tx.CreateRemoval(ctx, m.o.From, name, f.Keys(), now.Add(m.o.Keep))
	})
	if err == nil && done {
		return f, moved, nil
	}
	// Somebody else was faster, or the answer of the database was lost.
	now, again := m.s.c.DB.FileByID(ctx, f.ID)
	switch {
	case vitrine.Is(again, vitrine.CodeNotFound):
		return nil, gone, m.takeBack(ctx, f, placed)
	case again != nil:
		return f, gone, fmt.Errorf("changing the row: %w", again)
	case now.Storage == m.o.To && err != nil:
		return f, moved, nil
	case now.Storage == m.o.To:
		return f, gone, nil
	case err != nil:
		return f, gone, fmt.Errorf("changing the row: %w", err)
	}
	return f, gone, errChanged
}

// takeBack orders the removal of copies that no row will claim. They go later, for the
// same reason as old objects: another move may be comparing them at this moment.
func (m *move) takeBack(ctx context.Context, f *vitrine.File, placed []string) error {
	if len(placed) == 0 {
		return nil
	}
	err := m.s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.CreateRemoval(ctx, m.o.To, db.FileName{Folder: f.Folder, Name: f.Name}, placed, m.s.c.Clock().Add(m.o.Keep))
	})
	if err != nil {
		return fmt.Errorf("taking copies back: %w", err)
	}
	return nil
}
