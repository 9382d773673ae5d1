package catalog_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

func TestSweepOrphans(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newKit(t, d, st, options{})
		claimed := k.file("a", nil)
		k.file("imported.th", nil)
		k.file("film", func(f *vitrine.File) {
			f.Extension, f.Format, f.Frame = "mp4", vitrine.MP4, vitrine.Variant{Size: int64(len("fr of film")), Width: 9, Height: 9}
		})
		k.file("direct", func(f *vitrine.File) { f.Folder = "" })
		// A row of a storage that nobody knows any more claims its names everywhere.
		k.file("elsewhere", func(f *vitrine.File) { f.Storage = "other" })
		want := k.keys()
		orphans := []string{"2026/11/21/b.jpg", "2026/11/21/b.th.jpg", "2026/11/21/a.fr.jpeg", "2026/11/22/a.jpg", "lone.png", "2026/11/21/a.th.md.jpg"}
		for i := range 510 { // more than one batch
			orphans = append(orphans, fmt.Sprintf("2025/01/01/o%d.jpg", i))
		}
		for _, key := range orphans {
			k.put(key, "orphan")
		}
		foreign := []string{"notes.txt", "backup/2026/a.jpg", "2026/11/21/name with blank.jpg"}
		for _, key := range foreign {
			k.put(key, "foreign")
		}
		want = append(want, foreign...)
		slices.Sort(want)

		// What is young may belong to an upload, be it by the clock of the storage only.
		k.now.Store(time.Now().UnixMicro())
		r, err := k.SweepOrphans(t.Context(), 0)
		if err != nil || r.Orphans != 0 || r.Young != len(orphans) || r.Foreign != 3 {
			t.Errorf("%+v, %v", r, err)
		}
		k.now.Store(time.Now().Add(25 * time.Hour).UnixMicro())
		if r, err = k.SweepOrphans(t.Context(), 0); err != nil || r.Orphans != 0 || r.Young != len(orphans) {
			t.Errorf("a clock that is off: %+v, %v", r, err)
		}
		hold := func(until time.Time) {
			k.tx(func(ctx context.Context, tx *db.Tx) error { return tx.SetHold(ctx, "backup", until) })
		}
		now := time.Now().Truncate(time.Microsecond)
		k.now.Store(now.UnixMicro())
		hold(now.Add(time.Second))
		if r, err = k.SweepOrphans(t.Context(), -time.Hour); err != nil || !r.Held || r.Seen != 0 {
			t.Errorf("held: %+v, %v", r, err)
		}
		hold(now)
		r, err = k.SweepOrphans(t.Context(), -time.Hour)
		if err != nil || r.Orphans != len(orphans) || r.Bytes == 0 || r.Young != 0 || r.Seen != len(orphans)+len(want) {
			t.Errorf("%+v, %v", r, err)
		}
		if r, err = k.SweepOrphans(t.Context(), -time.Hour); err != nil || r.Orphans != 0 || r.Removing != len(orphans) {
			t.Errorf("again: %+v, %v", r, err)
		}
		// A row that was being written meanwhile keeps what is its own.
		late := k.row(func(f *vitrine.File) {
			f.Folder, f.Name, f.Extension, f.Format = "2026/11/21", "c", "jpg", vitrine.JPEG
		})
		k.put(late.Key(), "late")
		want = append(want, late.Key())
		slices.Sort(want)
		k.tx(func(ctx context.Context, tx *db.Tx) error {
			return tx.CreateRemoval(ctx, "main", db.FileName{Folder: late.Folder, Name: late.Name}, []string{late.Key()}, time.Time{})
		})
		if n, err := k.RemoveObjects(t.Context()); err != nil || n != 1 {
			t.Errorf("too early: %d, %v", n, err)
		}
		k.now.Store(now.Add(10 * time.Minute).UnixMicro())
		if _, err := k.RemoveObjects(t.Context()); err != nil {
			t.Error(err)
		}
		if got := k.keys(); !slices.Equal(got, want) {
			t.Errorf("objects %q\nwant %q", got, want)
		}
		if r, err = k.SweepOrphans(t.Context(), -time.Hour); err != nil || r.Orphans != 0 || r.Removing != 0 {
			t.Errorf("%+v, %v", r, err)
		}
		k.now.Store(noon.UnixMicro())
		if _, err := k.read(guest, claimed.VariantKey(vitrine.Medium)); err != nil {
			t.Error(err)
		}
	})
}

