package backup

import (
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// copier copies objects into the folder. It is safe for many goroutines.
type copier struct {
	*creation
	limit   *rate.Limiter
	buffers sync.Pool
	mu      sync.Mutex // of the report
}

func (c *creation) newCopier() *copier {
	return &copier{creation: c, limit: limiter(c.o.Rate), buffers: sync.Pool{New: func() any { b := make([]byte, blockSize); return &b }}}
}

// file fills in the entries of a file.
func (c *copier) file(ctx context.Context, w *work) error {
	for i := range w.entries {
		e := &w.entries[i]
		if k := c.known(w, e); k != nil {
			e.SHA256 = k.SHA256
			continue
		}
		if err := c.object(ctx, e, i == 0); err != nil {
			return err
		}
	}
	return nil
}

// known is what an earlier snapshot has of the object, if it is surely the same: objects
// never change, and ids of files are never given twice.
func (c *copier) known(w *work, e *entry) *entry {
	for i := range w.known {
		k := &w.known[i]
		if k.Key == e.Key && k.Size == e.Size && k.MD5 == e.MD5 && k.State == "" && hasObject(c.folder.path, k.SHA256, k.Size) {
			return k
		}
	}
	return nil
}

// tries is how often an object is read before a storage that fails ends the backup.
const tries = 4

// object copies one object, or says in the entry that it is missing or damaged.
func (c *copier) object(ctx context.Context, e *entry, original bool) error {
	for try, pause := 1, time.Second; ; try, pause = try+1, 4*pause {
		err := c.try(ctx, e, original)
		if err == nil {
			return nil
		}
		if errors.Is(err, storage.ErrNotFound) {
			c.fault(e, missing, "is missing in the storage "+e.Storage)
			return nil
		}
		if _, ours := errors.AsType[*folderError](err); ours || ctx.Err() != nil || try == tries {
			return fmt.Errorf("copy %s: %w", e.Key, err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// folderError is one of the folder of the backup, which does not pass.
type folderError struct{ error }

func (e *folderError) Unwrap() error { return e.error }

// try copies one object once.
func (c *copier) try(ctx context.Context, e *entry, original bool) error {
	from, err := c.open(ctx, e)
	if err != nil {
		return err
	}
	defer from.Content.Close()
	temp := filepath.Join(c.folder.path, incomingName, rand.Text())
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return &folderError{err}
	}
	defer os.Remove(temp) // gone where it was moved
	sum := sha256.New()
	to := []hash.Hash{sum}
	var md hash.Hash
	if original {
		md = md5.New()
		to = append(to, md)
	}
	n, err := c.copy(ctx, f, from.Content, to)
	if err == nil {
		err = syncObject(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	if err := c.place(temp, digest); err != nil {
		return &folderError{err}
	}
	e.SHA256 = digest
	switch {
	case n != e.Size:
		c.fault(e, spoiled, fmt.Sprintf("has %d bytes instead of %d", n, e.Size))
		e.Size = n
	case original && hex.EncodeToString(md.Sum(nil)) != e.MD5:
		c.fault(e, spoiled, "has not the digest that its row says")
	}
	c.mu.Lock()
	c.report.Copied++
	c.report.Bytes += n
	c.mu.Unlock()
	return nil
}

// open finds the object where the row says that it is or, if it was moved since, where
// the row says so now.
func (c *copier) open(ctx context.Context, e *entry) (*storage.Object, error) {
	from, err := c.openIn(ctx, e.Storage, e.Key)
	if !errors.Is(err, storage.ErrNotFound) {
		return from, err
	}
	now, rowErr := c.c.DB.FileByID(ctx, e.File)
	switch {
	case vitrine.Is(rowErr, vitrine.CodeNotFound):
		return nil, err
	case rowErr != nil:
		return nil, rowErr
	case now.Storage == e.Storage:
		return nil, err
	}
	return c.openIn(ctx, now.Storage, e.Key)
}

func (c *copier) openIn(ctx context.Context, name, key string) (*storage.Object, error) {
	store, err := c.c.Stores.Get(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", storage.ErrNotFound, err) // as good as
	}
	if _, err := storage.ParseKey(key); err != nil {
		return nil, fmt.Errorf("%w: %w", storage.ErrNotFound, err)
	}
	return store.Open(ctx, key)
}

// copy copies in big blocks, no faster than it may.
func (c *copier) copy(ctx context.Context, to *os.File, from io.Reader, hashes []hash.Hash) (n int64, err error) {
	b := c.buffers.Get().(*[]byte)
	defer c.buffers.Put(b)
	for {
		m, readErr := from.Read(*b)
		if m > 0 {
			for _, h := range hashes {
				h.Write((*b)[:m])
			}
			if _, err := to.Write((*b)[:m]); err != nil {
				return n, &folderError{err}
			}
			n += int64(m)
			if c.limit != nil {
				if err := c.limit.WaitN(ctx, m); err != nil {
					return n, err
				}
			}
		}
		switch {
		case errors.Is(readErr, io.EOF):
			return n, nil
		case readErr != nil:
			return n, readErr
		case ctx.Err() != nil:
			return n, context.Cause(ctx)
		}
	}
}

// place gives the object its name. What lies there has the same bytes, or was left half
// written by a power loss.
func (c *copier) place(temp, digest string) error {
	path := objectPath(c.folder.path, digest)
	err := os.Rename(temp, path)
	if errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
			return err
		}
		err = os.Rename(temp, path)
	}
	return err
}

func (c *copier) fault(e *entry, s state, what string) {
	e.State = s
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.report.Faults) < mostFaults {
		c.report.Faults = append(c.report.Faults, fmt.Sprintf("%s %s", e.Key, what))
	}
	c.c.Logger.Warn("an object is not as it should be", "file", e.File, "key", e.Key, "state", string(s))
}
