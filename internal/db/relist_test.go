package db_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// follow lets the files of all albums follow their privacy, in parts of so many.
func follow(t *testing.T, d *db.DB, limit int) (parts int) {
	t.Helper()
	for {
		list, err := d.Relists(t.Context(), 0, 10)
		if err != nil {
			t.Error(err)
		}
		if len(list) == 0 || err != nil {
			return parts
		}
		for _, r := range list {
			for before := int64(math.MaxInt64); before > 0; {
				err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
					before, err = tx.RelistPart(ctx, r, before, limit)
					return err
				})
				if vitrine.Is(err, vitrine.CodeConflict) {
					break // changed again
				}
				if err != nil {
					t.Error(err)
					return parts
				}
				parts++
			}
		}
	}
}

// bigAlbum is an album of 23 files, which follow its privacy in parts, and one beside it.
func bigAlbum(t *testing.T, d *db.DB) (a *vitrine.Album, lists map[string]db.FileList) {
	t.Helper()
	d.RelistAtOnce(5)
	anna, c := aUser(t, d, "anna"), &vitrine.Category{Name: "Sea", URLKey: "sea"}
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, c) }))
	a = anAlbum(t, d, anna.ID, vitrine.PrivacyPublic)
	var tag int64
	for i := range 24 {
		f := aFile()
		f.OwnerID, f.CategoryID, f.Title, f.Animated = anna.ID, c.ID, fmt.Sprint("Boat ", i), i%2 == 0
		f.Tags, f.Approved = []vitrine.Tag{{Name: "boat"}}, i != 7
		if i > 0 { // the oldest stands beside
			f.AlbumID = a.ID
		}
		createFile(t, d, f)
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			return tx.AddViews(ctx, map[int64]int64{f.ID: int64(i) + 1}, nil, at(1))
		}))
		tag = f.Tags[0].ID
	}
	all := func(q db.FileList) db.FileList {
		q.Limit, q.Now = 3, at(5)
		return q
	}
	return a, map[string]db.FileList{
		"everybody's": all(db.FileList{}), "oldest": all(db.FileList{Sort: vitrine.SortOldest}), "animated": all(db.FileList{Kind: vitrine.ListAnimated}),
		"owner": all(db.FileList{Scope: db.ScopeOwner, ID: anna.ID}), "owner's views": all(db.FileList{Scope: db.ScopeOwner, ID: anna.ID, Sort: vitrine.SortViews}),
		"titles":   all(db.FileList{Scope: db.ScopeOwner, ID: anna.ID, Sort: vitrine.SortTitle}),
		"category": all(db.FileList{Scope: db.ScopeCategory, ID: c.ID}), "tag": all(db.FileList{Scope: db.ScopeTag, ID: tag}),
		"views": all(db.FileList{Sort: vitrine.SortViews}), "trend": all(db.FileList{Sort: vitrine.SortTrend}), "search": all(db.FileList{Search: "boat"}),
	}
}

func setPrivacy(t *testing.T, d *db.DB, id int64, p vitrine.Privacy) {
	t.Helper()
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.RelistAlbum(ctx, id, p); err != nil {
			return err
		}
		a, err := tx.LockAlbum(ctx, id)
		if err != nil {
			return err
		}
		a.Privacy = p
		return tx.UpdateAlbum(ctx, a)
	}))
}

// walk counts the files of a list, page by page.
func walk(t *testing.T, d *db.DB, q db.FileList) (n int) {
	t.Helper()
	for {
		files, end, err := d.Files(t.Context(), q)
		must(t, err)
		if n += len(files); end == nil {
			return n
		}
		if len(files) == 0 && q.Search == "" {
			t.Fatal("an empty page that is not the last")
		}
		q.After = end
	}
}

