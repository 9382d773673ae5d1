package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/storage"
)

func testRoundTrip(t *testing.T, s storage.Store) {
	for _, size := range []int64{0, 1, 4095, 64 << 10, 300_001} {
		key := fmt.Sprintf("2026/11/21/a%d.jpg", size)
		b, _ := io.ReadAll(noise(1, size))
		before := time.Now().Add(-2 * time.Second)
		put(t, s, key, b)
		if got := read(t, s, key); !bytes.Equal(got, b) {
			t.Errorf("%d bytes: %d other bytes came back", size, len(got))
		}
		i, err := s.Stat(t.Context(), key)
		if err != nil || i.Key != key || i.Size != size || i.ModTime.Before(before) || i.ModTime.Location() != time.UTC {
			t.Errorf("stat of %d bytes: got %+v, %v", size, i, err)
		}
	}
	put(t, s, "in-the-root.png", []byte("x"))
	if got := read(t, s, "in-the-root.png"); string(got) != "x" {
		t.Errorf("without a folder: got %q", got)
	}
	// A source that cannot be read twice.
	key := "2026/11/22/once.jpg"
	if err := s.Put(t.Context(), key, noise(2, 100_000), 100_000, ""); err != nil {
		t.Fatal(err)
	}
	want, _ := io.ReadAll(noise(2, 100_000))
	if got := read(t, s, key); !bytes.Equal(got, want) {
		t.Error("other bytes came back from a source that cannot be read twice")
	}
}

func testOddKeys(t *testing.T, s storage.Store) {
	odd := []string{
		"with space.jpg", "plus+plus.jpg", "100%.jpg", "%2e%2e.jpg", "question?.jpg", "hash#tag.jpg", "amp&amp;.jpg",
		"quote'\".jpg", "a..b.jpg", "tail.", "ünïcødé.jpg", "写真/日本語.png", "😀.gif", "semi;colon=1.jpg", "a@b:c,d.jpg",
		"~tilde.jpg", "[brackets]{braces}.jpg", "<angle>|pipe*.jpg", "$dollar^caret`tick.jpg", "-dash.jpg",
		strings.Repeat("n", 200) + ".jpg", strings.Repeat("folder-of-40-bytes-folder-of-40-bytes-40/", 12) + "deep.jpg",
	}
	for i, key := range odd {
		put(t, s, key, fmt.Appendf(nil, "content %d", i))
	}
	for i, key := range odd {
		if got, want := string(read(t, s, key)), fmt.Sprintf("content %d", i); got != want {
			t.Errorf("%q: got %q, want %q", key, got, want)
		}
	}
	if got := keys(t, s, ""); len(got) != len(odd) {
		t.Errorf("list: got %q, want %d keys", got, len(odd))
	}
	for _, key := range odd {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %q: %v", key, err)
		}
	}
	if got := keys(t, s, ""); len(got) != 0 {
		t.Errorf("list after deletes: got %q", got)
	}
}

func testBadKeys(t *testing.T, s storage.Store) {
	for _, key := range []string{"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.hidden", `a\b`, "a\x00b", "a\nb", "\xff", strings.Repeat("n", 256), strings.Repeat("a/", 600) + "b"} {
		_, openErr := s.Open(t.Context(), key)
		_, statErr := s.Stat(t.Context(), key)
		for what, err := range map[string]error{
			"put":    s.Put(t.Context(), key, strings.NewReader("x"), 1, ""),
			"open":   openErr,
			"stat":   statErr,
			"delete": s.Delete(t.Context(), key),
		} {
			if !errors.Is(err, storage.ErrKey) {
				t.Errorf("%s %q: got %v, want ErrKey", what, key, err)
			}
		}
	}
}

func testTaken(t *testing.T, s storage.Store) {
	put(t, s, "2026/a.jpg", []byte("first"))
	for _, again := range []string{"other", "first", ""} {
		err := s.Put(t.Context(), "2026/a.jpg", strings.NewReader(again), int64(len(again)), "")
		if !errors.Is(err, storage.ErrExists) {
			t.Errorf("second put of %q: got %v, want ErrExists", again, err)
		}
	}
	if got := read(t, s, "2026/a.jpg"); string(got) != "first" {
		t.Errorf("after the second put: got %q", got)
	}
	if got := keys(t, s, ""); len(got) != 1 {
		t.Errorf("list: got %q", got)
	}
}

