package upkeep_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/upkeep"
	"vitrine/internal/vitrine"
)

func TestMove(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		var files []*vitrine.File
		for range 7 {
			files = append(files, k.file(nil))
		}
		var seen []upkeep.MoveState
		s, problems := k.move(upkeep.MoveOptions{Progress: func(s upkeep.MoveState) { seen = append(seen, s) }})
		if s.Files != 7 || s.Bytes != s.TotalBytes || s.TotalFiles != 7 || s.Failed+s.Gone != 0 || len(problems) > 0 || len(seen) != 7 {
			t.Errorf("moved %+v, %v", s, problems)
		}
		k.later(upkeep.DefaultKeep - time.Minute)
		k.settle()
		if n := len(objects(t, k.a)); n != 14 {
			t.Errorf("%d old objects are left before their time", n)
		}
		k.later(2 * time.Minute)
		k.settle()
		k.whole(files...)
		if s, _ := k.move(upkeep.MoveOptions{}); s.Files != 0 || s.TotalFiles != 0 {
			t.Errorf("moved again %+v", s)
		}
		states, err := k.States(t.Context())
		if err != nil || len(states) != 2 || states[0].Files != 0 || states[1].Files != 7 || states[1].Bytes != s.Bytes || states[1].Free <= 0 || !states[0].Default {
			t.Errorf("states %+v, %v", states, err)
		}
	})
}

func TestMoveSome(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		u := &vitrine.User{Username: "ann", Email: "ann@example.org", Role: vitrine.RoleUser, Status: vitrine.UserValid, CreatedAt: time.Now()}
		must(t, d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, u, "x") }))
		film := k.file(func(f *vitrine.File) { f.Format, f.Extension = vitrine.MP4, "mp4" })
		mine := k.file(func(f *vitrine.File) { f.OwnerID = u.ID })
		rest := []*vitrine.File{k.file(nil), k.file(nil), k.file(nil)}
		if s, _ := k.move(upkeep.MoveOptions{Kind: vitrine.KindVideo}); s.Files != 1 || s.TotalFiles != 1 || k.where(film) != "b" {
			t.Errorf("films %+v", s)
		}
		if s, _ := k.move(upkeep.MoveOptions{OwnerID: u.ID}); s.Files != 1 || s.TotalFiles != 1 || k.where(mine) != "b" {
			t.Errorf("of a user %+v", s)
		}
		if s, _ := k.move(upkeep.MoveOptions{Bytes: rest[0].Bytes() + 5}); s.Files != 1 || k.where(rest[0]) != "b" {
			t.Errorf("by bytes %+v", s)
		}
		if s, _ := k.move(upkeep.MoveOptions{Limit: 1}); s.Files != 1 || s.TotalFiles != 1 || k.where(rest[1]) != "b" || k.where(rest[2]) != "a" {
			t.Errorf("by number %+v", s)
		}
		for _, o := range []upkeep.MoveOptions{{From: "a", To: "a"}, {From: "a", To: "c"}, {From: "c", To: "a"}} {
			if _, err := k.Move(t.Context(), o); !vitrine.Is(err, vitrine.CodeInvalid) {
				t.Errorf("%+v: %v", o, err)
			}
		}
	})
}

// What is damaged stays where it is and is told; the rest goes on.
func TestMoveDamaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		var files []*vitrine.File
		for range 6 {
			files = append(files, k.file(nil))
		}
		put(t, k.a, files[0].Key(), strings.Repeat("x", int(files[0].Size)))
		put(t, k.a, files[1].Key(), "short")
		must(t, k.a.Delete(t.Context(), files[2].Key()))
		must(t, k.a.Delete(t.Context(), files[3].VariantKey(vitrine.Thumb)))
		s, problems := k.move(upkeep.MoveOptions{Workers: 1})
		want := []string{"the original: its bytes are not those that were uploaded", "the original: it has 5 bytes instead of ", "the original: it is missing", "the thumb: it is missing"}
		if s.Files != 2 || s.Failed != 4 || len(problems) != len(want) {
			t.Fatalf("moved %+v, %v", s, problems)
		}
		for i, text := range want {
			if !strings.HasPrefix(problems[i], text) || k.where(files[i]) != "a" {
				t.Errorf("told %q, want %q", problems[i], text)
			}
		}
		k.later(2 * time.Hour)
		k.settle()
		if got := objects(t, k.b); len(got) != 4 {
			t.Errorf("copies of damaged files are left: %v", got)
		}
	})
}

