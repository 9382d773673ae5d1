package upkeep

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// twins is how many files with the same digest are asked for their bytes.
const twins = 10

// bringBack puts the right bytes in the place of an original that is damaged or missing,
// and leaves them on the bench. It takes them from another storage that has the same key
// or from another file with the same digest, and compares them first.
func (s *Service) bringBack(ctx context.Context, b *bench, store storage.Store, f *vitrine.File) error {
	found, err := s.findOriginal(ctx, b, f)
	if err != nil {
		return err
	}
	if !found {
		return errNoCopy
	}
	return replace(ctx, store, f.Key(), b.source(), f.Format.MIME())
}

// findOriginal looks for the bytes of an original everywhere but in its place, and copies
// them to the bench.
func (s *Service) findOriginal(ctx context.Context, b *bench, f *vitrine.File) (bool, error) {
	for _, name := range s.c.Stores.Names() {
		store, err := s.c.Stores.Get(name)
		if err != nil || name == f.Storage {
			continue
		}
		if s.fetchOriginal(ctx, b, store, f, f.Key()) == nil {
			return true, nil
		}
	}
	others, err := s.c.DB.FilesByMD5(ctx, f.MD5, f.ID, twins)
	if err != nil {
		return false, fmt.Errorf("looking for other files with the same bytes: %w", err)
	}
	for i := range others {
		store, err := s.c.Stores.Get(others[i].Storage)
		if err == nil && s.fetchOriginal(ctx, b, store, f, others[i].Key()) == nil {
			return true, nil
		}
	}
	return false, nil
}

// fetchOriginal copies an object to the bench if it has the bytes of the file's original.
func (s *Service) fetchOriginal(ctx context.Context, b *bench, store storage.Store, f *vitrine.File, key string) error {
	original := vitrine.Object{Key: key}
	digest, err := b.fetch(ctx, store, key)
	if err != nil {
		return sourceError(original, err)
	}
	if digest != f.MD5 {
		return damage(original, "its bytes are not those that were uploaded")
	}
	return nil
}

// fetch copies an object to the bench and gives its digest.
func (b *bench) fetch(ctx context.Context, store storage.Store, key string) (string, error) {
	from, err := store.Open(ctx, key)
	if err != nil {
		return "", err
	}
	defer from.Content.Close()
	to, err := os.OpenFile(b.source(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", fmt.Errorf("writing to the spool: %w", err)
	}
	sum := md5.New()
	_, err = io.Copy(io.MultiWriter(to, sum), from.Content)
	if err = errors.Join(err, to.Close()); err != nil {
		return "", fmt.Errorf("copying to the spool: %w", err)
	}
	return hexOf(sum), nil
}

// adopt finds the storage that has the objects of a file whose own is not configured,
// and writes its name into the row.
func (s *Service) adopt(ctx context.Context, f *vitrine.File) error {
	for _, name := range s.c.Stores.Names() {
		store, err := s.c.Stores.Get(name)
		if err != nil {
			return err
		}
		if digest, _, err := digestOf(ctx, store, f.Key()); err != nil || digest != f.MD5 {
			continue
		}
		var done bool
		err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if err := tx.DropRemovals(ctx, name, db.FileName{Folder: f.Folder, Name: f.Name}, s.c.Clock()); err != nil {
				return err
			}
			done, err = tx.MoveFile(ctx, f, name)
			return err
		})
		if err == nil && !done {
			err = errChanged
		}
		if err == nil {
			f.Storage = name
		}
		return err
	}
	return errors.New("no configured storage has its original")
}
