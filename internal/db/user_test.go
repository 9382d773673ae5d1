package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestUsers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if n, err := d.CountUsers(ctx); n != 0 || err != nil {
			t.Errorf("a new database has %d users, %v", n, err)
		}
		anna, bo := aUser(t, d, "Anna"), aUser(t, d, "bo")
		for name, get := range map[string]func() (*vitrine.User, error){
			"by id":              func() (*vitrine.User, error) { return d.User(ctx, anna.ID) },
			"by name":            func() (*vitrine.User, error) { return d.UserByName(ctx, "Anna") },
			"by name, any case":  func() (*vitrine.User, error) { return d.UserByName(ctx, "aNNa") },
			"first of the list":  func() (*vitrine.User, error) { l, err := d.Users(ctx, 0, 1); return &l[0], err },
			"second of the list": func() (*vitrine.User, error) { l, err := d.Users(ctx, anna.ID, 5); l[0] = *anna; return &l[0], err },
		} {
			got, err := get()
			must(t, err)
			if diff := cmp.Diff(anna, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if list, err := d.Users(ctx, anna.ID, 5); err != nil || len(list) != 1 || list[0].ID != bo.ID {
			t.Errorf("after anna: %v, %v", list, err)
		}
		if n, err := d.CountUsers(ctx); n != 2 || err != nil {
			t.Errorf("counted %d, %v", n, err)
		}

		must(t, d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := tx.SetUserStatus(ctx, bo.ID, vitrine.UserSuspended); err != nil {
				return err
			}
			return tx.SetPasswordHash(ctx, bo.ID, "another")
		}))
		got, err := d.User(ctx, bo.ID)
		must(t, err)
		if got.Status != vitrine.UserSuspended {
			t.Errorf("status is %s", got.Status)
		}
		if hash, err := d.PasswordHash(ctx, bo.ID); hash != "another" || err != nil {
			t.Errorf("hash is %q, %v", hash, err)
		}
		if hash, err := d.PasswordHash(ctx, anna.ID); hash != "hash of Anna" || err != nil {
			t.Errorf("hash is %q, %v", hash, err)
		}
	})
}

func TestUsersMissing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, err := range map[string]error{
			"User":            second(d.User(t.Context(), 9)),
			"UserByName":      second(d.UserByName(t.Context(), "nobody")),
			"PasswordHash":    second(d.PasswordHash(t.Context(), 9)),
			"SetUserStatus":   inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.SetUserStatus(ctx, 9, vitrine.UserValid) }),
			"SetPasswordHash": inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.SetPasswordHash(ctx, 9, "") }),
			"DeleteUser":      inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteUser(ctx, 9) }),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestUsersTaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		aUser(t, d, "anna")
		for _, c := range []struct{ username, email, field string }{
			{"anna", "other@example.org", "username"},
			{"ANNA", "other@example.org", "username"},
			{"other", "anna@example.org", "email"},
			{"other", "Anna@Example.org", "email"},
			{"other", "", ""},
			{"another", "", ""}, // several may have no mail address
		} {
			u := &vitrine.User{Username: c.username, Email: c.email, Role: vitrine.RoleUser, Status: vitrine.UserValid}
			err := inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, u, "") })
			wantConflict(t, fmt.Sprint(c), err, c.field)
		}
	})
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna, bo := aUser(t, d, "anna"), aUser(t, d, "bo")
		a := anAlbum(t, d, anna.ID, vitrine.PrivacyPublic)
		kept := anAlbum(t, d, bo.ID, vitrine.PrivacyPublic)
		f := aFile()
		f.OwnerID = anna.ID
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := tx.CreateKey(ctx, &vitrine.APIKey{UserID: anna.ID, PublicID: "k"}, []byte("h")); err != nil {
				return err
			}
			return tx.CreateFile(ctx, f, nil)
		}))
		remove := func(ctx context.Context, tx *db.Tx) error { return tx.DeleteUser(ctx, anna.ID) }
		if err := inTx(t, d, remove); !vitrine.Is(err, vitrine.CodeConflict) {
			t.Fatalf("deleted while there are files: %v", err)
		}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return second(tx.DeleteFile(ctx, f.ID)) }))
		must(t, inTx(t, d, remove))
		for name, err := range map[string]error{
			"user":  second(d.User(ctx, anna.ID)),
			"key":   second(d.Key(ctx, "k")),
			"album": second(d.Album(ctx, a.ID)),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("%s is still there: %v", name, err)
			}
		}
		must(t, second(d.Album(ctx, kept.ID)))
		// Ids are never given twice.
		if carl := aUser(t, d, "carl"); carl.ID <= bo.ID {
			t.Errorf("id %d was given again", carl.ID)
		}
	})
}

func TestKeys(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna, bo := aUser(t, d, "anna"), aUser(t, d, "bo")
		k := &vitrine.APIKey{UserID: anna.ID, PublicID: "one", Name: "phone", CreatedAt: at(5)}
		k2 := &vitrine.APIKey{UserID: bo.ID, PublicID: "two"}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := tx.CreateKey(ctx, k, []byte{1, 2}); err != nil {
				return err
			}
			return tx.CreateKey(ctx, k2, []byte{3})
		}))
		must(t, d.TouchKey(ctx, k.ID, at(7)))
		must(t, d.TouchKey(ctx, k.ID, at(6))) // older: changes nothing
		k.LastUsedAt = at(7)
		want := db.KeyRecord{Key: *k, Hash: []byte{1, 2}, User: *anna}
		got, err := d.Key(ctx, "one")
		must(t, err)
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Error(diff)
		}
		list, err := d.Keys(ctx, anna.ID)
		must(t, err)
		if diff := cmp.Diff([]db.KeyRecord{want}, list); diff != "" {
			t.Error(diff)
		}
		if all, err := d.Keys(ctx, 0); err != nil || len(all) != 2 {
			t.Errorf("all keys: %v, %v", all, err)
		}
		wantConflict(t, "same public id", inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			return tx.CreateKey(ctx, &vitrine.APIKey{UserID: bo.ID, PublicID: "one"}, []byte{4})
		}), "public_id")
		revoke := func(ctx context.Context, tx *db.Tx) error { return tx.RevokeKey(ctx, "one") }
		must(t, inTx(t, d, revoke))
		for name, err := range map[string]error{
			"key":         second(d.Key(ctx, "one")),
			"revoked key": inTx(t, d, revoke),
			"nobody's key": inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				return tx.CreateKey(ctx, &vitrine.APIKey{UserID: 99, PublicID: "three"}, []byte{4})
			}),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
