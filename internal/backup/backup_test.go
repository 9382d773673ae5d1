package backup_test

import (
	"context"
	"maps"
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

func TestThereAndBack(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"sqlite", "postgres"} {
		for _, to := range []string{"sqlite", "postgres"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, from, "local", "old")
				for range 7 {
					s.add(t, "local")
					s.add(t, "old")
				}
				folder := filepath.Join(t.TempDir(), "backup")
				r := s.mustBack(t, folder, backup.Options{})
				if !r.Whole() || r.Copied != 42 || r.Manifest.Objects.Count != 42 || r.Manifest.Rows("files") != 14 {
					t.Errorf("%+v of %+v", r, r.Manifest)
				}
				if held, err := s.db.Held(t.Context(), s.clock); held || err != nil {
					t.Errorf("the hold is still there: %v", err)
				}
				if v, err := verify(t, folder, ""); err != nil || v.Objects != 42 || v.Faulty != 0 {
					t.Errorf("verified %+v, %v", v, err)
				}
				o := target(t, to, "fresh", "old")
				done, err := backup.Restore(t.Context(), folder, o)
				must(t, err)
				if done.Placed != 42 || done.Faulty+done.Missing+int64(done.Changed) != 0 {
					t.Errorf("restored %+v", done)
				}
				got := contents(t, o.Stores)
				sameObjects(t, contents(t, s.stores), got)
				for key := range got {
					if name, _, _ := strings.Cut(key, ":"); name != "old" && name != "fresh" {
						t.Errorf("in a storage %s", name)
					}
				}
				d := openTarget(t, o)
				if want, got := rowsOf(t, s.db), rowsOf(t, d); !reflect.DeepEqual(want, got) {
					t.Errorf("rows differ:\n%v\n%v", want, got)
				}
				usage, err := d.StorageUsage(t.Context())
				if err != nil || len(usage) != 2 || usage[0].Files != 7 {
					t.Errorf("usage %v, %v", usage, err)
				}
				if _, err := backup.Restore(t.Context(), folder, o); !vitrine.Is(err, vitrine.CodeConflict) {
					t.Errorf("restored twice: %v", err)
				}
			})
		}
	}
}

func TestOnlyWhatIsNewIsCopied(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite")
	first := s.add(t, "local")
	s.add(t, "local")
	folder := t.TempDir()
	if r := s.mustBack(t, folder, backup.Options{}); r.Copied != 6 {
		t.Errorf("copied %d", r.Copied)
	}
	if r := s.mustBack(t, folder, backup.Options{}); r.Copied != 0 || r.Manifest.Objects.Count != 6 {
		t.Errorf("the second time copied %d of %d", r.Copied, r.Manifest.Objects.Count)
	}
	s.add(t, "local")
	s.deleteFile(t, first)
	// The name of what was deleted may be given anew.
	s.made = 0
	s.add(t, "local")
	r := s.mustBack(t, folder, backup.Options{})
	if r.Copied != 6 || r.Manifest.Objects.Count != 9 {
		t.Errorf("the third time copied %d of %d", r.Copied, r.Manifest.Objects.Count)
	}
	// An object that the backup has lost is copied again.
	must(t, os.Remove(objectsIn(t, folder)[0]))
	must(t, os.Remove(objectsIn(t, folder)[0]))
	_ = s.mustBack(t, folder, backup.Options{})
	o := target(t, "sqlite")
	must(t, second(backup.Restore(t.Context(), folder, o)))
	sameObjects(t, contents(t, s.stores), contents(t, o.Stores))
	// Older snapshots stay what they were.
	o = target(t, "sqlite")
	o.Snapshot = r.Manifest.Snapshot
	must(t, second(backup.Restore(t.Context(), folder, o)))
	sameObjects(t, contents(t, s.stores), contents(t, o.Stores))
}

