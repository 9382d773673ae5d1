package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/storage/storagetest"
)

// seen keeps what observe was told.
type seen struct {
	mu  sync.Mutex
	ops []storage.Operation
}

func (s *seen) observe(o storage.Operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ops = append(s.ops, o)
}

func (s *seen) last(t *testing.T) storage.Operation {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ops) == 0 {
		t.Fatal("nothing was told")
	}
	return s.ops[len(s.ops)-1]
}

func disk(t *testing.T) storage.Store {
	t.Helper()
	s, err := local.New(local.Config{Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestWatchedStore holds a watched disk to the contract of a disk.
func TestWatchedStore(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Store {
		return storage.Watch(disk(t), new(seen).observe)
	})
}

func TestWatchTells(t *testing.T) {
	t.Parallel()
	s, ctx := new(seen), t.Context()
	st := storage.Watch(disk(t), s.observe)
	if err := st.Put(ctx, "a.jpg", bytes.NewReader([]byte("12345")), 5, "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	if o := s.last(t); o.Name != storage.OpPut || o.Bytes != 5 || o.Err != nil || o.Took <= 0 {
		t.Errorf("put: told %+v", o)
	}
	if err := st.Put(ctx, "a.jpg", bytes.NewReader([]byte("12345")), 5, ""); !errors.Is(err, storage.ErrExists) {
		t.Errorf("put twice: %v", err)
	}
	if o := s.last(t); o.Name != storage.OpPut || o.Bytes != 0 || !errors.Is(o.Err, storage.ErrExists) {
		t.Errorf("put twice: told %+v", o)
	}
	path := filepath.Join(t.TempDir(), "spooled")
	if err := os.WriteFile(path, []byte("123"), 0o600); err != nil {
		t.Fatal(err)
	}
	adopter, ok := st.(storage.Adopter)
	if !ok {
		t.Fatal("a watched disk adopts no more")
	}
	if err := adopter.Adopt(ctx, "b.jpg", path); err != nil {
		t.Fatal(err)
	}
	if o := s.last(t); o.Name != storage.OpAdopt || o.Bytes != 3 {
		t.Errorf("adopt: told %+v", o)
	}
	// What the kernel can send stays what it is.
	object, err := st.Open(ctx, "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer object.Content.Close()
	if _, ok := object.Content.(*os.File); !ok {
		t.Errorf("the content of a disk is a %T", object.Content)
	}
	if _, err := st.Stat(ctx, "c.jpg"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
	if o := s.last(t); o.Name != storage.OpStat || !errors.Is(o.Err, storage.ErrNotFound) {
		t.Errorf("stat: told %+v", o)
	}
}

// memory is a Store of one object that is no file.
type memory struct{ storage.Store }

type closable struct{ *bytes.Reader }

func (closable) Close() error { return nil }

func (memory) Open(context.Context, string) (*storage.Object, error) {
	return &storage.Object{Content: closable{bytes.NewReader([]byte("12345"))}}, nil
}

func TestWatchTellsWhatWasFetched(t *testing.T) {
	t.Parallel()
	s := new(seen)
	o, err := storage.Watch(memory{}, s.observe).Open(t.Context(), "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, o.Content, 3); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := o.Content.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if op := s.last(t); op.Name != storage.OpRead || op.Bytes != 3 || op.Err != nil {
		t.Errorf("told %+v", op)
	}
	if len(s.ops) != 2 {
		t.Errorf("told %d times, want open and read", len(s.ops))
	}
}

type (
	canAdopt struct{}
	canLink  struct{}
	canSweep struct{}
)

func (canAdopt) Adopt(context.Context, string, string) error { return nil }
func (canLink) Link(context.Context, string, storage.LinkOptions) (string, error) {
	return "", nil
}
func (canSweep) Sweep(context.Context, time.Duration) (int, error) { return 0, nil }

// TestWatchKeepsPowers: the powers of the store, and none that it has not.
func TestWatchKeepsPowers(t *testing.T) {
	t.Parallel()
	for _, st := range []storage.Store{
		memory{},
		struct {
			memory
			canAdopt
		}{},
		struct {
			memory
			canLink
		}{},
		struct {
			memory
			canSweep
		}{},
		struct {
			memory
			canAdopt
			canLink
		}{},
		struct {
			memory
			canAdopt
			canSweep
		}{},
		struct {
			memory
			canLink
			canSweep
		}{},
		struct {
			memory
			canAdopt
			canLink
			canSweep
		}{},
	} {
		w := storage.Watch(st, func(storage.Operation) {})
		_, a1 := st.(storage.Adopter)
		_, a2 := w.(storage.Adopter)
		_, l1 := st.(storage.Linker)
		_, l2 := w.(storage.Linker)
		_, s1 := st.(storage.Sweeper)
		_, s2 := w.(storage.Sweeper)
		if a1 != a2 || l1 != l2 || s1 != s2 {
			t.Errorf("%T: adopt %v %v, link %v %v, sweep %v %v", st, a1, a2, l1, l2, s1, s2)
		}
	}
}

// Who asks for the room on the disk need not know that the store is watched.
func TestFreeOfWatched(t *testing.T) {
	t.Parallel()
	if free, known := storage.Free(t.Context(), storage.Watch(disk(t), func(storage.Operation) {})); !known || free <= 0 {
		t.Errorf("got %d, %v", free, known)
	}
	if _, known := storage.Free(t.Context(), storage.Watch(memory{}, func(storage.Operation) {})); known {
		t.Error("nobody can know that")
	}
}
