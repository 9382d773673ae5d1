package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"syscall"

	"vitrine/internal/storage"
)

// copyBuffers hold the blocks between a reader and its file: big ones, because
// each write is a call into the kernel.
var copyBuffers = sync.Pool{New: func() any { b := make([]byte, 256<<10); return &b }}

// Put implements storage.Store. mime is not kept.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, _ string) error {
	if err := s.free(ctx, key); err != nil {
		return err
	}
	temp := rand.Text()
	f, err := s.root.OpenFile(path.Join(incoming, temp), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return fmt.Errorf("make incoming file: %w", full(err))
	}
	err = fill(ctx, f, r, size)
	if err = errors.Join(err, f.Close()); err == nil {
		err = s.place(int(s.incoming.Fd()), temp, key)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("put object: %w", full(err)), s.forget(temp))
	}
	return nil
}

// Adopt implements storage.Adopter: the file is moved, or copied where it lies
// on another file system.
func (s *Store) Adopt(ctx context.Context, key, file string) error {
	if err := s.free(ctx, key); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return fmt.Errorf("open the file to adopt: %w", err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err == nil {
		err = f.Chmod(fileMode)
	}
	if err == nil {
		err = syncData(f)
	}
	if err != nil {
		return fmt.Errorf("look at the file to adopt: %w", full(err))
	}
	err = s.place(here, file, key)
	if errors.Is(err, syscall.EXDEV) {
		if err := s.Put(ctx, key, f, fi.Size(), ""); err != nil {
			return err
		}
		return gone(os.Remove(file))
	}
	if err != nil {
		return fmt.Errorf("adopt file: %w", full(err))
	}
	return nil
}

// free refuses bad keys, and taken ones early; place decides for good.
func (s *Store) free(ctx context.Context, key string) error {
	if err := check(ctx, key); err != nil {
		return err
	}
	if _, err := s.root.Lstat(key); err == nil {
		return storage.ErrExists
	}
	return nil
}

// fill writes exactly size bytes of r to f and syncs them.
func fill(ctx context.Context, f *os.File, r io.Reader, size int64) error {
	b := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(b)
	in := struct{ io.Reader }{storage.Exactly(r, size)}
	out := struct{ io.Writer }{f}
	if _, err := io.CopyBuffer(out, readerWith(ctx, in), *b); err != nil {
		return err
	}
	return syncData(f)
}

// place moves the synced file name of the folder handle dir to its key, without
// replacing, and makes the new entry durable. If that fails, the entry goes.
func (s *Store) place(dir int, name, key string) error {
	parent, base := path.Split(key)
	folder, err := s.folder(path.Clean(parent))
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := move(dir, name, int(folder.Fd()), base); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return storage.ErrExists
		}
		return err
	}
	if err := folder.Sync(); err != nil {
		return errors.Join(fmt.Errorf("sync folder: %w", err), move(int(folder.Fd()), base, dir, name))
	}
	return nil
}

func (s *Store) forget(temp string) error {
	return gone(s.root.Remove(path.Join(incoming, temp)))
}

// gone forgives that what was to be removed is not there.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// readerWith ends with the context.
func readerWith(ctx context.Context, r io.Reader) io.Reader { return &ctxReader{ctx, r} }

type ctxReader struct {
	ctx context.Context // of the one call that made the reader
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
