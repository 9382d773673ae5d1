package upload

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// maxIdleFolders bounds the empty folders kept in the spool.
const maxIdleFolders = 64

// folders lends folders in the spool, one to each upload. Empty ones are used
// again: on ext4 making and removing a folder costs five times as much as making
// and removing a file, more than everything else that a small upload does there.
type folders struct {
	root   string
	random func([]byte)

	mu   sync.Mutex
	idle []string
}

// take gives an empty folder.
func (f *folders) take() (string, error) {
	f.mu.Lock()
	if n := len(f.idle); n > 0 {
		folder := f.idle[n-1]
		f.idle = f.idle[:n-1]
		f.mu.Unlock()
		return folder, nil
	}
	f.mu.Unlock()
	folder := filepath.Join(f.root, spoolPrefix+randomHex(f.random, 32))
	return folder, os.Mkdir(folder, 0o700)
}

// giveBack empties the folder and keeps it for the next upload.
func (f *folders) giveBack(folder string) error {
	list, err := os.ReadDir(folder)
	for _, e := range list {
		err = errors.Join(err, os.RemoveAll(filepath.Join(folder, e.Name())))
	}
	if err == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.idle) < maxIdleFolders {
			f.idle = append(f.idle, folder)
			return nil
		}
	}
	return f.remove(folder)
}

// remove removes the folder with all that is in it.
func (f *folders) remove(folder string) error {
	var err error
	// A decoder that is being stopped may still add a file while we remove.
	for range 3 {
		if err = os.RemoveAll(folder); err == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("removing a spooled source: %w", err)
}
