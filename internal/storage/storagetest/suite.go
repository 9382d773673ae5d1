package storagetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"testing"

	"vitrine/internal/storage"
)

// Run holds a kind of store to the contract of storage.Store and of the
// optional powers that it has. newStore gives a fresh empty one each time.
func Run(t *testing.T, newStore func(t *testing.T) storage.Store) {
	t.Helper()
	cases := []struct {
		name string
		test func(*testing.T, storage.Store)
	}{
		{"put and read back", testRoundTrip},
		{"odd keys", testOddKeys},
		{"bad keys", testBadKeys},
		{"absent", testAbsent},
		{"taken key", testTaken},
		{"puts of one key at once", testRace},
		{"puts beside deletes", testFolderComesAndGoes},
		{"broken reader", testBrokenReader},
		{"wrong size", testWrongSize},
		{"cancelled", testCancelled},
		{"delete", testDelete},
		{"seek", testSeek},
		{"big object", testBig},
		{"list order", testListOrder},
		{"list pages", testListPages},
		{"list stops", testListStops},
		{"check", testCheck},
		{"adopt", testAdopt},
		{"link", testLink},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, newStore(t))
		})
	}
}

func put(t *testing.T, s storage.Store, key string, b []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, bytes.NewReader(b), int64(len(b)), "image/jpeg"); err != nil {
		t.Fatalf("put %q: %v", key, err)
	}
}

func read(t *testing.T, s storage.Store, key string) []byte {
	t.Helper()
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("open %q: %v", key, err)
	}
	b, err := io.ReadAll(o.Content)
	if err = errors.Join(err, o.Content.Close()); err != nil {
		t.Fatalf("read %q: %v", key, err)
	}
	if o.Key != key || o.Size != int64(len(b)) {
		t.Errorf("open %q: got info %+v for %d bytes", key, o.Info, len(b))
	}
	return b
}

func keys(t *testing.T, s storage.Store, after string) []string {
	t.Helper()
	var keys []string
	err := s.List(t.Context(), after, func(i storage.Info) error {
		keys = append(keys, i.Key)
		return nil
	})
	if err != nil {
		t.Fatalf("list after %q: %v", after, err)
	}
	return keys
}

// nothing checks that a failed Put left no trace and that the key is free.
func nothing(t *testing.T, s storage.Store, key string) {
	t.Helper()
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("stat after a failed put: got %v, want ErrNotFound", err)
	}
	if k := keys(t, s, ""); len(k) != 0 {
		t.Errorf("list after a failed put: got %q, want nothing", k)
	}
	put(t, s, key, []byte("second try"))
	if got := read(t, s, key); string(got) != "second try" {
		t.Errorf("second try: got %q", got)
	}
}

// noise gives size bytes that cannot be compressed and depend on the seed.
func noise(seed byte, size int64) io.Reader {
	return io.LimitReader(&noiseReader{seed: seed}, size)
}

type noiseReader struct {
	seed  byte
	count uint64
	rest  []byte
}

func (n *noiseReader) Read(p []byte) (int, error) {
	if len(n.rest) == 0 {
		n.count++
		b := [9]byte{n.seed}
		for i := range 8 {
			b[i+1] = byte(n.count >> (8 * i))
		}
		sum := sha256.Sum256(b[:])
		n.rest = bytes.Repeat(sum[:], 128)
	}
	c := copy(p, n.rest)
	n.rest = n.rest[c:]
	return c, nil
}

// broken gives the bytes of r and then the error instead of an end.
func broken(r io.Reader, err error) io.Reader { return io.MultiReader(r, errorReader{err}) }

type errorReader struct{ err error }

func (e errorReader) Read([]byte) (int, error) { return 0, e.err }

// cancelling cancels the context when r is used up, then goes on with more.
func cancelling(cancel context.CancelFunc, r, more io.Reader) io.Reader {
	return io.MultiReader(r, cancelReader(cancel), more)
}

type cancelReader context.CancelFunc

func (c cancelReader) Read([]byte) (int, error) { c(); return 0, io.EOF }
