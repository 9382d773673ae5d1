package storagetest

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/storage"
)

func testAbsent(t *testing.T, s storage.Store) {
	put(t, s, "2026/a.jpg", []byte("a"))
	for _, key := range []string{"absent.jpg", "2026/absent.jpg", "2025/absent.jpg", "2026", "2026/a.jpg/b"} {
		if _, err := s.Open(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("open %q: got %v, want ErrNotFound", key, err)
		}
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("stat %q: got %v, want ErrNotFound", key, err)
		}
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %q: got %v, want nothing", key, err)
		}
	}
}

func testSeek(t *testing.T, s storage.Store) {
	const size = 3 << 20
	want, _ := io.ReadAll(noise(3, size))
	put(t, s, "film.mp4", want)
	o, err := s.Open(t.Context(), "film.mp4")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Content.Close()
	for _, c := range []struct {
		offset       int64
		whence       int
		from, length int64
	}{
		{0, io.SeekEnd, size, 0},
		{0, io.SeekStart, 0, 10},
		{5, io.SeekCurrent, 15, 100},
		{2_000_000, io.SeekStart, 2_000_000, 500_000},
		{-7, io.SeekEnd, size - 7, 7},
		{1_000_000, io.SeekStart, 1_000_000, size - 1_000_000},
		{100, io.SeekEnd, size + 100, 0},
		{0, io.SeekStart, 0, size},
	} {
		at, err := o.Content.Seek(c.offset, c.whence)
		if err != nil || at != c.from {
			t.Fatalf("seek %d, %d: got %d, %v, want %d", c.offset, c.whence, at, err, c.from)
		}
		b := make([]byte, c.length)
		if _, err := io.ReadFull(o.Content, b); err != nil {
			t.Fatalf("read %d at %d: %v", c.length, c.from, err)
		}
		if c.length > 0 && !bytes.Equal(b, want[c.from:c.from+c.length]) {
			t.Errorf("read %d at %d: other bytes", c.length, c.from)
		}
		if at := c.from + c.length; at >= size {
			if n, err := o.Content.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
				t.Errorf("read at %d: got %d, %v, want the end", at, n, err)
			}
		}
	}
	if _, err := o.Content.Seek(-1, io.SeekStart); err == nil {
		t.Error("seek before the beginning: no error")
	}
}

func testBig(t *testing.T, s storage.Store) {
	const size = 50_000_000
	want := md5.New()
	if err := s.Put(t.Context(), "2026/big.mp4", io.TeeReader(noise(4, size), want), size, "video/mp4"); err != nil {
		t.Fatal(err)
	}
	o, err := s.Open(t.Context(), "2026/big.mp4")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Content.Close()
	got := md5.New()
	n, err := io.Copy(got, o.Content)
	if err != nil || n != size || o.Size != size || !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
		t.Errorf("got %d bytes (%v) with another digest or size", n, err)
	}
}

func testListOrder(t *testing.T, s storage.Store) {
	want := []string{"a b", "a-b/x", "a.jpg", "a/b-c", "a/b.jpg", "a/b/c", "a/b/d/e", "a/bb", "a0", "aa", "b/a", "ü/a", "写真.png"}
	for _, key := range want {
		put(t, s, key, []byte(key))
	}
	if got := keys(t, s, ""); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for i, after := range want {
		if got := keys(t, s, after); !slices.Equal(got, want[i+1:]) {
			t.Errorf("after %q: got %q, want %q", after, got, want[i+1:])
		}
	}
	for after, first := range map[string]string{"a": "a b", "a/": "a/b-c", "a/b": "a/b-c", "a/b/": "a/b/c", "a/c": "a0", "A": "a b", "c": "ü/a"} {
		if got := keys(t, s, after); got[0] != first {
			t.Errorf("after %q: got %q first, want %q", after, got[0], first)
		}
	}
	if got := keys(t, s, "龍"); len(got) != 0 {
		t.Errorf("after everything: got %q", got)
	}
}

