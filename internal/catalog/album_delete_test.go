package catalog_test

import (
	"context"
	"fmt"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestDeleteAlbum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other, admin := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin)
		for _, withFiles := range []bool{false, true} {
			a := k.album(owner, vitrine.PrivacyPublic)
			prefix := fmt.Sprint("d", withFiles)
			k.rows(prefix, 430, func(f *vitrine.File) { f.OwnerID, f.AlbumID, f.Approved = owner.UserID(), a.ID, true })
			f := k.file(prefix+"file", func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), a.ID })
			k.want("guest", k.DeleteAlbum(t.Context(), guest, a.Slug, withFiles), vitrine.CodeForbidden)
			k.want("other", k.DeleteAlbum(t.Context(), other, a.Slug, withFiles), vitrine.CodeForbidden)
			if err := k.DeleteAlbum(t.Context(), owner, a.Slug, withFiles); err != nil {
				t.Fatal(err)
			}
			k.want("again", k.DeleteAlbum(t.Context(), owner, a.Slug, withFiles), vitrine.CodeNotFound)
			_, err := k.Album(t.Context(), admin, a.Slug)
			k.want("deleted", err, vitrine.CodeNotFound)
			g, err := k.File(t.Context(), guest, f.Slug)
			if withFiles {
				k.want("file", err, vitrine.CodeNotFound)
			} else if err != nil || g.AlbumID != 0 || g.Privacy != vitrine.PrivacyPublic {
				t.Errorf("%+v, %v", g, err)
			}
		}
		if left, err := k.db.FilesOfOwner(context.Background(), owner.UserID(), 0, 1000); err != nil || len(left) != 431 {
			t.Errorf("%d files left, %v", len(left), err)
		}
		hidden := k.album(owner, vitrine.PrivacyPrivate)
		k.want("hidden", k.DeleteAlbum(t.Context(), other, hidden.Slug, true), vitrine.CodeNotFound)
		if err := k.DeleteAlbum(t.Context(), owner, hidden.Slug, false); err != nil {
			t.Errorf("an empty album: %v", err)
		}
		for _, p := range []vitrine.Privacy{vitrine.PrivacyPrivate, vitrine.PrivacyUnlisted} {
			closed := k.album(owner, p)
			f := k.row(func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), closed.ID })
			k.want("its files would be public", k.DeleteAlbum(t.Context(), owner, closed.Slug, false), vitrine.CodeInvalid)
			if _, err := k.File(t.Context(), owner, f.Slug); err != nil {
				t.Errorf("%s: a refused deletion took a file: %v", p, err)
			}
		}
	})
}
