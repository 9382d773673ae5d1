package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"vitrine/internal/storage"
)

// mostKnown bounds the memory for folders known to be durable.
const mostKnown = 4096

// folder opens a folder ("." is the root), which it makes with all its parents
// where missing. It comes back only when the entries that lead to it are
// durable, whoever made them: a file synced into a folder that a crash forgets
// would be lost. Each folder is synced once per process for that.
func (s *Store) folder(dir string) (*os.File, error) {
	if dir == "." {
		return s.root.Open(".")
	}
	s.mu.Lock()
	known := s.known[dir]
	s.mu.Unlock()
	if known {
		f, err := s.root.Open(dir)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	if err := s.makeFolder(dir); err != nil {
		return nil, err
	}
	s.mu.Lock()
	if len(s.known) >= mostKnown {
		clear(s.known)
	}
	s.known[dir] = true
	s.mu.Unlock()
	return s.root.Open(dir)
}

func (s *Store) makeFolder(dir string) error {
	made := "."
	for name := range strings.SplitSeq(dir, "/") {
		next := path.Join(made, name)
		err := s.root.Mkdir(next, folderMode)
		if errors.Is(err, syscall.ENOTDIR) {
			return fmt.Errorf("%w: a part of it is an object", storage.ErrKey)
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("make folder: %w", err)
		}
		if err := s.syncFolder(made); err != nil {
			return err
		}
		made = next
	}
	fi, err := s.root.Stat(dir)
	if err == nil && !fi.IsDir() {
		return fmt.Errorf("%w: a part of it is an object", storage.ErrKey)
	}
	return err
}

func (s *Store) syncFolder(dir string) error {
	f, err := s.root.Open(dir)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
