package db_test

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// aUser adds a user of the name.
func aUser(t testing.TB, d *db.DB, name string) *vitrine.User {
	t.Helper()
	u := &vitrine.User{
		Username: name, Email: name + "@example.org", Role: vitrine.RoleUser, Status: vitrine.UserValid,
		Language: "nb", KeepEXIF: true, CreatedAt: at(1),
	}
	must(t, d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, u, "hash of "+name) }))
	return u
}

// anAlbum adds an album of the owner with a slug of its own.
func anAlbum(t testing.TB, d *db.DB, ownerID int64, p vitrine.Privacy) *vitrine.Album {
	t.Helper()
	a := &vitrine.Album{Slug: aFile().Slug, OwnerID: ownerID, Name: "An album", Privacy: p, CreatedAt: at(2)}
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) }))
	return a
}

func inTx(t testing.TB, d *db.DB, fn func(context.Context, *db.Tx) error) error {
	t.Helper()
	return d.Tx(t.Context(), fn)
}

func createFile(t testing.TB, d *db.DB, f *vitrine.File) *vitrine.File {
	t.Helper()
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) }))
	return f
}

// second is the error of a call with two results.
func second[T any](_ T, err error) error { return err }

// wantConflict wants CodeConflict about the field, or no error if field is empty.
func wantConflict(t testing.TB, name string, err error, field string) {
	t.Helper()
	if field == "" {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	e, ok := errors.AsType[*vitrine.Error](err)
	if !ok || e.Code != vitrine.CodeConflict || e.Field != field {
		t.Errorf("%s: got %v, want a conflict about %q", name, err, field)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func same(t testing.TB, name string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}
