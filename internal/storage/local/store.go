package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"syscall"

	"vitrine/internal/storage"
)

// incoming is the folder, inside the root, of files that are being written. No
// key can begin with a dot.
const incoming = ".incoming"

// Files may be read by the group, so that a web server in front can serve them.
const (
	fileMode   = 0o640
	folderMode = 0o750
)

// Store keeps objects as files below one folder. It is a storage.Store, a
// storage.Adopter and a storage.Sweeper, safe for many goroutines and for many
// processes on one folder.
type Store struct {
	root     *os.Root
	incoming *os.File // handle of the incoming folder

	handles handles

	mu    sync.Mutex
	known map[string]bool // folders known to be durable
}

// New opens the folder, and makes it if it is missing.
func New(c Config) (*Store, error) {
	c = c.withDefaults()
	if err := os.MkdirAll(c.Root, folderMode); err != nil {
		return nil, fmt.Errorf("make the storage folder: %w", err)
	}
	root, err := os.OpenRoot(c.Root)
	if err != nil {
		return nil, fmt.Errorf("open the storage folder: %w", err)
	}
	if err := root.Mkdir(incoming, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, errors.Join(fmt.Errorf("make the folder for incoming files: %w", err), root.Close())
	}
	in, err := root.Open(incoming)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the folder for incoming files: %w", err), root.Close())
	}
	return &Store{root: root, incoming: in, known: make(map[string]bool)}, nil
}

// Close gives back the handles. Objects that are open stay readable.
func (s *Store) Close() error {
	s.handles.close()
	return errors.Join(s.incoming.Close(), s.root.Close())
}

// Stat implements storage.Store.
func (s *Store) Stat(ctx context.Context, key string) (storage.Info, error) {
	if err := check(ctx, key); err != nil {
		return storage.Info{}, err
	}
	fi, err := s.root.Stat(key)
	if err == nil && !fi.Mode().IsRegular() {
		err = storage.ErrNotFound
	}
	if err != nil {
		return storage.Info{}, fmt.Errorf("stat object: %w", absent(err))
	}
	return info(key, fi), nil
}

// Delete implements storage.Store. It is not synced: an object that a crash
// brings back has no row, and is found by the sweep of orphans. Folders stay.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := check(ctx, key); err != nil {
		return err
	}
	fi, err := s.root.Lstat(key)
	if err == nil && !fi.IsDir() {
		err = s.root.Remove(key)
	}
	if err != nil && !errors.Is(absent(err), storage.ErrNotFound) {
		return fmt.Errorf("delete object: %w", err)
	}
	return nil
}

func info(key string, fi fs.FileInfo) storage.Info {
	return storage.Info{Key: key, Size: fi.Size(), ModTime: fi.ModTime().UTC()}
}

func check(ctx context.Context, key string) error {
	if _, err := storage.ParseKey(key); err != nil {
		return err
	}
	return ctx.Err()
}

// absent turns the ways in which the system says that there is no such file
// into storage.ErrNotFound.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG) {
		return storage.ErrNotFound
	}
	return err
}

// full adds storage.ErrNoSpace to the ways in which the system says that a disk
// or a quota is full.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", storage.ErrNoSpace, err)
	}
	return err
}
