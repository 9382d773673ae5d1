package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"vitrine/internal/storage"
)

// Check implements storage.Store: it writes, syncs, reads and removes a file.
func (s *Store) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name := path.Join(incoming, "check-"+rand.Text())
	f, err := s.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return fmt.Errorf("the storage folder cannot be written: %w", full(err))
	}
	_, err = f.WriteString("vitrine")
	if err == nil {
		err = syncData(f)
	}
	if err == nil {
		_, err = f.ReadAt(make([]byte, 7), 0)
	}
	if err = errors.Join(err, f.Close(), gone(s.root.Remove(name))); err != nil {
		return fmt.Errorf("the storage folder cannot be used: %w", full(err))
	}
	return nil
}

// Sweep implements storage.Sweeper: it removes incoming files that nobody has
// written to for that long, which a crash left behind.
func (s *Store) Sweep(ctx context.Context, olderThan time.Duration) (int, error) {
	dir, err := s.root.OpenRoot(incoming)
	if err != nil {
		return 0, fmt.Errorf("sweep incoming files: %w", err)
	}
	removed, err := sweep(ctx, dir, time.Now().Add(-olderThan))
	return removed, errors.Join(err, dir.Close())
}

func sweep(ctx context.Context, dir *os.Root, before time.Time) (removed int, err error) {
	names, err := names(dir)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		fi, err := dir.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && (fi.IsDir() || fi.ModTime().After(before)) {
			continue
		}
		if err == nil {
			err = gone(dir.Remove(name))
		}
		if err != nil {
			return removed, fmt.Errorf("sweep incoming files: %w", err)
		}
		removed++
	}
	return removed, nil
}

// Free implements storage.Measurer: what the disk has for users without privileges.
func (s *Store) Free(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	var st syscall.Statfs_t
	if err := syscall.Fstatfs(int(s.incoming.Fd()), &st); err != nil {
		return 0, fmt.Errorf("look at the disk: %w", err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil //nolint:unconvert // the types differ between systems
}

var (
	_ storage.Store    = (*Store)(nil)
	_ storage.Adopter  = (*Store)(nil)
	_ storage.Sweeper  = (*Store)(nil)
	_ storage.Measurer = (*Store)(nil)
)
