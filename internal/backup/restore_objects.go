package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// markObjects is the mark of how many entries of the index are done, and markEvery how
// often it is set.
const (
	markObjects = "objects"
	markEvery   = 5 * time.Second
)

// placing puts the objects of a backup into storages.
type placing struct {
	*restoring
	mu sync.Mutex // of the counts
}

// placed is one entry on its way. Whoever has placed it closes done.
type placed struct {
	entry
	done chan struct{}
}

// objects puts every object of the index into its storage.
func (r *restoring) objects(ctx context.Context) error {
	if r.manifest.Objects == nil {
		return nil
	}
	index, err := openIndex(r.path, true)
	if err != nil {
		return err
	}
	defer index.close()
	begin, err := r.loader.Mark(ctx, markObjects)
	if err != nil {
		return err
	}
	for range begin {
		e, err := index.take()
		if err != nil {
			return err
		}
		r.r.count(e)
	}
	p := &placing{restoring: r}
	group, inner := errgroup.WithContext(ctx)
	jobs, order := make(chan *placed), make(chan *placed, ahead)
	group.Go(func() error {
		defer close(jobs)
		defer close(order)
		for {
			e, err := index.take()
			if err != nil || e == nil {
				return err
			}
			w := &placed{*e, make(chan struct{})}
			for _, to := range []chan *placed{order, jobs} {
				select {
				case to <- w:
				case <-inner.Done():
					return context.Cause(inner)
				}
			}
		}
	})
	for range workers(r.o.Workers) {
		group.Go(func() error {
			for w := range jobs {
				if err := p.place(inner, &w.entry); err != nil {
					return err
				}
				close(w.done)
			}
			return nil
		})
	}
	group.Go(func() error { return p.follow(inner, order, begin) })
	return group.Wait()
}

// follow keeps in the database how far the objects are.
func (p *placing) follow(ctx context.Context, order <-chan *placed, done int64) error {
	marked := time.Now()
	for w := range order {
		select {
		case <-w.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if done++; time.Since(marked) >= markEvery {
			if err := p.loader.SetMark(ctx, markObjects, done); err != nil {
				return err
			}
			marked = time.Now()
		}
		p.mu.Lock()
		bytes := p.r.Bytes
		p.mu.Unlock()
		p.t.say(Step{Doing: "objects", Done: done, Total: p.manifest.Objects.Index.Rows, Bytes: bytes})
	}
	return p.loader.SetMark(ctx, markObjects, done)
}

// count counts an object that an earlier run has placed.
func (r *Restored) count(e *entry) {
	if e == nil {
		return
	}
	if e.State == missing {
		r.Missing++
		return
	}
	r.Placed++
	r.Bytes += e.Size
}

// place puts one object into its storage, or counts it as lost.
func (p *placing) place(ctx context.Context, e *entry) error {
	if e.State == missing {
		p.mu.Lock()
		p.r.Missing++
		p.mu.Unlock()
		return nil
	}
	name, err := p.storage(e.Storage)
	if err != nil {
		return err
	}
	store, err := p.o.Stores.Get(name)
	if err != nil {
		return err
	}
	found, err := p.put(ctx, store, name, e)
	lost, isLost := errors.AsType[*lostError](err)
	if err != nil && !isLost {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Contains(p.r.Storages, name) {
		p.r.Storages = append(p.r.Storages, name)
	}
	switch {
	case isLost:
		p.r.Faulty++
		if len(p.r.Faults) < mostFaults {
			p.r.Faults = append(p.r.Faults, e.Key+" "+lost.what)
		}
		return nil
	case found:
		p.r.Found++
	default:
		p.r.Placed++
	}
	p.r.Bytes += e.Size
	return nil
}

// lostError says that the backup does not have an object as it should.
type lostError struct{ what string }

func (e *lostError) Error() string { return "the object " + e.what }

// put stores an object; found says that it stood there already.
func (p *placing) put(ctx context.Context, store storage.Store, name string, e *entry) (found bool, err error) {
	for try, pause := 1, time.Second; ; try, pause = try+1, 4*pause {
		// The first look is cheap where nothing is there, and an earlier run, or a try
		// whose answer was lost, may have put it.
		switch same, err := p.same(ctx, store, e); {
		case err == nil && same:
			return true, nil
		case err == nil:
			return false, vitrine.Errorf(vitrine.CodeConflict, "Something else stands in the storage %s under %s: give the backup an empty storage", name, e.Key)
		case !errors.Is(err, storage.ErrNotFound):
			if ctx.Err() != nil || try == tries {
				return false, fmt.Errorf("look for %s in the storage %s: %w", e.Key, name, err)
			}
		default:
			err := p.putOnce(ctx, store, e)
			_, lost := errors.AsType[*lostError](err)
			if err == nil || lost || errors.Is(err, storage.ErrNoSpace) || ctx.Err() != nil || try == tries {
				return false, err
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	}
}

func (p *placing) putOnce(ctx context.Context, store storage.Store, e *entry) error {
	f, err := os.Open(objectPath(p.folder, e.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return &lostError{"is missing in the backup"}
	}
	if err != nil {
		return &lostError{"cannot be read from the backup"}
	}
	defer f.Close()
	if fi, err := f.Stat(); err != nil || fi.Size() != e.Size {
		return &lostError{"is damaged in the backup"}
	}
	from := &checked{from: f, hash: sha256.New(), want: e.SHA256}
	err = store.Put(ctx, e.Key, from, e.Size, e.MIME)
	switch {
	case err != nil && from.lost != nil:
		return from.lost // whatever the storage made of it
	case err != nil:
		return fmt.Errorf("put %s: %w", e.Key, err)
	}
	return nil
}

// same reports whether the object that the storage has is the one of the entry.
func (p *placing) same(ctx context.Context, store storage.Store, e *entry) (bool, error) {
	info, err := store.Stat(ctx, e.Key)
	if err != nil || info.Size != e.Size {
		return false, err
	}
	o, err := store.Open(ctx, e.Key)
	if err != nil {
		return false, err
	}
	defer o.Content.Close()
	h := sha256.New()
	_, err = io.Copy(h, o.Content)
	return hex.EncodeToString(h.Sum(nil)) == e.SHA256, err
}

// checked fails at the end, instead of ending, where the digest is not the wanted one: a
// storage then keeps nothing.
type checked struct {
	from io.Reader
	hash hash.Hash
	want string
	lost error // why it failed
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.hash.Write(b[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		c.lost = &lostError{"cannot be read from the backup"}
	case hex.EncodeToString(c.hash.Sum(nil)) != c.want:
		c.lost = &lostError{"is damaged in the backup"}
	default:
		return n, err
	}
	return n, c.lost
}
