package fileserver_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// album makes an album of the owner.
func (s *site) album(slug, name string, p vitrine.Privacy, parent int64) *vitrine.Album {
	s.t.Helper()
	a := &vitrine.Album{
		Slug: vitrine.Slug(slug), OwnerID: s.owner.ID, ParentID: parent, Name: name, Privacy: p, Pass: "pass-of-" + slug, CreatedAt: time.Now(),
	}
	if p != vitrine.PrivacyPassword {
		a.Pass = ""
	}
	s.tx(func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) })
	return a
}

// in puts a file into an album under the name that its uploader gave.
func (s *site) in(a *vitrine.Album, original string) func(*vitrine.File) {
	return func(f *vitrine.File) {
		f.OwnerID, f.AlbumID, f.OriginalFilename = s.owner.ID, a.ID, original
		f.CreatedAt = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	}
}

// archive asks for /zip/<path>.
func (s *site) archive(method, path string, header map[string]string) answer {
	s.t.Helper()
	return s.ask(method, s.zip+path, header)
}

// open reads an archive.
func (a answer) open(t *testing.T) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(a.body), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if f.Method != zip.Store || !f.Modified.Equal(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: method %d, modified %s", f.Name, f.Method, f.Modified)
		}
	}
	return files
}

func TestArchive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		top := s.album("aaaa", "Sommer på sjøen / 海", vitrine.PrivacyPublic, 0)
		sub := s.album("bbbb", "Day 1: fjord", vitrine.PrivacyPublic, top.ID)
		hidden := s.album("cccc", "Mine", vitrine.PrivacyPrivate, top.ID)
		want := map[string][]byte{
			"IMG 1.png":              s.add("a.png", 1000, s.in(top, "IMG 1.png")),
			"IMG 1 (2).png":          s.add("b.png", 500_000, s.in(top, "IMG 1.png")),
			"Day 1_ fjord/海.png":     s.add("c.png", 10, s.in(sub, "海.png")),
			"Mine/secret.png":        s.add("d.png", 10, s.in(hidden, "secret.png")),
			"Day 1_ fjord/later.png": s.add("e.png", 10, s.in(sub, "later.png")),
		}
		s.add("expired.png", 10, func(f *vitrine.File) { s.in(top, "expired.png")(f); f.ExpiresAt = time.Now().Add(-time.Second) })
		owner := s.archive("GET", "aaaa", map[string]string{"X-API-Key": "owner"})
		if owner.StatusCode != http.StatusOK || owner.Header.Get("Content-Type") != "application/zip" || owner.Header.Get("Cache-Control") != "private, no-store" ||
			owner.ContentLength != -1 || owner.Header.Get("X-Content-Type-Options") != "nosniff" || owner.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Fatalf("got %s, %v", owner.Status, owner.Header)
		}
		if _, p, err := mime.ParseMediaType(owner.Header.Get("Content-Disposition")); err != nil || p["filename"] != "Sommer på sjøen _ 海.zip" {
			t.Errorf("disposition %q", owner.Header.Get("Content-Disposition"))
		}
		wantFiles(t, "owner", owner.open(t), want)
		delete(want, "Mine/secret.png")
		visitor := s.archive("GET", "aaaa", nil)
		wantFiles(t, "visitor", visitor.open(t), want)
		checkArchive(t, visitor.body)
		if head := s.archive("HEAD", "aaaa", nil); head.StatusCode != http.StatusOK || len(head.body) != 0 || head.Header.Get("Content-Disposition") == "" {
			t.Errorf("HEAD: got %s, %v", head.Status, head.Header)
		}
		empty := s.album("dddd", "...", vitrine.PrivacyPublic, 0)
		nothing := s.archive("GET", string(empty.Slug), nil)
		if wantFiles(t, "empty", nothing.open(t), nil); !strings.Contains(nothing.Header.Get("Content-Disposition"), "album.zip") {
			t.Errorf("nameless: %v", nothing.Header)
		}
	})
}

