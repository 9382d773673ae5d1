package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"vitrine/internal/backup"
	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

func TestWhatTheSiteHasLost(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite")
	a, b, c := s.add(t, "local"), s.add(t, "local"), s.add(t, "local")
	s.add(t, "local")
	s.remove(t, "local", a.VariantKey(vitrine.Thumb))
	s.remove(t, "local", b.Key())
	s.put(t, "local", b.Key(), make([]byte, b.Size)) // other bytes
	s.remove(t, "local", c.Key())
	s.put(t, "local", c.Key(), []byte("short"))
	folder := t.TempDir()
	for range 2 { // it is told each time
		r := s.mustBack(t, folder, backup.Options{})
		if o := r.Manifest.Objects; o.Missing != 1 || o.Damaged != 2 || o.Count != 11 || len(r.Faults) != 3 || r.Whole() {
			t.Errorf("%+v, %q", o, r.Faults)
		}
	}
	o := target(t, "sqlite")
	done, err := backup.Restore(t.Context(), folder, o)
	if err != nil || done.Missing != 1 || done.Faulty != 0 || done.Placed != 11 {
		t.Errorf("%+v, %v", done, err)
	}
	sameObjects(t, contents(t, s.stores), contents(t, o.Stores)) // as damaged as they were
}

func TestDamagedBackups(t *testing.T) {
	t.Parallel()
	cut := func(t *testing.T, path string) {
		fi, err := os.Stat(path)
		must(t, err)
		must(t, os.Truncate(path, fi.Size()-1))
	}
	for name, c := range map[string]struct {
		harm func(t *testing.T, folder string, m *backup.Manifest)
		code vitrine.Code // of Restore; empty: it tells of lost objects
	}{
		"a flipped bit in a table": {func(t *testing.T, f string, m *backup.Manifest) { flip(t, snapshotFile(f, m, "files.jsonl.zst")) }, vitrine.CodeDamaged},
		"a table that ends early":  {func(t *testing.T, f string, m *backup.Manifest) { cut(t, snapshotFile(f, m, "users.jsonl.zst")) }, vitrine.CodeDamaged},
		"no table": {func(t *testing.T, f string, m *backup.Manifest) {
			must(t, os.Remove(snapshotFile(f, m, "tags.jsonl.zst")))
		}, vitrine.CodeDamaged},
		"a flipped bit in the index": {func(t *testing.T, f string, m *backup.Manifest) { flip(t, snapshotFile(f, m, "objects.jsonl.zst")) }, vitrine.CodeDamaged},
		"no manifest":                {func(t *testing.T, f string, _ *backup.Manifest) { must(t, os.Remove(filepath.Join(f, "backup.json"))) }, vitrine.CodeNotFound},
		"half a manifest": {func(t *testing.T, f string, _ *backup.Manifest) {
			cut(t, filepath.Join(f, "backup.json"))
			cut(t, filepath.Join(f, "backup.json"))
		}, vitrine.CodeDamaged},
		"a flipped bit in an object": {func(t *testing.T, f string, _ *backup.Manifest) { flip(t, objectsIn(t, f)[3]) }, ""},
		"an object cut off":          {func(t *testing.T, f string, _ *backup.Manifest) { cut(t, objectsIn(t, f)[3]) }, ""},
		"an object that is gone":     {func(t *testing.T, f string, _ *backup.Manifest) { must(t, os.Remove(objectsIn(t, f)[3])) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "sqlite")
			for range 5 {
				s.add(t, "local")
			}
			folder := t.TempDir()
			r := s.mustBack(t, folder, backup.Options{})
			c.harm(t, folder, r.Manifest)
			o := target(t, "sqlite")
			done, err := backup.Restore(t.Context(), folder, o)
			if c.code != "" {
				if !vitrine.Is(err, c.code) {
					t.Errorf("restored: %v", err)
				}
				if _, err := verify(t, folder, ""); !vitrine.Is(err, c.code) {
					t.Errorf("verified: %v", err)
				}
				if _, err := os.Stat(strings.TrimPrefix(o.Database.URL, "sqlite:")); !errors.Is(err, os.ErrNotExist) {
					t.Error("the database was touched")
				}
				return
			}
			if err != nil || done.Faulty != 1 || done.Placed != 14 || len(done.Faults) != 1 {
				t.Errorf("restored %+v, %v", done, err)
			}
			if v, err := verify(t, folder, ""); err != nil || v.Faulty != 1 || len(v.Faults) != 1 {
				t.Errorf("verified %+v, %v", v, err)
			}
			// The next run mends it.
			if r := s.mustBack(t, folder, backup.Options{}); r.Copied != 1 {
				t.Errorf("copied %d", r.Copied)
			}
			if v, err := verify(t, folder, ""); err != nil || v.Faulty != 0 {
				t.Errorf("verified %+v, %v", v, err)
			}
		})
	}
}

// interrupted ends a context when so many objects were opened or put.
type interrupted struct {
	storage.Store
	left int
	stop context.CancelFunc
}

func (s *interrupted) count() {
	if s.left--; s.left == 0 {
		s.stop()
	}
}

func (s *interrupted) Open(ctx context.Context, key string) (*storage.Object, error) {
	s.count()
	return s.Store.Open(ctx, key)
}

func (s *interrupted) Stat(ctx context.Context, key string) (storage.Info, error) {
	s.count()
	return s.Store.Stat(ctx, key)
}

func TestBrokenOff(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite")
	for range 20 {
		s.add(t, "local")
	}
	_, store := s.stores.Default()
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	set := storage.NewSet(map[string]storage.Store{"local": &interrupted{store, 31, cancel}}, "local")
	_, err := backup.New(backup.Config{DB: s.db, Stores: set, Logger: quiet()}).Create(ctx, folder, backup.Options{Workers: 1})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), folder, target(t, "sqlite")); !vitrine.Is(err, vitrine.CodeNotFound) || !strings.Contains(err.Error(), "never finished") {
		t.Errorf("an unfinished backup: %v", err)
	}
	r := s.mustBack(t, folder, backup.Options{})
	if r.Copied != 30 { // of 60: the other half was there when it was broken off
		t.Errorf("copied %d anew", r.Copied)
	}
	if list, err := os.ReadDir(filepath.Join(folder, "snapshots")); err != nil || len(list) != 1 {
		t.Errorf("%d snapshots, %v", len(list), err)
	}

	o := target(t, "sqlite")
	_, place := o.Stores.Default()
	for _, left := range []int{1, 25, 25} {
		ctx, cancel := context.WithCancel(t.Context())
		o.Stores = storage.NewSet(map[string]storage.Store{"local": &interrupted{place, left, cancel}}, "local")
		o.Workers = 1
		if _, err := backup.Restore(ctx, folder, o); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cancel()
		if err := second(db.Open(t.Context(), o.Database)); !vitrine.Is(err, vitrine.CodeConflict) {
			t.Errorf("half a site is opened: %v", err)
		}
	}
	o.Stores = storage.NewSet(map[string]storage.Store{"local": place}, "local")
	done, err := backup.Restore(t.Context(), folder, o)
	must(t, err)
	if done.Placed+done.Found != 60 {
		t.Errorf("%+v", done)
	}
	sameObjects(t, contents(t, s.stores), contents(t, o.Stores))
	if want, got := rowsOf(t, s.db), rowsOf(t, openTarget(t, o)); !reflect.DeepEqual(want, got) {
		t.Error("rows differ")
	}
}
