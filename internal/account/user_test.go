package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"vitrine/internal/account"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestCreateUser(t *testing.T) {
	t.Parallel()
	good := account.NewUser{Username: "bob", Email: "bob@example.org", Password: "long enough"}
	with := func(change func(*account.NewUser)) account.NewUser { n := good; change(&n); return n }
	tests := []struct {
		name  string
		user  account.NewUser
		code  vitrine.Code
		field string
	}{
		{"good", good, "", ""},
		{"same name", with(func(n *account.NewUser) { n.Username, n.Email = "ann", "b@example.org" }), vitrine.CodeConflict, "username"},
		{"same name in capitals", with(func(n *account.NewUser) { n.Username, n.Email = "ANN", "b@example.org" }), vitrine.CodeConflict, "username"},
		{"same address", with(func(n *account.NewUser) { n.Username, n.Email = "bob2", "ann@example.org" }), vitrine.CodeConflict, "email"},
		{"short name", with(func(n *account.NewUser) { n.Username = "al" }), vitrine.CodeInvalid, "username"},
		{"no address", with(func(n *account.NewUser) { n.Email = "bob" }), vitrine.CodeInvalid, "email"},
		{"unknown role", with(func(n *account.NewUser) { n.Role = "king" }), vitrine.CodeInvalid, "role"},
		{"short password", with(func(n *account.NewUser) { n.Password = "1234567" }), vitrine.CodeInvalid, "password"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.user(t, "ann")
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				u, err := h.CreateUser(t.Context(), test.user)
				if vitrine.CodeOf(err) != test.code {
					t.Fatalf("got %v, want code %q", err, test.code)
				}
				if err == nil {
					if u.ID == 0 || u.Role != vitrine.RoleUser || u.Status != vitrine.UserValid {
						t.Errorf("made %+v", u)
					}
					return
				}
				if e, ok := errors.AsType[*vitrine.Error](err); !ok || e.Field != test.field || e.Message == "" {
					t.Errorf("refusal %+v, want field %q", e, test.field)
				}
			})
		}
	})
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ann := h.user(t, "ann")
		stored, err := d.PasswordHash(t.Context(), ann.ID)
		if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(stored, "horse") {
			t.Fatalf("stored %q, %v", stored, err)
		}
		if h.user(t, "twin"); true {
			twin, _ := h.User(t.Context(), "twin")
			if other, _ := d.PasswordHash(t.Context(), twin.ID); other == stored {
				t.Error("two accounts with one password share a hash")
			}
		}
		tests := []struct {
			name, username, password string
			code                     vitrine.Code
		}{
			{"right", "ann", "correct horse", ""},
			{"wrong", "ann", "correct house", vitrine.CodeUnauthorized},
			{"empty", "ann", "", vitrine.CodeUnauthorized},
			{"unknown name", "nobody", "correct horse", vitrine.CodeUnauthorized},
			{"a megabyte", "ann", strings.Repeat("x", 1<<20), vitrine.CodeUnauthorized},
			{"hash as password", "ann", stored, vitrine.CodeUnauthorized},
		}
		var refusals []string
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				u, err := h.CheckPassword(t.Context(), test.username, test.password)
				if vitrine.CodeOf(err) != test.code || (err == nil) != (u != nil) {
					t.Fatalf("got %v, %v", u, err)
				}
				if err != nil {
					refusals = append(refusals, err.Error())
				}
			})
		}
		for _, r := range refusals {
			if r != refusals[0] {
				t.Errorf("refusals differ: %q and %q", r, refusals[0])
			}
		}
		if err := h.Suspend(t.Context(), "ann"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.CheckPassword(t.Context(), "ann", "correct horse"); !vitrine.Is(err, vitrine.CodeUnauthorized) {
			t.Errorf("a suspended account signs in: %v", err)
		}
	})
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ann := h.user(t, "ann")
		secret, _ := h.key(t, "ann")
		f := upload(t, d, ann.ID)
		if err := h.DeleteUser(t.Context(), "ann"); !vitrine.Is(err, vitrine.CodeConflict) {
			t.Fatalf("an account with files: %v", err)
		}
		if !h.allows(t, secret) {
			t.Error("the refused deletion revoked a key")
		}
		if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { _, err := tx.DeleteFile(ctx, f.ID); return err }); err != nil {
			t.Fatal(err)
		}
		if err := h.DeleteUser(t.Context(), "ann"); err != nil {
			t.Fatal(err)
		}
		if h.allows(t, secret) {
			t.Error("the key of a deleted account works")
		}
		if _, err := h.User(t.Context(), "ann"); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("the account is still there: %v", err)
		}
		if err := h.DeleteUser(t.Context(), "ann"); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("second deletion: %v", err)
		}
		h.user(t, "ann") // the name is free again
	})
}

func TestBootstrap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		first, err := h.Bootstrap(t.Context())
		if err != nil || first == nil || first.Username != "admin" || len(first.Password) < 16 {
			t.Fatalf("%+v, %v", first, err)
		}
		u, err := h.CheckPassword(t.Context(), first.Username, first.Password)
		if err != nil || u.Role != vitrine.RoleAdmin {
			t.Errorf("%+v, %v", u, err)
		}
		a, err := h.Authenticate(t.Context(), first.Key, here)
		if err != nil || !a.Admin() {
			t.Errorf("the first key: %+v, %v", a, err)
		}
		if again, err := h.Bootstrap(t.Context()); err != nil || again != nil {
			t.Errorf("second start: %+v, %v", again, err)
		}
	})
}

func TestBootstrapOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type result struct {
			first *account.FirstAccount
			err   error
		}
		results := make(chan result)
		for range 4 {
			h := open(t, d)
			go func() {
				first, err := h.Bootstrap(t.Context())
				results <- result{first, err}
			}()
		}
		winners := 0
		for range 4 {
			r := <-results
			if r.err != nil {
				t.Error(r.err)
			}
			if r.first != nil {
				winners++
			}
		}
		if winners != 1 {
			t.Errorf("%d servers got the first account", winners)
		}
	})
}