func testListPages(t *testing.T, s storage.Store) {
	const count = 1300
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := w; i < count; i += 8 {
				key := fmt.Sprintf("2026/%02d/%05d.jpg", i/700, i)
				if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := keys(t, s, "")
	if len(got) != count || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != count {
		t.Fatalf("got %d keys, want %d different ones in order", len(got), count)
	}
	if rest := keys(t, s, got[200]); !slices.Equal(rest, got[201:]) {
		t.Errorf("after the 201st: got %d keys, want %d", len(rest), count-201)
	}
}

func testListStops(t *testing.T, s storage.Store) {
	for _, key := range []string{"a", "b", "c"} {
		put(t, s, key, []byte(key))
	}
	stop := errors.New("enough")
	var seen []string
	err := s.List(t.Context(), "", func(i storage.Info) error {
		seen = append(seen, i.Key)
		if i.Size != 1 || i.ModTime.IsZero() {
			t.Errorf("got %+v", i)
		}
		if i.Key == "b" {
			return stop
		}
		return s.Delete(t.Context(), i.Key) // deleting what was shown is allowed
	})
	if !errors.Is(err, stop) || !slices.Equal(seen, []string{"a", "b"}) {
		t.Errorf("got %v after %q", err, seen)
	}
}

func testCheck(t *testing.T, s storage.Store) {
	for range 2 {
		if err := s.Check(t.Context()); err != nil {
			t.Errorf("check: %v", err)
		}
	}
	if got := keys(t, s, ""); len(got) != 0 {
		t.Errorf("check left %q", got)
	}
}

func testAdopt(t *testing.T, s storage.Store) {
	a, ok := s.(storage.Adopter)
	if !ok {
		return // an optional power
	}
	path := filepath.Join(t.TempDir(), "spooled")
	want, _ := io.ReadAll(noise(5, 300_000))
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, s, "taken.jpg", []byte("first"))
	if err := a.Adopt(t.Context(), "taken.jpg", path); !errors.Is(err, storage.ErrExists) {
		t.Errorf("taken key: got %v, want ErrExists", err)
	}
	if err := a.Adopt(t.Context(), "../x", path); !errors.Is(err, storage.ErrKey) {
		t.Errorf("bad key: got %v, want ErrKey", err)
	}
	if err := a.Adopt(t.Context(), "none.jpg", path+"-absent"); err == nil {
		t.Error("absent file: no error")
	}
	if err := a.Adopt(t.Context(), "none.jpg", filepath.Dir(path)); err == nil {
		t.Error("a folder: no error")
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("the file did not survive refusals: %v", err)
	}
	if err := a.Adopt(t.Context(), "2026/11/21/new.jpg", path); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, "2026/11/21/new.jpg"); !bytes.Equal(got, want) {
		t.Error("other bytes came back")
	}
	if got := keys(t, s, ""); !slices.Equal(got, []string{"2026/11/21/new.jpg", "taken.jpg"}) {
		t.Errorf("list: got %q", got)
	}
}

func testLink(t *testing.T, s storage.Store) {
	l, ok := s.(storage.Linker)
	if !ok {
		return // an optional power
	}
	put(t, s, "2026/a b.jpg", []byte("0123456789"))
	link, err := l.Link(t.Context(), "2026/a b.jpg", storage.LinkOptions{Expires: time.Minute, MIME: "image/png", Filename: `ø "x".png`})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	r.Header.Set("Range", "bytes=2-4")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	h := resp.Header
	if resp.StatusCode != http.StatusPartialContent || string(b) != "234" || h.Get("Content-Type") != "image/png" ||
		!strings.HasPrefix(h.Get("Content-Disposition"), "inline;") || !strings.HasPrefix(h.Get("Cache-Control"), "private, ") {
		t.Errorf("got %s, %q, %v", resp.Status, b, h)
	}
}