// A file that is deleted while it is copied leaves nothing anywhere.
func TestMoveDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, when := range []string{".jpg", ".th.jpg"} {
		each(t, func(t *testing.T, d *db.DB) {
			var k *kit
			var f *vitrine.File
			k = newKit(t, d, options{wrapB: func(st storage.Store) storage.Store {
				return hooked{Store: st, open: func(key string) error { // the copy is read back
					if key == f.Folder+"/"+f.Name+when {
						k.delete(f)
						k.settle()
					}
					return nil
				}}
			}})
			f = k.file(nil)
			other := k.file(nil)
			s, problems := k.move(upkeep.MoveOptions{})
			if s.Files != 1 || s.Gone != 1 || s.Failed != 0 {
				t.Errorf("moved %+v, %v", s, problems)
			}
			k.later(2 * time.Hour)
			k.settle()
			k.whole(other)
		})
	}
}

// Many moves at once, to and fro.
func TestMoveAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		var files []*vitrine.File
		for range 20 {
			files = append(files, k.file(nil))
		}
		for range 2 {
			var all sync.WaitGroup
			var moved [3]int64
			for i := range moved {
				all.Go(func() {
					s, err := k.Move(t.Context(), upkeep.MoveOptions{From: "a", To: "b", Problem: func(p upkeep.Problem) { t.Errorf("problem: %+v", p) }})
					if moved[i] = s.Files; err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if moved[0]+moved[1]+moved[2] != 20 {
				t.Errorf("moved %v", moved)
			}
			// Back at once: the removal of the old objects has not happened yet.
			if s, problems := k.move(upkeep.MoveOptions{From: "b", To: "a"}); s.Files != 20 {
				t.Errorf("moved back %+v, %v", s, problems)
			}
		}
		k.later(2 * time.Hour)
		k.settle()
		k.whole(files...)
	})
}

// What stands at the destination already is compared.
func TestMoveOntoSomething(t *testing.T) {
	t.Parallel()
	d := dbSQLite(t)
	k := newKit(t, d, options{})
	same, young, old := k.file(nil), k.file(nil), k.file(nil)
	put(t, k.b, same.Key(), contentOf(t, k.a, same.Key()))
	put(t, k.b, young.Key(), "another")
	put(t, k.b, old.Key(), "another")
	s, problems := k.move(upkeep.MoveOptions{})
	if s.Files != 1 || s.Failed != 2 || !strings.Contains(strings.Join(problems, ""), "since less than an hour") || k.where(same) != "b" {
		t.Errorf("moved %+v, %v", s, problems)
	}
	k.later(61 * time.Minute) // now both are old
	if s, problems := k.move(upkeep.MoveOptions{}); s.Files != 2 {
		t.Errorf("moved %+v, %v", s, problems)
	}
	k.later(2 * time.Hour)
	k.settle()
	k.whole(same, young, old)
}

// Somebody is removing the file's earlier objects at the destination.
func TestMoveWaitsForRemovals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		f := k.file(nil)
		k.move(upkeep.MoveOptions{})
		k.later(2 * time.Hour)
		taken, err := d.TakeRemovals(t.Context(), time.Now().Add(2*time.Hour), 15*time.Minute, 10)
		if err != nil || len(taken) != 1 {
			t.Fatalf("%v, %v", taken, err)
		}
		s, problems := k.move(upkeep.MoveOptions{From: "b", To: "a"})
		if s.Failed != 1 || !strings.Contains(problems[0], "being removed") || k.where(f) != "b" {
			t.Errorf("moved %+v, %v", s, problems)
		}
		k.later(time.Hour)
		if s, problems := k.move(upkeep.MoveOptions{From: "b", To: "a"}); s.Files != 1 {
			t.Errorf("moved %+v, %v", s, problems)
		}
		k.later(2 * time.Hour)
		k.settle()
		k.whole(f)
	})
}

func TestMoveFull(t *testing.T) {
	t.Parallel()
	d := dbSQLite(t)
	for name, o := range map[string]options{
		"capacity": {rules: map[string]storage.Rules{"b": {Capacity: 100}}},
		"disk": {wrapB: func(st storage.Store) storage.Store {
			n := 0
			return hooked{Store: st, put: func(string) error {
				if n++; n > 3 {
					return storage.ErrNoSpace
				}
				return nil
			}}
		}},
	} {
		k := newKit(t, d, o)
		files := []*vitrine.File{k.file(func(f *vitrine.File) { f.Name += name; f.Slug = vitrine.Slug(name[:1] + "000001") }),
			k.file(func(f *vitrine.File) { f.Name += name; f.Slug = vitrine.Slug(name[:1] + "000002") })}
		s, err := k.Move(t.Context(), upkeep.MoveOptions{From: "a", To: "b", Workers: 1})
		if !vitrine.Is(err, vitrine.CodeNoSpace) || s.Files != 1 || k.where(files[1]) != "a" {
			t.Errorf("%s: moved %+v, %v", name, s, err)
		}
		k.delete(files[0])
		k.delete(files[1])
	}
}

