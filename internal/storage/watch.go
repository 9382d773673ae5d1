package storage

import (
	"context"
	"io"
	"os"
	"time"
)

// The operations that Watch tells of.
const (
	OpPut    = "put"
	OpAdopt  = "adopt"
	OpOpen   = "open"
	OpRead   = "read" // from Open to Close of a Content that is fetched while it is read
	OpStat   = "stat"
	OpDelete = "delete"
	OpList   = "list"
	OpLink   = "link"
	OpSweep  = "sweep"
	OpCheck  = "check"
)

// Operation is one thing that a Store did.
type Operation struct {
	Name  string        // one of the Op constants
	Took  time.Duration // of a read only what was spent in it, of a list also what its fn took
	Bytes int64         // that were stored (put) or fetched (read); 0 for all others
	Err   error         // nil: done
}

// Watch gives a Store that does what st does, with the optional powers that st
// has and no others, and tells observe of each operation when it is over. observe
// must be quick and safe for many goroutines.
//
// A Content that is exactly an *os.File stays one, since the kernel can only send
// those; nothing is told of what is read from it.
func Watch(st Store, observe func(Operation)) Store {
	w := watched{st, observe}
	a, adopts := st.(Adopter)
	l, links := st.(Linker)
	s, sweeps := st.(Sweeper)
	adopter, linker, sweeper := watchedAdopter{a, observe}, watchedLinker{l, observe}, watchedSweeper{s, observe}
	switch {
	case adopts && links && sweeps:
		return struct {
			watched
			watchedAdopter
			watchedLinker
			watchedSweeper
		}{w, adopter, linker, sweeper}
	case adopts && links:
		return struct {
			watched
			watchedAdopter
			watchedLinker
		}{w, adopter, linker}
	case adopts && sweeps:
		return struct {
			watched
			watchedAdopter
			watchedSweeper
		}{w, adopter, sweeper}
	case links && sweeps:
		return struct {
			watched
			watchedLinker
			watchedSweeper
		}{w, linker, sweeper}
	case adopts:
		return struct {
			watched
			watchedAdopter
		}{w, adopter}
	case links:
		return struct {
			watched
			watchedLinker
		}{w, linker}
	case sweeps:
		return struct {
			watched
			watchedSweeper
		}{w, sweeper}
	}
	return w
}

// tell ends an operation that began at start.
func tell(observe func(Operation), name string, start time.Time, n int64, err error) {
	if err != nil {
		n = 0
	}
	observe(Operation{Name: name, Took: time.Since(start), Bytes: n, Err: err})
}

// watched is the part that every Store has.
type watched struct {
	st      Store
	observe func(Operation)
}

// Unwrap gives the store that is watched.
func (w watched) Unwrap() Store { return w.st }

// Put implements Store.
func (w watched) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	start := time.Now()
	err := w.st.Put(ctx, key, r, size, mime)
	tell(w.observe, OpPut, start, size, err)
	return err
}

// Open implements Store.
func (w watched) Open(ctx context.Context, key string) (*Object, error) {
	start := time.Now()
	o, err := w.st.Open(ctx, key)
	tell(w.observe, OpOpen, start, 0, err)
	if err != nil {
		return nil, err
	}
	if _, file := o.Content.(*os.File); !file {
		o.Content = &watchedContent{ReadSeekCloser: o.Content, observe: w.observe}
	}
	return o, nil
}

// Stat implements Store.
func (w watched) Stat(ctx context.Context, key string) (Info, error) {
	start := time.Now()
	i, err := w.st.Stat(ctx, key)
	tell(w.observe, OpStat, start, 0, err)
	return i, err
}

// Delete implements Store.
func (w watched) Delete(ctx context.Context, key string) error {
	start := time.Now()
	err := w.st.Delete(ctx, key)
	tell(w.observe, OpDelete, start, 0, err)
	return err
}

// List implements Store.
func (w watched) List(ctx context.Context, after string, fn func(Info) error) error {
	start := time.Now()
	err := w.st.List(ctx, after, fn)
	tell(w.observe, OpList, start, 0, err)
	return err
}

// Check implements Store.
func (w watched) Check(ctx context.Context) error {
	start := time.Now()
	err := w.st.Check(ctx)
	tell(w.observe, OpCheck, start, 0, err)
	return err
}

type watchedAdopter struct {
	adopter Adopter
	observe func(Operation)
}

// Adopt implements Adopter.
func (w watchedAdopter) Adopt(ctx context.Context, key, path string) error {
	var size int64
	if fi, err := os.Lstat(path); err == nil { // the file may be gone afterwards
		size = fi.Size()
	}
	start := time.Now()
	err := w.adopter.Adopt(ctx, key, path)
	tell(w.observe, OpAdopt, start, size, err)
	return err
}

type watchedLinker struct {
	linker  Linker
	observe func(Operation)
}

// Link implements Linker.
func (w watchedLinker) Link(ctx context.Context, key string, o LinkOptions) (string, error) {
	start := time.Now()
	address, err := w.linker.Link(ctx, key, o)
	tell(w.observe, OpLink, start, 0, err)
	return address, err
}

type watchedSweeper struct {
	sweeper Sweeper
	observe func(Operation)
}

// Sweep implements Sweeper.
func (w watchedSweeper) Sweep(ctx context.Context, olderThan time.Duration) (int, error) {
	start := time.Now()
	n, err := w.sweeper.Sweep(ctx, olderThan)
	tell(w.observe, OpSweep, start, 0, err)
	return n, err
}

// watchedContent adds up what is fetched until it is closed. For one goroutine.
type watchedContent struct {
	io.ReadSeekCloser
	observe func(Operation)
	op      Operation
	closed  bool
}

// Read implements io.Reader.
func (c *watchedContent) Read(p []byte) (int, error) {
	start := time.Now()
	n, err := c.ReadSeekCloser.Read(p)
	c.op.Took += time.Since(start)
	c.op.Bytes += int64(n)
	if err != nil && err != io.EOF { //nolint:errorlint // the end of a reader is io.EOF itself
		c.op.Err = err
	}
	return n, err
}

// Close implements io.Closer. Of several calls the first counts.
func (c *watchedContent) Close() error {
	if !c.closed {
		c.closed = true
		c.op.Name = OpRead
		c.observe(c.op)
	}
	return c.ReadSeekCloser.Close()
}