// A sweep that was broken off goes on where it was, and the next one begins anew.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		k.now.Store(time.Now().UnixMicro())
		for _, key := range []string{"2026/11/21/a.jpg", "2026/11/21/b.jpg", "2026/11/21/c.jpg"} {
			k.put(key, "orphan")
		}
		k.tx(func(ctx context.Context, tx *db.Tx) error {
			return tx.SetMark(ctx, "sweep of main", "2026/11/21/a.jpg")
		})
		for _, want := range []int{2, 1, 0} {
			if r, err := k.SweepOrphans(t.Context(), -time.Hour); err != nil || r.Orphans != want {
				t.Errorf("%+v, %v; want %d orphans", r, err, want)
			}
		}
	})
}

func TestAlbumsAndCategories(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, d *db.DB, st storage.Store) {
		k := newKit(t, d, st, options{pins: map[string]string{"stop_words": "casino"}})
		u, v := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser)
		a, err := k.CreateAlbum(t.Context(), catalog.NewAlbum{OwnerID: u.UserID(), Name: " Summer ", Description: "d"})
		if err != nil || a.Name != "Summer" || a.Privacy != vitrine.PrivacyPublic || len(a.Slug) != vitrine.SlugLength || a.ID == 0 {
			t.Fatalf("%+v, %v", a, err)
		}
		sub, err := k.CreateAlbum(t.Context(), catalog.NewAlbum{OwnerID: u.UserID(), Name: "Beach", Privacy: vitrine.PrivacyUnlisted, Parent: a.Slug})
		if err != nil || sub.ParentID != a.ID {
			t.Errorf("%+v, %v", sub, err)
		}
		for name, c := range map[string]struct {
			n    catalog.NewAlbum
			code vitrine.Code
		}{
			"no name":          {catalog.NewAlbum{OwnerID: u.UserID()}, vitrine.CodeInvalid},
			"no owner":         {catalog.NewAlbum{Name: "x"}, vitrine.CodeInvalid},
			"bad privacy":      {catalog.NewAlbum{OwnerID: u.UserID(), Name: "x", Privacy: "secret"}, vitrine.CodeInvalid},
			"stop word":        {catalog.NewAlbum{OwnerID: u.UserID(), Name: "Casino"}, vitrine.CodeStopWord},
			"another's parent": {catalog.NewAlbum{OwnerID: v.UserID(), Name: "x", Parent: a.Slug}, vitrine.CodeNotFound},
			"unknown parent":   {catalog.NewAlbum{OwnerID: u.UserID(), Name: "x", Parent: "nosuch"}, vitrine.CodeNotFound},
		} {
			_, err := k.CreateAlbum(t.Context(), c.n)
			k.want(name, err, c.code)
		}
		if list, err := k.Albums(t.Context(), u.UserID()); err != nil || len(list) != 2 || list[0].ID != a.ID {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err := k.Albums(t.Context(), v.UserID()); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		c, err := k.CreateCategory(t.Context(), "Big cats", "")
		if err != nil || c.URLKey != "big-cats" || c.ID == 0 {
			t.Errorf("%+v, %v", c, err)
		}
		_, err = k.CreateCategory(t.Context(), "Big Cats", "")
		k.want("key taken", err, vitrine.CodeConflict)
		_, err = k.CreateCategory(t.Context(), "", "")
		k.want("no name", err, vitrine.CodeInvalid)
		if list, err := k.Categories(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