func testRace(t *testing.T, s storage.Store) {
	for round := range 5 {
		key := fmt.Sprintf("race/%d.jpg", round)
		const writers = 8
		var errs [writers]error
		var wg sync.WaitGroup
		start := make(chan struct{})
		for w := range writers {
			wg.Go(func() {
				<-start
				errs[w] = s.Put(t.Context(), key, noise(byte(w), 200_000), 200_000, "")
			})
		}
		close(start)
		wg.Wait()
		winner := -1
		for w, err := range errs {
			switch {
			case err == nil && winner >= 0:
				t.Errorf("round %d: two puts won", round)
			case err == nil:
				winner = w
			case !errors.Is(err, storage.ErrExists):
				t.Errorf("round %d: got %v, want ErrExists", round, err)
			}
		}
		if winner < 0 {
			t.Fatalf("round %d: nobody won", round)
		}
		want, _ := io.ReadAll(noise(byte(winner), 200_000))
		if !bytes.Equal(read(t, s, key), want) {
			t.Errorf("round %d: the bytes are not the winner's", round)
		}
	}
}

// testFolderComesAndGoes: stores that keep folders remove a folder with the last
// object in it, also while somebody puts another one there.
func testFolderComesAndGoes(t *testing.T, s storage.Store) {
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for round := range 100 {
				key := fmt.Sprintf("2026/11/22/%d-%d.jpg", w, round)
				if err := s.Put(t.Context(), key, strings.NewReader(key), int64(len(key)), ""); err != nil {
					t.Errorf("put: %v", err)
				} else if o, err := s.Stat(t.Context(), key); err != nil || o.Size != int64(len(key)) {
					t.Errorf("stat after put: %d bytes, %v", o.Size, err)
				}
				if err := s.Delete(t.Context(), key); err != nil {
					t.Errorf("delete: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if got := keys(t, s, ""); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
}

func testBrokenReader(t *testing.T, s storage.Store) {
	cause := errors.New("the client went away")
	for _, sent := range []int64{0, 1, 100_000, 3 << 20} {
		key := fmt.Sprintf("broken/%d.jpg", sent)
		err := s.Put(t.Context(), key, broken(noise(1, sent), cause), 4<<20, "")
		if !errors.Is(err, cause) {
			t.Errorf("reader that fails after %d bytes: got %v, want its own error", sent, err)
		}
		nothing(t, s, key)
		if err := s.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
}

func testWrongSize(t *testing.T, s storage.Store) {
	for name, c := range map[string]struct {
		r    io.Reader
		size int64
	}{
		"too few, stream": {noise(1, 99), 100},
		"too many,stream": {noise(1, 101), 100},
		"none, stream":    {noise(1, 0), 100},
		"some for none":   {noise(1, 1), 0},
		"too few, seeker": {bytes.NewReader(make([]byte, 99)), 100},
		"too many,seeker": {bytes.NewReader(make([]byte, 101)), 100},
		"a megabyte less": {noise(1, 4<<20), 5 << 20},
		"unknown":         {noise(1, 100), -1},
	} {
		if err := s.Put(t.Context(), "size.jpg", c.r, c.size, ""); !errors.Is(err, storage.ErrSize) {
			t.Errorf("%s: got %v, want ErrSize", name, err)
		}
		nothing(t, s, "size.jpg")
		if err := s.Delete(t.Context(), "size.jpg"); err != nil {
			t.Fatal(err)
		}
	}
}

func testCancelled(t *testing.T, s storage.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := cancelling(cancel, noise(1, 1<<20), noise(2, 63<<20))
	if err := s.Put(ctx, "cancelled.jpg", r, 64<<20, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled midway: got %v", err)
	}
	nothing(t, s, "cancelled.jpg")
	if err := s.Put(ctx, "before.jpg", strings.NewReader("x"), 1, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: got %v", err)
	}
}

func testDelete(t *testing.T, s storage.Store) {
	put(t, s, "2026/11/a.jpg", []byte("a"))
	put(t, s, "2026/11/a.th.jpg", []byte("b"))
	for range 2 {
		if err := s.Delete(t.Context(), "2026/11/a.jpg"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if err := s.Delete(t.Context(), "2026/11"); err != nil {
		t.Errorf("delete of a folder: %v", err)
	}
	if got := keys(t, s, ""); len(got) != 1 || got[0] != "2026/11/a.th.jpg" {
		t.Errorf("list: got %q", got)
	}
	put(t, s, "2026/11/a.jpg", []byte("again"))
	if got := read(t, s, "2026/11/a.jpg"); string(got) != "again" {
		t.Errorf("put after delete: got %q", got)
	}
}
