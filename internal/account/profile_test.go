package account_test

import (
	"errors"
	"strings"
	"testing"

	"vitrine/internal/account"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestEditProfile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		give  account.Profile
		want  account.Profile // where it is accepted
		code  vitrine.Code
		field string
	}{
		{"nothing", account.Profile{}, account.Profile{}, "", ""},
		{"everything", account.Profile{Name: "Ann", Bio: "Hi", Website: "https://example.org/a?b=c", Language: "ja", Private: true, KeepEXIF: true},
			account.Profile{Name: "Ann", Bio: "Hi", Website: "https://example.org/a?b=c", Language: "ja", Private: true, KeepEXIF: true}, "", ""},
		{"untidy", account.Profile{Name: "  Ann \n Lee ", Bio: " one\r\ntwo \n", Website: " example.org "},
			account.Profile{Name: "Ann Lee", Bio: "one\ntwo", Website: "https://example.org"}, "", ""},
		{"longest", account.Profile{Name: strings.Repeat("名", 60), Bio: strings.Repeat("字", 500)},
			account.Profile{Name: strings.Repeat("名", 60), Bio: strings.Repeat("字", 500)}, "", ""},
		{"name too long", account.Profile{Name: strings.Repeat("名", 61)}, account.Profile{}, vitrine.CodeInvalid, "name"},
		{"name with a null", account.Profile{Name: "a\x00b"}, account.Profile{}, vitrine.CodeInvalid, "name"},
		{"name that is no text", account.Profile{Name: "a\xff"}, account.Profile{}, vitrine.CodeInvalid, "name"},
		{"bio too long", account.Profile{Bio: strings.Repeat("x", 501)}, account.Profile{}, vitrine.CodeInvalid, "bio"},
		{"website of a script", account.Profile{Website: "javascript:alert(1)"}, account.Profile{}, vitrine.CodeInvalid, "website"},
		{"website of another kind", account.Profile{Website: "ftp://example.org"}, account.Profile{}, vitrine.CodeInvalid, "website"},
		{"website with a password", account.Profile{Website: "https://a:b@example.org"}, account.Profile{}, vitrine.CodeInvalid, "website"},
		{"website in this house", account.Profile{Website: "http://localhost/x"}, account.Profile{}, vitrine.CodeInvalid, "website"},
		{"website too long", account.Profile{Website: "https://example.org/" + strings.Repeat("x", 255)}, account.Profile{}, vitrine.CodeInvalid, "website"},
		{"unknown language", account.Profile{Language: "tlh"}, account.Profile{}, vitrine.CodeInvalid, "language"},
		{"stop word", account.Profile{Bio: "buy viagra"}, account.Profile{}, vitrine.CodeStopWord, ""},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.set(t, "stop_words", "viagra")
		ann := h.user(t, "ann")
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				_, err := h.EditProfile(t.Context(), ann.ID, test.give)
				if test.code != "" {
					if e, ok := errors.AsType[*vitrine.Error](err); !ok || e.Code != test.code || test.field != "" && e.Field != test.field {
						t.Errorf("got %v, want %s %s", err, test.code, test.field)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				u, err := h.UserByID(t.Context(), ann.ID)
				if err != nil {
					t.Fatal(err)
				}
				if got := (account.Profile{Name: u.Name, Bio: u.Bio, Website: u.Website, Language: u.Language, Private: u.Private, KeepEXIF: u.KeepEXIF}); got != test.want {
					t.Errorf("got %+v", got)
				}
			})
		}
		// A session shows the change at once.
		token := h.signIn(t, "ann")
		if !h.knows(t, token) {
			t.Fatal("not signed in")
		}
		if _, err := h.EditProfile(t.Context(), ann.ID, account.Profile{Language: "ru"}); err != nil {
			t.Fatal(err)
		}
		if a, _, err := h.Session(t.Context(), token, here); err != nil || a.User.Language != "ru" {
			t.Errorf("%+v, %v", a.User, err)
		}
	})
}

func TestReservedNames(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	h.set(t, "route_album", "gallery")
	for _, name := range []string{"login", "Settings", "IMAGES", "gallery"} {
		_, err := h.CreateUser(t.Context(), account.NewUser{Username: name, Email: "x@example.org", Password: "correct horse"})
		if e, ok := errors.AsType[*vitrine.Error](err); !ok || e.Code != vitrine.CodeInvalid || e.Field != "username" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.CreateUser(t.Context(), account.NewUser{Username: "admin", Email: "x@example.org", Password: "correct horse"}); err != nil {
		t.Errorf("admin: %v", err)
	}
}

func TestKeysOfUsers(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	ann, bob := h.user(t, "ann"), h.user(t, "bob")
	secret, id := h.key(t, "ann")
	for _, wrong := range []string{"", "x/y", "\x00", "zzzzzzz"} {
		if err := h.RevokeKeyOf(t.Context(), ann.ID, wrong); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := h.RevokeKeyOf(t.Context(), bob.ID, id); !vitrine.Is(err, vitrine.CodeNotFound) || !h.allows(t, secret) {
		t.Errorf("bob revokes ann's key: %v", err)
	}
	if err := h.RevokeKeyOf(t.Context(), ann.ID, id); err != nil || h.allows(t, secret) {
		t.Errorf("ann cannot revoke her key: %v", err)
	}
	for range 100 {
		h.key(t, "ann")
	}
	if _, _, err := h.CreateKey(t.Context(), "ann", "one too many"); !vitrine.Is(err, vitrine.CodeConflict) {
		t.Errorf("the 101st key: %v", err)
	}
}