// It ends after the files under way, and goes on.
func TestMoveStopped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		k := newKit(t, d, options{wrapB: func(st storage.Store) storage.Store {
			return hooked{Store: st, put: func(string) error { stop(); return nil }}
		}})
		files := []*vitrine.File{k.file(nil), k.file(nil), k.file(nil), k.file(nil)}
		s, err := k.Move(ctx, upkeep.MoveOptions{From: "a", To: "b", Workers: 1})
		if err != nil || !s.Stopped || s.Files < 1 || s.Files > 2 || s.Failed > 0 {
			t.Errorf("moved %+v, %v", s, err)
		}
		first := s.Files
		if s, _ := k.move(upkeep.MoveOptions{}); s.Files+first != 4 || s.Stopped {
			t.Errorf("then moved %+v", s)
		}
		k.later(2 * time.Hour)
		k.settle()
		k.whole(files...)
	})
}

// Copies that a storage spoils are found out, and nothing changes.
func TestMoveSpoiled(t *testing.T) {
	t.Parallel()
	d := dbSQLite(t)
	var k *kit
	k = newKit(t, d, options{wrapB: func(st storage.Store) storage.Store {
		return hooked{Store: st, open: func(key string) error {
			if strings.HasSuffix(key, ".th.jpg") {
				put(k, k.b, key, "something else")
			}
			return nil
		}}
	}})
	f := k.file(nil)
	s, problems := k.move(upkeep.MoveOptions{})
	if s.Failed != 1 || k.where(f) != "a" {
		t.Errorf("moved %+v, %v", s, problems)
	}
}

// The old objects stay if the new ones are not there.
func TestOldObjectsAreNotGivenAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		f := k.file(nil)
		k.move(upkeep.MoveOptions{})
		lost := contentOf(t, k.b, f.Key())
		must(t, k.b.Delete(t.Context(), f.Key()))
		k.later(2 * time.Hour)
		if _, err := k.catalog.RemoveObjects(t.Context()); err == nil || !strings.Contains(err.Error(), "vitrine storage verify helps") {
			t.Errorf("removed: %v", err)
		}
		if n := len(objects(t, k.a)); n != 2 {
			t.Errorf("%d old objects are left", n)
		}
		put(t, k.b, f.Key(), lost)
		k.later(time.Hour)
		k.settle()
		k.whole(f)
	})
}

// Whoever holds a row from before the move still gets the bytes.
func TestViewsFindMovedFiles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, options{})
		f := k.file(nil)
		before, err := k.catalog.Locate(t.Context(), vitrine.Actor{}, f.Key())
		must(t, err)
		k.move(upkeep.MoveOptions{})
		for _, key := range f.Keys() { // as if the hour were over
			must(t, k.a.Delete(t.Context(), key))
		}
		for range 2 {
			s, err := k.catalog.Open(t.Context(), before)
			must(t, err)
			must(t, s.Body.Close())
		}
		if now, err := k.catalog.Locate(t.Context(), vitrine.Actor{}, f.Key()); err != nil || now.File.Storage != "b" {
			t.Errorf("located %+v, %v", now, err)
		}
		r, err := k.catalog.Read(t.Context(), &catalog.Content{File: before.File, Variant: vitrine.Thumb, Key: f.VariantKey(vitrine.Thumb)})
		must(t, err)
		must(t, r.Close())
		must(t, k.b.Delete(t.Context(), f.VariantKey(vitrine.Thumb)))
		if _, err := k.catalog.Read(t.Context(), &catalog.Content{File: before.File, Variant: vitrine.Thumb, Key: f.VariantKey(vitrine.Thumb)}); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("lost: %v", err)
		}
	})
}

func TestMoveRate(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbSQLite(t), options{})
	var files []*vitrine.File
	for range 4 {
		files = append(files, k.file(nil))
	}
	started := time.Now()
	s, _ := k.move(upkeep.MoveOptions{Rate: bytesOf(files)})
	if took := time.Since(started); took < 500*time.Millisecond || s.Files != 4 {
		t.Errorf("took %s: %+v", took, s)
	}
}

// bytesOf is the bytes of the files.
func bytesOf(files []*vitrine.File) (n int64) {
	for _, f := range files {
		n += f.Bytes()
	}
	return n
}

func contentOf(t testing.TB, st storage.Store, key string) string {
	t.Helper()
	o, err := st.Open(context.Background(), key)
	must(t, err)
	defer o.Content.Close()
	b := make([]byte, o.Size)
	_, err = o.Content.Read(b)
	must(t, err)
	return string(b)
}

func TestConfig(t *testing.T) {
	t.Parallel()
	_, err := upkeep.New(upkeep.Config{})
	if err == nil || !slices.Equal(strings.Split(err.Error(), "\n"), []string{"upkeep: no database", "upkeep: no storages", "upkeep: no settings"}) {
		t.Errorf("got %v", err)
	}
}
