package db_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func order(t *testing.T, d *db.DB, storage, name string, due time.Time, keys ...string) {
	t.Helper()
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		return tx.CreateRemoval(ctx, storage, db.FileName{Folder: "f", Name: name}, keys, due)
	}))
}

func take(t *testing.T, d *db.DB, now time.Time, limit int) (keys []string, ids []int64) {
	t.Helper()
	list, err := d.TakeRemovals(t.Context(), now, time.Minute, limit)
	must(t, err)
	for _, r := range list {
		keys, ids = append(keys, r.Keys...), append(ids, r.ID)
	}
	return keys, ids
}

func TestRemovalsAreLeased(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		order(t, d, "local", "a", time.Time{}, "f/a.jpg", "f/a.th.jpg")
		order(t, d, "local", "b", at(100), "f/b.jpg")
		order(t, d, "local", "c", time.Time{}, "f/c.jpg")
		keys, ids := take(t, d, at(0), 1)
		if !slices.Equal(keys, []string{"f/a.jpg", "f/a.th.jpg"}) {
			t.Fatalf("took %q", keys)
		}
		if keys, _ = take(t, d, at(0), 9); !slices.Equal(keys, []string{"f/c.jpg"}) {
			t.Errorf("another worker took %q", keys)
		}
		if keys, _ = take(t, d, at(59), 9); len(keys) != 0 {
			t.Errorf("leased ones were taken: %q", keys)
		}
		must(t, d.DelayRemoval(ctx, ids[0], at(80)))
		if keys, _ = take(t, d, at(60), 9); !slices.Equal(keys, []string{"f/c.jpg"}) {
			t.Errorf("after its lease: %q", keys)
		}
		if keys, _ = take(t, d, at(100), 9); len(keys) != 3 {
			t.Errorf("delayed and due: %q", keys)
		}
		must(t, d.DeleteRemoval(ctx, ids[0]))
		if keys, _ = take(t, d, at(1000), 9); !slices.Equal(keys, []string{"f/b.jpg", "f/c.jpg"}) {
			t.Errorf("in the end: %q", keys)
		}
	})
}

func TestEachRemovalHasOneWorker(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i := range 40 {
			order(t, d, "local", itoa(i), time.Time{}, itoa(i))
		}
		var mu sync.Mutex
		var all []string
		var workers sync.WaitGroup
		for range 8 {
			workers.Go(func() {
				for {
					list, err := d.TakeRemovals(context.Background(), at(0), time.Minute, 3)
					if err != nil || len(list) == 0 {
						if err != nil {
							t.Error(err)
						}
						return
					}
					mu.Lock()
					for _, r := range list {
						all = append(all, r.Keys...)
					}
					mu.Unlock()
				}
			})
		}
		workers.Wait()
		slices.Sort(all)
		if len(all) != 40 || len(slices.Compact(all)) != 40 {
			t.Errorf("%d taken", len(all))
		}
	})
}

func TestHold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		order(t, d, "local", "a", time.Time{}, "f/a.jpg")
		hold := func(until time.Time) {
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.SetHold(ctx, "backup", until) }))
		}
		held := func(now time.Time, want bool) {
			t.Helper()
			if got, err := d.Held(t.Context(), now); err != nil || got != want {
				t.Errorf("held %v, %v, want %v", got, err, want)
			}
			if keys, _ := take(t, d, now, 9); (len(keys) == 0) != want {
				t.Errorf("took %q", keys)
			}
		}
		hold(at(10))
		hold(at(20))
		held(at(15), true)
		held(at(20), false)
		hold(at(1000))
		held(at(200), true)
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.DropHold(ctx, "backup") }))
		held(at(200), false)
		hold(at(1000))
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.PurgeHolds(ctx, at(999)) }))
		held(at(300), true)
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.PurgeHolds(ctx, at(1000)) }))
		held(at(300), false)
	})
}

// A name is free when its objects are gone, which are told apart by their extensions.
func TestRemovedNamesStayTaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		order(t, d, "old", "picture", at(9000), "f/picture.jpg", "f/picture.th.jpg")
		order(t, d, "old", "film", at(9000), "f/film.mp4", "f/film.fr.jpeg")
		for _, c := range []struct {
			name, ext string
			taken     bool
		}{
			{"picture", "jpg", true}, {"picture", "jpeg", false}, {"picture", "png", false}, {"Picture", "jpg", false}, {"pict_re", "jpg", false},
			{"film", "mp4", true}, {"film", "jpeg", true}, {"film", "mov", true}, {"film", "gif", false}, {"other", "jpg", false},
		} {
			f := aFile()
			f.Folder, f.Name, f.Extension = "f", c.name, c.ext
			if f.Format = vitrine.JPEG; c.ext == "mp4" || c.ext == "mov" {
				f.Format = vitrine.MP4
			}
			got, err := d.NameTaken(t.Context(), f.Folder, f.Name, f.Extension, f.VariantExtension())
			if err != nil || got != c.taken {
				t.Errorf("%s.%s: taken %v, %v", c.name, c.ext, got, err)
			}
			field := ""
			if c.taken {
				field = "name"
			}
			wantConflict(t, c.name+"."+c.ext, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				return tx.CreateFile(ctx, f, nil)
			}), field)
		}
	})
}

func TestDropRemovals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		order(t, d, "old", "a", at(100), "f/a.jpg")
		order(t, d, "new", "a", at(100), "f/a.jpg")
		order(t, d, "old", "b", at(0), "f/b.jpg")
		drop := func(name string, now time.Time) error {
			return inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				return tx.DropRemovals(ctx, "old", db.FileName{Folder: "f", Name: name}, now)
			})
		}
		must(t, drop("a", at(0)))
		list, err := d.RemovalsNamed(t.Context(), "old", []db.FileName{{Folder: "f", Name: "a"}, {Folder: "f", Name: "b"}, {Folder: "f", Name: "c"}})
		if err != nil || len(list) != 1 || list[0].Keys[0] != "f/b.jpg" {
			t.Errorf("left %v, %v", list, err)
		}
		if keys, _ := take(t, d, at(0), 9); len(keys) != 1 {
			t.Fatalf("took %q", keys)
		}
		if err := drop("b", at(30)); !vitrine.Is(err, vitrine.CodeBusy) {
			t.Errorf("dropped while somebody removes: %v", err)
		}
		must(t, drop("b", at(60)))
		if list, err := d.RemovalsNamed(t.Context(), "new", []db.FileName{{Folder: "f", Name: "a"}}); err != nil || len(list) != 1 {
			t.Errorf("that of another storage: %v, %v", list, err)
		}
	})
}