func TestSnapshotsAreNotKeptForEver(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite")
	folder := t.TempDir()
	shared := s.add(t, "local")
	var gone []*vitrine.File
	for range 4 {
		gone = append(gone, s.add(t, "local"))
		s.mustBack(t, folder, backup.Options{Keep: 2})
		s.deleteFile(t, gone[len(gone)-1])
	}
	r := s.mustBack(t, folder, backup.Options{Keep: 2})
	if list, err := os.ReadDir(filepath.Join(folder, "snapshots")); err != nil || len(list) != 2 {
		t.Errorf("%d snapshots, %v", len(list), err)
	}
	if n := len(objectsIn(t, folder)); n != 6 { // the shared file and the one of the last but one
		t.Errorf("%d objects", n)
	}
	if v, err := verify(t, folder, r.Manifest.Snapshot); err != nil || v.Faulty != 0 || v.Objects != int64(len(shared.Keys())) {
		t.Errorf("%+v, %v", v, err)
	}
	list, err := os.ReadDir(filepath.Join(folder, "snapshots"))
	must(t, err)
	if v, err := verify(t, folder, list[0].Name()); err != nil || v.Faulty != 0 || v.Objects != 6 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestEmptySite(t *testing.T) {
	t.Parallel()
	s := newSite(t, "postgres")
	folder := t.TempDir()
	if r := s.mustBack(t, folder, backup.Options{}); !r.Whole() || r.Manifest.Objects.Count != 0 {
		t.Errorf("%+v", r.Manifest)
	}
	must(t, second(verify(t, folder, "")))
	o := target(t, "sqlite")
	must(t, second(backup.Restore(t.Context(), folder, o)))
	openTarget(t, o)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite")
	f := s.add(t, "local")
	other := t.TempDir()
	must(t, os.WriteFile(filepath.Join(other, "letter.txt"), nil, 0o600))
	if _, err := s.back(t, other, backup.Options{}); !vitrine.Is(err, vitrine.CodeConflict) || !strings.Contains(err.Error(), "letter.txt") {
		t.Errorf("a folder with other things: %v", err)
	}
	if _, err := s.back(t, filepath.Join(other, "letter.txt"), backup.Options{}); !vitrine.Is(err, vitrine.CodeForbidden) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := verify(t, t.TempDir(), ""); !vitrine.Is(err, vitrine.CodeNotFound) {
		t.Errorf("no backup: %v", err)
	}
	folder := t.TempDir()
	s.mustBack(t, folder, backup.Options{})
	for _, path := range []string{"backup.json", "lock"} {
		if fi, err := os.Stat(filepath.Join(folder, path)); err != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, fi.Mode(), err)
		}
	}
	o := target(t, "sqlite")
	o.Storage = "attic"
	if _, err := backup.Restore(t.Context(), folder, o); !vitrine.Is(err, vitrine.CodeNotFound) || !strings.Contains(err.Error(), "attic") {
		t.Errorf("an unknown storage: %v", err)
	}
	o = target(t, "sqlite")
	o.Snapshot = "1999"
	if _, err := backup.Restore(t.Context(), folder, o); !vitrine.Is(err, vitrine.CodeNotFound) {
		t.Errorf("an unknown snapshot: %v", err)
	}
	o = target(t, "sqlite")
	before := &site{stores: o.Stores}
	before.put(t, "local", f.Key(), []byte("of somebody else"))
	if _, err := backup.Restore(t.Context(), folder, o); !vitrine.Is(err, vitrine.CodeConflict) || !strings.Contains(err.Error(), f.Key()) {
		t.Errorf("over other objects: %v", err)
	}
	before.remove(t, "local", f.Key())
	must(t, second(backup.Restore(t.Context(), folder, o)))
	if !maps.Equal(contents(t, s.stores), contents(t, o.Stores)) {
		t.Error("objects differ")
	}
}

func TestRowsOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite")
	s.add(t, "local")
	folder := t.TempDir()
	s.mustBack(t, folder, backup.Options{})
	if r := s.mustBack(t, folder, backup.Options{NoObjects: true}); r.Manifest.Objects != nil || !r.Whole() {
		t.Errorf("%+v", r.Manifest)
	}
	must(t, second(verify(t, folder, "")))
	o := target(t, "postgres")
	done, err := backup.Restore(t.Context(), folder, o)
	if err != nil || done.Placed != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	if r := s.mustBack(t, folder, backup.Options{}); r.Copied != 0 {
		t.Errorf("copied %d, though an older snapshot has them", r.Copied)
	}
}

// A file that moves to another storage, and whose old objects go, is followed.
func TestFilesThatMove(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite", "local", "cold")
	f := s.add(t, "local")
	folder := t.TempDir()
	_, store := s.stores.Default()
	cold, err := s.stores.Get("cold")
	must(t, err)
	moved := false
	move := func() { // when the first object is asked for, the rows have been read
		if moved {
			return
		}
		moved = true
		for key, content := range contents(t, storage.NewSet(map[string]storage.Store{"x": store}, "x")) {
			key = strings.TrimPrefix(key, "x:")
			must(t, cold.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), ""))
			must(t, store.Delete(t.Context(), key))
		}
		must(t, s.db.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return second(tx.MoveFile(ctx, f, "cold")) }))
	}
	s.stores = storage.NewSet(map[string]storage.Store{"local": &opening{store, move}, "cold": cold}, "local")
	if r := s.mustBack(t, folder, backup.Options{Workers: 1}); !r.Whole() || r.Copied != 3 {
		t.Errorf("%+v, %q", r.Manifest.Objects, r.Faults)
	}
}

// opening calls before at each Open.
type opening struct {
	storage.Store
	before func()
}

func (s *opening) Open(ctx context.Context, key string) (*storage.Object, error) {
	s.before()
	return s.Store.Open(ctx, key)
}

func TestRate(t *testing.T) {
	t.Parallel()
	s := newSite(t, "sqlite")
	s.put(t, "local", "x.jpg", nil)
	for range 3 {
		s.add(t, "local")
	}
	told := 0
	r := s.mustBack(t, t.TempDir(), backup.Options{Rate: 300_000, Progress: func(step backup.Step) {
		if told++; step.Doing == "" {
			t.Error("it does nothing")
		}
	}})
	if r.Copied != 9 || told == 0 {
		t.Errorf("copied %d, told %d times", r.Copied, told)
	}
}