// A large album is closed for everybody at once, though its files follow later.
func TestLargeAlbumCloses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, lists := bigAlbum(t, d)
		shown := func(when string, albums int) {
			t.Helper()
			for name, q := range lists {
				want := albums + 1
				if name == "animated" {
					want = albums/2 + 1
				}
				if got := walk(t, d, q); got != want {
					t.Errorf("%s, %s: %d files, want %d", when, name, got, want)
				}
			}
		}
		listed := func() (n int) {
			must(t, d.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM files WHERE listed").Scan(&n))
			return n
		}
		shown("open", 22)
		setPrivacy(t, d, a.ID, vitrine.PrivacyPrivate)
		if n := listed(); n != 23 {
			t.Fatalf("%d files are listed: they followed in the same transaction", n)
		}
		shown("closed", 0)
		list, err := d.Relists(t.Context(), 0, 10)
		if err != nil || len(list) != 1 || list[0].AlbumID != a.ID {
			t.Fatalf("following: %+v, %v", list, err)
		}
		d.LookTime(1)
		none := lists["everybody's"]
		if files, end, err := d.Files(t.Context(), none); len(files) != 0 || end == nil || err != nil {
			t.Errorf("without any time: %d files, end %v, %v", len(files), end, err)
		}
		d.LookTime(time.Minute)
		if parts := follow(t, d, 4); parts != 6 || listed() != 1 {
			t.Errorf("%d parts, %d files listed", parts, listed())
		}
		shown("followed", 0)
		recount(t, d)
		setPrivacy(t, d, a.ID, vitrine.PrivacyPublic)
		follow(t, d, 23) // all of them in a part, and none in the next
		shown("open again", 22)
		recount(t, d)
	})
}

// Who lets files follow a privacy that was changed again is told, and changes nothing.
func TestPrivacyChangesWhileFilesFollow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, _ := bigAlbum(t, d)
		part := func(r db.Relist, before int64) (rest int64, err error) {
			err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				rest, err = tx.RelistPart(ctx, r, before, 10)
				return err
			})
			return rest, err
		}
		only := func() db.Relist {
			t.Helper()
			list, err := d.Relists(t.Context(), 0, 10)
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			return list[0]
		}
		for i, twice := range []bool{false, true} {
			setPrivacy(t, d, a.ID, vitrine.PrivacyPrivate)
			old := only()
			rest, err := part(old, math.MaxInt64)
			must(t, err)
			setPrivacy(t, d, a.ID, vitrine.PrivacyPublic)
			if twice { // the same as before, but what was done is not all that is to be done
				rest2, err := part(only(), math.MaxInt64)
				must(t, err)
				setPrivacy(t, d, a.ID, vitrine.PrivacyUnlisted)
				if rest2 == 0 {
					t.Fatal("too few files")
				}
			}
			if _, err := part(old, rest); !vitrine.Is(err, vitrine.CodeConflict) {
				t.Errorf("%d: %v", i, err)
			}
			follow(t, d, 10)
			recount(t, d)
			setPrivacy(t, d, a.ID, vitrine.PrivacyPublic)
			follow(t, d, 10)
		}
		setPrivacy(t, d, a.ID, vitrine.PrivacyPrivate)
		r := only()
		rest, err := part(r, math.MaxInt64)
		must(t, err)
		d.RelistAtOnce(100) // as if few files were left
		setPrivacy(t, d, a.ID, vitrine.PrivacyPublic)
		if _, err := part(r, rest); !vitrine.Is(err, vitrine.CodeConflict) {
			t.Errorf("changed in one transaction: %v", err)
		}
		follow(t, d, 10)
		recount(t, d)
		d.RelistAtOnce(5)
		setPrivacy(t, d, a.ID, vitrine.PrivacyPrivate)
		r = only()
		ids, err := d.FilesOfAlbum(t.Context(), a.ID, 0, 100)
		must(t, err)
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			for _, f := range ids {
				if _, err := tx.DeleteFile(ctx, f.ID); err != nil {
					return err
				}
			}
			return tx.DeleteAlbum(ctx, a.ID)
		}))
		if _, err := part(r, math.MaxInt64); !vitrine.Is(err, vitrine.CodeConflict) {
			t.Errorf("without the album: %v", err)
		}
		if list, err := d.Relists(t.Context(), 0, 10); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
