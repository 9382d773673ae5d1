package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// spool is the folder for what is on its way in, held by one process: two
// servers on one data folder get two of them, so that neither takes the other's
// uploads for the remains of a crash.
type spool struct {
	path string
	lock *os.File
}

// maxSpools bounds the search for a free spool.
const maxSpools = 64

// openSpool takes the first spool below root that nobody holds. Spools of others
// that ended without holding on are emptied.
func openSpool(root string) (*spool, error) {
	var mine *spool
	for n := range maxSpools {
		path := filepath.Join(root, strconv.Itoa(n))
		if _, err := os.Stat(path); mine != nil && errors.Is(err, os.ErrNotExist) {
			break
		}
		s, err := holdSpool(path)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("the spool folder %s cannot be used: %w", path, cause(err))
		}
		if mine == nil {
			mine = s
			continue
		}
		_ = os.RemoveAll(path) // what stays is tried again at the next start
		s.release()
	}
	if mine == nil {
		return nil, fmt.Errorf("the spool folder %s is in use by %d other servers", root, maxSpools)
	}
	return mine, nil
}

// holdSpool makes the folder and locks it until release or the end of the process;
// EWOULDBLOCK if somebody else does.
func holdSpool(path string) (*spool, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	lock, err := os.Open(path) // a folder can be locked like a file
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, err
	}
	return &spool{path: path, lock: lock}, nil
}

// release lets others have the spool.
func (s *spool) release() { s.lock.Close() }
