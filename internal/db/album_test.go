package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestAlbums(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		a := &vitrine.Album{
			Slug: "Summer", OwnerID: anna.ID, ParentID: 7, CoverID: 8, Name: "Summer ☀", Description: "by the sea",
			Privacy: vitrine.PrivacyPrivate, CreatedAt: at(3),
		}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) }))
		guest := anAlbum(t, d, 0, vitrine.PrivacyPublic)
		for name, get := range map[string]func() (*vitrine.Album, error){
			"by id":   func() (*vitrine.Album, error) { return d.Album(ctx, a.ID) },
			"by slug": func() (*vitrine.Album, error) { return d.AlbumBySlug(ctx, "Summer") },
			"in list": func() (*vitrine.Album, error) { l, err := d.Albums(ctx, anna.ID, 0, 9); return &l[0], err },
		} {
			got, err := get()
			must(t, err)
			if diff := cmp.Diff(a, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if l, err := d.Albums(ctx, 0, a.ID, 9); err != nil || len(l) != 1 || l[0].ID != guest.ID {
			t.Errorf("all albums after the first: %v, %v", l, err)
		}
		if l, err := d.Albums(ctx, anna.ID, a.ID, 9); err != nil || len(l) != 0 {
			t.Errorf("anna's albums after the first: %v, %v", l, err)
		}
		create := func(a vitrine.Album) error {
			return inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, &a) })
		}
		wantConflict(t, "same slug", create(vitrine.Album{Slug: "Summer"}), "slug")
		wantConflict(t, "other case", create(vitrine.Album{Slug: "summer"}), "")
		for name, err := range map[string]error{
			"Album":          second(d.Album(ctx, 99)),
			"AlbumBySlug":    second(d.AlbumBySlug(ctx, "SUMMER")),
			"nobody's album": create(vitrine.Album{Slug: "free", OwnerID: 99}),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestCategories(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		c := &vitrine.Category{Name: "Animals", URLKey: "animals", Description: "all of them"}
		create := func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, c) }
		must(t, inTx(t, d, create))
		got, err := d.Category(ctx, c.ID)
		must(t, err)
		list, err := d.Categories(ctx)
		must(t, err)
		if diff := cmp.Diff([]vitrine.Category{*c, *c}, append(list, *got)); diff != "" {
			t.Error(diff)
		}
		wantConflict(t, "same key", inTx(t, d, create), "url_key")
		if err := second(d.Category(ctx, 99)); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Error(err)
		}
	})
}
