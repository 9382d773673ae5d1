package db_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestLikes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna, bo := aUser(t, d, "anna").ID, aUser(t, d, "bo").ID
		var files []int64
		for range 5 {
			files = append(files, createFile(t, d, aFile()).ID)
		}
		like := func(user, file int64, on bool, when time.Time) int64 {
			t.Helper()
			var n int64
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
				n, err = tx.SetLike(ctx, user, file, on, when)
				return err
			}))
			return n
		}
		for i, want := range []int64{1, 1, 2, 2, 1, 1, 0} {
			user := []int64{anna, anna, bo, bo, anna, anna, bo}[i]
			on := i < 4
			if got := like(user, files[0], on, at(int64(i))); got != want {
				t.Errorf("step %d: %d likes, want %d", i, got, want)
			}
			liked, err := d.Liked(ctx, user, files[0])
			must(t, err)
			f, err := d.FileByID(ctx, files[0])
			must(t, err)
			if liked != on || f.Likes != want {
				t.Errorf("step %d: liked %v, %d likes", i, liked, f.Likes)
			}
		}
		if got := pages(t, d, db.FileList{Sort: vitrine.SortTrend, Limit: 9}); len(got) != 0 {
			t.Errorf("likes that were taken back leave %v trending", got)
		}
		// Liked files come as they were liked.
		for i, f := range []int64{3, 1, 4, 0} {
			like(anna, files[f], true, at(int64(i)))
		}
		like(bo, files[2], true, at(9))
		want := []int64{files[0], files[4], files[1], files[3]}
		q := db.FileList{Scope: db.ScopeLikedBy, ID: anna, Limit: 3}
		if got := pages(t, d, q); !slices.Equal(got, want) {
			t.Errorf("liked %v, want %v", got, want)
		}
		slices.Reverse(want)
		q.Sort, q.All = vitrine.SortOldest, true
		if got := pages(t, d, q); !slices.Equal(got, want) {
			t.Errorf("liked %v, want %v", got, want)
		}
		for name, ids := range map[string][2]int64{"user": {99, files[0]}, "file": {anna, 99}} {
			err := inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				return second(tx.SetLike(ctx, ids[0], ids[1], true, at(0)))
			})
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("no such %s: %v", name, err)
			}
		}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteUser(ctx, anna) }))
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return second(tx.DeleteFile(ctx, files[2])) }))
		for _, id := range []int64{files[0], files[4]} {
			if f, err := d.FileByID(ctx, id); err != nil || f.Likes != 0 {
				t.Errorf("the like of a deleted user is left: %v, %v", f.Likes, err)
			}
		}
	})
}

func TestTrend(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna").ID
		a := anAlbum(t, d, 0, vitrine.PrivacyPublic)
		id := map[string]int64{}
		for _, name := range []string{"never", "old", "older", "fresh", "liked", "often", "once"} {
			id[name] = createFile(t, d, aFile()).ID
		}
		day := func(n int) time.Time { return at(0).AddDate(0, 0, n) }
		views := func(when time.Time, files map[int64]int64) {
			t.Helper()
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				return tx.AddViews(ctx, files, map[int64]int64{a.ID: 2, 99: 1}, when)
			}))
		}
		views(day(0), map[int64]int64{id["older"]: 100, 9999: 5})
		views(day(4), map[int64]int64{id["old"]: 30})   // two half-lives later: like 120 then
		views(day(8), map[int64]int64{id["fresh"]: 26}) // older 6.25, old 7.5 by now
		for range 7 {
			views(day(8), map[int64]int64{id["often"]: 1})
		}
		views(day(400), map[int64]int64{id["once"]: 1}) // nothing before it counts any more
		views(day(8), map[int64]int64{id["liked"]: 5})
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			return second(tx.SetLike(ctx, anna, id["liked"], true, day(8)))
		}))
		want := []int64{id["once"], id["fresh"], id["liked"], id["old"], id["often"], id["older"]}
		if got := pages(t, d, db.FileList{Sort: vitrine.SortTrend, Limit: 2}); !slices.Equal(got, want) {
			t.Errorf("%v, want %v of %v", got, want, id)
		}
		views(day(400), map[int64]int64{id["older"]: 3})
		want = slices.Insert(want[:5], 0, id["older"])
		if got := pages(t, d, db.FileList{Sort: vitrine.SortTrend, Limit: 2}); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		f, err := d.FileByID(ctx, id["older"])
		must(t, err)
		album, err := d.Album(ctx, a.ID)
		must(t, err)
		if f.Views != 103 || album.Views != 26 {
			t.Errorf("%d views, %d of the album", f.Views, album.Views)
		}
	})
}
