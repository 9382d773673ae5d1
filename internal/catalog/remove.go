package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

const (
	removeBatch = 50
	// removeLease is how long a removal belongs to the node that took it, removeTime how
	// long that node works on what it took. The difference is for requests that were sent
	// and are late: they must not meet the objects of a new file of the same name.
	removeLease = 15 * time.Minute
	removeTime  = 5 * time.Minute
	// removePause is when a removal that a storage refused is tried again.
	removePause = 5 * time.Minute
)

// RemoveObjects deletes the objects of deleted rows, and those that files left behind
// when they moved to another storage, and then forgets about them; it returns how many
// removals it settled. It is safe to repeat and to run on several nodes at once: each
// removal is leased by one of them. What a storage refuses to delete stays on the list
// and is tried again after five minutes. A key that a live row of that storage claims is
// left alone. Nothing is removed while a hold is alive.
func (s *Service) RemoveObjects(ctx context.Context) (int, error) {
	s.removing.Lock()
	defer s.removing.Unlock()
	total := 0
	for {
		started := newWatch()
		list, err := s.c.DB.TakeRemovals(ctx, s.c.Clock(), removeLease, removeBatch)
		if err != nil {
			return total, fmt.Errorf("listing objects to remove: %w", err)
		}
		settled, err := s.removeTaken(ctx, list, started)
		total += settled
		// A batch of which nothing could be done would be followed by more of its kind.
		if len(list) < removeBatch || settled == 0 || ctx.Err() != nil {
			return total, err
		}
		if err != nil {
			s.c.Logger.WarnContext(ctx, "objects not removed, they will be tried again", "err", err)
		}
	}
}

// removeTaken does what was leased, as long as the lease is safe.
func (s *Service) removeTaken(ctx context.Context, list []db.Removal, started watch) (settled int, err error) {
	within, cancel := context.WithTimeout(ctx, removeTime)
	defer cancel()
	var errs []error
	for _, r := range list {
		err := s.remove(within, r, started)
		if err == nil {
			settled++
			continue
		}
		errs = append(errs, err)
		if started.over(removeTime) {
			break // the others are free again when their lease ends
		}
		giveBack := context.WithoutCancel(ctx)
		if err := s.c.DB.DelayRemoval(giveBack, r.ID, s.c.Clock().Add(removePause)); err != nil {
			errs = append(errs, err)
		}
	}
	return settled, errors.Join(errs...)
}

func (s *Service) remove(ctx context.Context, r db.Removal, started watch) error {
	store, err := s.c.Stores.Get(r.Storage)
	if err != nil {
		return fmt.Errorf("removing objects: %w", err)
	}
	claimed, err := s.claimedOrMoved(ctx, r)
	if err != nil {
		return err
	}
	for _, key := range r.Keys {
		if claimed[key] {
			continue
		}
		if started.over(removeTime) {
			return errors.New("removing objects: out of time")
		}
		if err := store.Delete(ctx, key); err != nil && !errors.Is(err, storage.ErrNotFound) {
			return fmt.Errorf("removing an object: %w", err)
		}
	}
	if err := s.c.DB.DeleteRemoval(ctx, r.ID); err != nil {
		return fmt.Errorf("settling a removal: %w", err)
	}
	return nil
}

// watch measures time by the clock that never jumps and by the one that goes on while a
// machine sleeps, and believes the one that says more.
type watch struct{ steady, wall time.Time }

func newWatch() watch {
	now := time.Now()
	return watch{steady: now, wall: now.Round(0)}
}

func (w watch) over(d time.Duration) bool {
	now := time.Now()
	return now.Sub(w.steady) >= d || now.Round(0).Sub(w.wall) >= d
}

// claimed tells which of the keys in a storage belong to a row. A row that names a storage
// which is not configured claims them in every storage: it may be this one under a name
// that it had before.
func (s *Service) claimed(ctx context.Context, storageName string, keys []string) (map[string]bool, error) {
	claimed, err := s.c.DB.ClaimedKeys(ctx, keys, func(name string) bool {
		_, err := s.c.Stores.Get(name)
		return name == storageName || err != nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for the rows of objects: %w", err)
	}
	return claimed, nil
}

// claimedOrMoved is claimed for a removal. If the file has moved to another storage, it
// looks first whether everything stands there: these may be the last copies.
func (s *Service) claimedOrMoved(ctx context.Context, r db.Removal) (map[string]bool, error) {
	files, err := s.c.DB.FilesOfKeys(ctx, r.Keys)
	if err != nil {
		return nil, fmt.Errorf("looking for the rows of objects: %w", err)
	}
	claimed := make(map[string]bool)
	for i := range files {
		f := &files[i]
		for _, o := range f.Objects() {
			if f.Storage == r.Storage {
				claimed[o.Key] = true
			} else if slices.Contains(r.Keys, o.Key) {
				if err := s.stands(ctx, f.Storage, o); err != nil {
					return nil, fmt.Errorf("the file %s has moved, but %s is not whole there, vitrine storage verify helps: %w", f.Slug, o.Key, err)
				}
			}
		}
	}
	return claimed, nil
}

// stands says what is wrong with an object.
func (s *Service) stands(ctx context.Context, storageName string, o vitrine.Object) error {
	store, err := s.c.Stores.Get(storageName)
	if err != nil {
		return err
	}
	info, err := store.Stat(ctx, o.Key)
	if err == nil && info.Size != o.Size {
		err = fmt.Errorf("%d bytes instead of %d", info.Size, o.Size)
	}
	return err
}
