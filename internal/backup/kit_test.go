package backup_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/backup"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/vitrine"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// site is a database with storages, without a server.
type site struct {
	db     *db.DB
	stores *storage.Set
	clock  time.Time // of its backups, which may come within one second
	made   int
}

func newSite(t testing.TB, engine string, stores ...string) *site {
	t.Helper()
	d := dbtest.SQLite(t)
	if engine == "postgres" {
		d = dbtest.Postgres(t)
	}
	return &site{db: d, stores: newStores(t, stores...), clock: time.Now()}
}

// newStores are local folders; the first is the default.
func newStores(t testing.TB, names ...string) *storage.Set {
	t.Helper()
	if len(names) == 0 {
		names = []string{"local"}
	}
	all := make(map[string]storage.Store)
	for _, name := range names {
		s, err := local.New(local.Config{Root: t.TempDir()})
		must(t, err)
		t.Cleanup(func() { s.Close() })
		all[name] = s
	}
	return storage.NewSet(all, names[0])
}

// add makes a file with original, thumb and medium.
func (s *site) add(t testing.TB, store string) *vitrine.File {
	t.Helper()
	s.made++
	content := make([]byte, 3000+rand.IntN(3000))
	for i := range content {
		content[i] = byte(rand.Uint32())
	}
	sum := md5.Sum(content)
	f := &vitrine.File{
		Slug: vitrine.NewSlug(func(b []byte) {
			for i := range b {
				b[i] = byte(rand.Uint32())
			}
		}), Privacy: vitrine.PrivacyPublic, Approved: true, Storage: store, StorageMode: vitrine.DateFolder, Folder: "2026/11/21",
		Name: fmt.Sprintf("file-%d", s.made), Extension: "jpg", Format: vitrine.JPEG, Size: int64(len(content)), Width: 10, Height: 10,
		Thumb: vitrine.Variant{Size: 1000, Width: 5, Height: 5}, Medium: vitrine.Variant{Size: 2000, Width: 7, Height: 7},
		MD5: hex.EncodeToString(sum[:]), Title: fmt.Sprintf("Title %d", s.made), OriginalFilename: "brought.jpg",
		Tags: []vitrine.Tag{{Name: "fjord"}}, UploaderIP: netip.MustParseAddr("192.0.2.1"), CreatedAt: time.Unix(1e9, 0), UploadedAt: time.Unix(1e9, 0),
	}
	for i, key := range f.Keys() {
		s.put(t, store, key, content[:[]int{len(content), 1000, 2000}[i]])
	}
	must(t, s.db.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, []byte("token")) }))
	return f
}

func (s *site) put(t testing.TB, store, key string, content []byte) {
	t.Helper()
	st, err := s.stores.Get(store)
	must(t, err)
	must(t, st.Put(t.Context(), key, bytes.NewReader(content), int64(len(content)), "image/jpeg"))
}

func (s *site) remove(t testing.TB, store, key string) {
	t.Helper()
	st, err := s.stores.Get(store)
	must(t, err)
	must(t, st.Delete(t.Context(), key))
}

// deleteFile takes the row and the objects.
func (s *site) deleteFile(t testing.TB, f *vitrine.File) {
	t.Helper()
	must(t, s.db.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return second(tx.DeleteFile(ctx, f.ID)) }))
	for _, key := range f.Keys() {
		s.remove(t, f.Storage, key)
	}
	list, err := s.db.TakeRemovals(t.Context(), time.Now().Add(time.Hour), time.Minute, 100)
	must(t, err)
	for _, r := range list {
		must(t, s.db.DeleteRemoval(t.Context(), r.ID))
	}
}

func second[T any](_ T, err error) error { return err }

// contents are all objects of a set of storages.
func contents(t testing.TB, set *storage.Set) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, name := range set.Names() {
		st, err := set.Get(name)
		must(t, err)
		must(t, st.List(t.Context(), "", func(i storage.Info) error {
			o, err := st.Open(t.Context(), i.Key)
			if err != nil {
				return err
			}
			defer o.Content.Close()
			b, err := io.ReadAll(o.Content)
			all[name+":"+i.Key] = string(b)
			return err
		}))
	}
	return all
}

// back makes a backup.
func (s *site) back(t testing.TB, folder string, o backup.Options) (*backup.Report, error) {
	t.Helper()
	s.clock = s.clock.Add(300 * time.Millisecond)
	now := s.clock
	service := backup.New(backup.Config{DB: s.db, Stores: s.stores, Program: "vitrine test", Clock: func() time.Time { return now }, Logger: quiet()})
	return service.Create(t.Context(), folder, o)
}

func (s *site) mustBack(t testing.TB, folder string, o backup.Options) *backup.Report {
	t.Helper()
	r, err := s.back(t, folder, o)
	must(t, err)
	return r
}

func verify(t testing.TB, folder, snapshot string) (*backup.Verification, error) {
	t.Helper()
	return backup.New(backup.Config{}).Verify(t.Context(), folder, snapshot, 2, nil)
}

// target is an empty place.
func target(t testing.TB, engine string, stores ...string) backup.RestoreOptions {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
	if engine == "postgres" {
		url = dbtest.EmptyPostgresURL(t)
	}
	return backup.RestoreOptions{Database: db.Config{URL: url, Logger: quiet()}, Stores: newStores(t, stores...)}
}

func openTarget(t testing.TB, o backup.RestoreOptions) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), o.Database)
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

// rowsOf are all rows of a database, but for the storages of files.
func rowsOf(t testing.TB, d *db.DB) map[string][]string {
	t.Helper()
	all := make(map[string][]string)
	must(t, d.Snapshot(t.Context(), func(ctx context.Context, s *db.Snapshot) error {
		for _, table := range s.Tables() {
			at := slices.IndexFunc(table.Columns, func(c db.Column) bool { return c.Name == "storage" })
			err := s.Rows(ctx, table, func(values []any) error {
				if at >= 0 {
					values[at] = nil
				}
				all[table.Name] = append(all[table.Name], fmt.Sprintf("%q", values))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	return all
}

// objectsIn are the files below the objects of a backup.
func objectsIn(t testing.TB, folder string) (list []string) {
	t.Helper()
	must(t, filepath.WalkDir(filepath.Join(folder, "objects"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			list = append(list, path)
		}
		return err
	}))
	return list
}

// flip changes one byte in the middle of a file.
func flip(t testing.TB, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	b[len(b)/2] ^= 1
	must(t, os.WriteFile(path, b, 0o600))
}

func snapshotFile(folder string, m *backup.Manifest, name string) string {
	return filepath.Join(folder, "snapshots", m.Snapshot, name)
}

func sameObjects(t testing.TB, want, got map[string]string) {
	t.Helper()
	strip := func(m map[string]string) map[string]string {
		out := make(map[string]string)
		for k, v := range m {
			out[k[strings.Index(k, ":")+1:]] = v
		}
		return out
	}
	if w, g := strip(want), strip(got); !maps.Equal(w, g) {
		t.Errorf("%d objects, want %d with the same bytes", len(g), len(w))
	}
}
