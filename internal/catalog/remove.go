package catalog

import (
	"context"
	"errors"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/storage"
)

const removeBatch = 100

// RemoveObjects deletes the objects of deleted rows and then forgets about them;
// it returns how many deletions it settled. It is safe to repeat: what a storage
// refuses to delete stays on the list. A key that a live row claims again is left
// alone: between a deletion and its clean-up the name may have been given anew.
func (s *Service) RemoveObjects(ctx context.Context) (int, error) {
	s.removing.Lock()
	defer s.removing.Unlock()
	total := 0
	for {
		list, err := s.c.DB.Removals(ctx, removeBatch)
		if err != nil {
			return total, fmt.Errorf("listing objects to remove: %w", err)
		}
		var errs []error
		settled := 0
		for _, r := range list {
			if err := s.remove(ctx, r); err != nil {
				errs = append(errs, err)
				continue
			}
			settled++
		}
		total += settled
		if len(errs) > 0 || len(list) < removeBatch {
			return total, errors.Join(errs...)
		}
	}
}

func (s *Service) remove(ctx context.Context, r db.Removal) error {
	store, err := s.c.Stores.Get(r.Storage)
	if err != nil {
		return fmt.Errorf("removing objects: %w", err)
	}
	claimed, err := s.claimed(ctx, r.Storage, r.Keys)
	if err != nil {
		return err
	}
	for _, key := range r.Keys {
		if claimed[key] {
			continue
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

// claimed tells which of the keys belong to a row.
func (s *Service) claimed(ctx context.Context, storageName string, keys []string) (map[string]bool, error) {
	var names []db.FileName
	seen := make(map[db.FileName]bool)
	for _, key := range keys {
		folder, name, _, ok := splitPath(key)
		if !ok {
			continue
		}
		candidates := []string{name}
		if base, _, isVariant := splitVariant(name); isVariant {
			candidates = append(candidates, base)
		}
		for _, c := range candidates {
			if n := (db.FileName{Folder: folder, Name: c}); !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
	}
	files, err := s.c.DB.FilesNamed(ctx, storageName, names)
	if err != nil {
		return nil, fmt.Errorf("looking for the rows of objects: %w", err)
	}
	claimed := make(map[string]bool)
	for i := range files {
		for _, key := range files[i].Keys() {
			claimed[key] = true
		}
	}
	return claimed, nil
}