func wantFiles(t *testing.T, who string, got, want map[string][]byte) {
	t.Helper()
	for name, content := range want {
		if b, ok := got[name]; !ok || !bytes.Equal(b, content) {
			t.Errorf("%s: %s is missing or differs", who, name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d files, want %d: %v", who, len(got), len(want), names(got))
	}
}

func names(m map[string][]byte) (list []string) {
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// checkArchive has other programs read it, where they are installed.
func checkArchive(t *testing.T, b []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][]string{{"unzip", "-tq", path}, {"python3", "-m", "zipfile", "-t", path}, {"bsdtar", "-tf", path}} {
		program, err := exec.LookPath(c[0])
		if err != nil {
			continue
		}
		if out, err := exec.CommandContext(t.Context(), program, c[1:]...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", c[0], err, out)
		}
	}
}

func TestArchiveRights(t *testing.T) {
	t.Parallel()
	s := start(t, disk(t))
	for slug, p := range map[string]vitrine.Privacy{
		"private1": vitrine.PrivacyPrivate, "passwor1": vitrine.PrivacyPassword, "unlisted": vitrine.PrivacyUnlisted, "public01": vitrine.PrivacyPublic,
	} {
		a := s.album(slug, "An album", p, 0)
		s.add(slug+".png", 10, s.in(a, "x.png"))
	}
	owner := map[string]string{"X-API-Key": "owner"}
	for _, c := range []struct {
		path   string
		header map[string]string
		status int
	}{
		{"public01", nil, 200}, {"unlisted", nil, 200}, {"private1", nil, 404}, {"passwor1", nil, 404},
		{"private1", owner, 200}, {"passwor1", owner, 200},
		{"passwor1", map[string]string{"X-Pass": "pass-of-passwor1"}, 200},
		{"private1", map[string]string{"X-Pass": "pass-of-passwor1"}, 404},
		{"passwor1", map[string]string{"X-Pass": "another"}, 404},
		{"zzzz", owner, 404}, {"", owner, 404}, {"public01/x", nil, 404}, {"..%2f", nil, 404},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := s.archive(method, c.path, c.header)
			if got.StatusCode != c.status || c.status != 200 && (len(got.body) != 0 || got.Header.Get("Content-Disposition") != "" || got.Header.Get("Cache-Control") != "no-store") {
				t.Errorf("%s %q %v: got %s, %v", method, c.path, c.header, got.Status, got.Header)
			}
		}
	}
	if got := s.archive("POST", "public01", nil); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s", got.Status)
	}
}

// TestArchiveBeyond4GB: the size of one file and the offset of the next need 64
// bits.
func TestArchiveBeyond4GB(t *testing.T) {
	t.Parallel()
	const large = 1<<32 + 12345
	s := start(t, zeros{disk(t), "2026/11/21/film.mp4", large})
	a := s.album("aaaa", "Large", vitrine.PrivacyPublic, 0)
	s.add("film.mp4", 10, func(f *vitrine.File) { s.in(a, "film.mp4")(f); f.Size = large })
	after := s.add("after.png", 1000, s.in(a, "after.png"))
	keep := &tail{header: make(http.Header)}
	s.pack.ServeHTTP(keep, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/aaaa", nil))
	z, err := zip.NewReader(keep, keep.n)
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 2 || z.File[0].UncompressedSize64 != large {
		t.Fatalf("%d files, the first of %d bytes", len(z.File), z.File[0].UncompressedSize64)
	}
	r, err := z.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || !bytes.Equal(b, after) {
		t.Errorf("the file behind: %d bytes, %v", len(b), err)
	}
}

// zeros is a storage with one object of nothing else.
type zeros struct {
	storage.Store
	key  string
	size int64
}

func (z zeros) Open(ctx context.Context, key string) (*storage.Object, error) {
	if key != z.key {
		return z.Store.Open(ctx, key)
	}
	return &storage.Object{Info: storage.Info{Size: z.size}, Content: &zeroReader{left: z.size}}, nil
}

type zeroReader struct{ left int64 }

func (z *zeroReader) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), z.left)]
	clear(p)
	z.left -= int64(len(p))
	return len(p), nil
}

func (z *zeroReader) Seek(int64, int) (int64, error) { return 0, errors.ErrUnsupported }

func (z *zeroReader) Close() error { return nil }

// tail is an answer of which only the end is kept.
type tail struct {
	header http.Header
	n      int64
	last   []byte
}

func (t *tail) Header() http.Header { return t.header }

func (t *tail) WriteHeader(int) {}

const tailBytes = 1 << 20

func (t *tail) Write(p []byte) (int, error) {
	t.n += int64(len(p))
	t.last = append(t.last, p...)
	if len(t.last) > 2*tailBytes {
		t.last = append(t.last[:0], t.last[len(t.last)-tailBytes:]...)
	}
	return len(p), nil
}

// ReadAt implements io.ReaderAt for the end.
func (t *tail) ReadAt(p []byte, off int64) (int, error) {
	from := off - (t.n - int64(len(t.last)))
	if from < 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, t.last[min(from, int64(len(t.last))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestArchiveTurns: a few at once, and fewer for each; those who leave make room.
func TestArchiveTurns(t *testing.T) {
	t.Parallel()
	s := start(t, disk(t))
	a := s.album("aaaa", "Slow", vitrine.PrivacyPublic, 0)
	s.add("a.png", 20<<20, s.in(a, "a.png"))
	begin := func(from string) (*http.Response, context.CancelFunc) {
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.zip+"aaaa", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Address", from)
		resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true, ReadBufferSize: 1}}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return resp, func() { cancel(); resp.Body.Close() }
	}
	var leave []context.CancelFunc
	for i := range 8 {
		resp, cancel := begin([]string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}[i/2])
		leave = append(leave, cancel)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("archive %d: %s", i, resp.Status)
		}
	}
	for from, status := range map[string]int{"192.0.2.1": http.StatusTooManyRequests, "192.0.2.5": http.StatusServiceUnavailable} {
		resp, cancel := begin(from)
		if resp.StatusCode != status || resp.Header.Get("Retry-After") == "" || resp.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s: %s, %v", from, resp.Status, resp.Header)
		}
		cancel()
	}
	for _, l := range leave {
		l()
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		resp, cancel := begin("192.0.2.1")
		cancel()
		if resp.StatusCode == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("nobody makes room: %s", resp.Status)
		}
	}
}
