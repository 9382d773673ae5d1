package db_test

import (
	"context"
	"testing"

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
