package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"sync"

	"golang.org/x/sys/unix"

	"vitrine/internal/storage"
)

// Open implements storage.Store. Content is an *os.File.
func (s *Store) Open(ctx context.Context, key string) (*storage.Object, error) {
	if err := check(ctx, key); err != nil {
		return nil, err
	}
	f, err := s.openFile(key)
	if err != nil {
		return nil, fmt.Errorf("open object: %w", absent(err))
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = storage.ErrNotFound
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open object: %w", err), f.Close())
	}
	return &storage.Object{Info: info(key, fi), Content: f}, nil
}

// openFile opens by one call into the kernel where the folder's handle is known,
// instead of one for each part of the key and five more for each *os.File. What
// that call refuses, a symbolic link or a folder that was replaced, goes the long
// way.
func (s *Store) openFile(key string) (*os.File, error) {
	dir, base := path.Split(key)
	if folder := s.handles.get(dir); folder != nil {
		if f, err := openIn(folder, base); err == nil {
			return f, nil
		}
		return s.root.Open(key)
	}
	f, err := s.root.Open(key)
	if err == nil {
		s.handles.add(dir, s.root)
	}
	return f, err
}

// openIn opens a file of the folder. base is one part of a valid key, so that it
// cannot lead out of it.
func openIn(folder *os.File, base string) (f *os.File, err error) {
	conn, err := folder.SyscallConn()
	if err != nil {
		return nil, err
	}
	fd := -1
	controlErr := conn.Control(func(dir uintptr) { // also holds the handle open
		fd, err = unix.Openat(int(dir), base, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	})
	if err = errors.Join(controlErr, err); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), base), nil
}

// mostHandles is how many folders are kept open: those of recent days, mostly.
const mostHandles = 256

// handles are open folders by name, all of them found through the os.Root.
type handles struct {
	mu   sync.RWMutex
	open map[string]*os.File
}

func (h *handles) get(dir string) *os.File {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.open[dir]
}

// add keeps a handle of the folder, if it can be had. When there are too many,
// all others go; whoever is using one holds it open until done.
func (h *handles) add(dir string, root *os.Root) {
	f, err := root.Open(path.Join(".", dir))
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.open) >= mostHandles {
		h.closeAll()
	}
	if old := h.open[dir]; old != nil {
		_ = old.Close()
	}
	if h.open == nil {
		h.open = make(map[string]*os.File)
	}
	h.open[dir] = f
}

func (h *handles) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closeAll()
}

func (h *handles) closeAll() {
	for dir, f := range h.open {
		_ = f.Close() // opened for reading only
		delete(h.open, dir)
	}
}
