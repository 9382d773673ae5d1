package catalog_test

import (
	"testing"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// The files of a large album vanish for strangers with the change of its privacy; what
// counts them follows.
func TestLargeAlbumIsClosedAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		anna := k.user(vitrine.RoleUser)
		a := k.album(anna, vitrine.PrivacyPublic)
		k.rows("other", 3, func(f *vitrine.File) { f.OwnerID, f.Approved = anna.UserID(), true })
		k.rows("boat", 700, func(f *vitrine.File) {
			f.OwnerID, f.AlbumID, f.Approved, f.Tags = anna.UserID(), a.ID, true, []vitrine.Tag{{Name: "boat"}}
		})
		shown := func() (n int) {
			t.Helper()
			q := catalog.FileQuery{Actor: guest, Limit: 200}
			for {
				page, err := k.Files(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if n += len(page.Files); page.Next == "" {
					return n
				}
				q.After = page.Next
			}
		}
		counted := func() int64 {
			t.Helper()
			u, err := d.User(t.Context(), anna.UserID())
			if err != nil {
				t.Fatal(err)
			}
			return u.ListedCount
		}
		change := func(p vitrine.Privacy) {
			t.Helper()
			if _, err := k.EditAlbum(t.Context(), anna, a.Slug, catalog.AlbumEdit{Privacy: &p}); err != nil {
				t.Fatal(err)
			}
		}
		relist := func(want int) {
			t.Helper()
			if n, err := k.RelistAlbums(t.Context()); err != nil || n != want {
				t.Errorf("relisted %d albums, %v; want %d", n, err, want)
			}
		}
		if shown() != 703 || counted() != 703 {
			t.Fatalf("%d shown, %d counted", shown(), counted())
		}
		change(vitrine.PrivacyPrivate)
		if shown() != 3 || counted() != 703 {
			t.Errorf("closed: %d shown, %d counted before they follow", shown(), counted())
		}
		change(vitrine.PrivacyUnlisted) // closed all the same
		relist(1)
		if shown() != 3 || counted() != 3 {
			t.Errorf("closed: %d shown, %d counted", shown(), counted())
		}
		relist(0)
		change(vitrine.PrivacyPublic)
		relist(1)
		if shown() != 703 || counted() != 703 {
			t.Errorf("opened: %d shown, %d counted", shown(), counted())
		}
	})
}
