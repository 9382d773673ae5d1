package account_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func (h house) signIn(t testing.TB, name string) string {
	t.Helper()
	token, _, err := h.SignIn(t.Context(), account.Credentials{Name: name, Password: "correct horse", Address: here, UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// knows reports whether the token is that of a session.
func (h house) knows(t testing.TB, token string) bool {
	t.Helper()
	a, s, err := h.Session(t.Context(), token, here)
	if err != nil && !vitrine.Is(err, vitrine.CodeUnauthorized) {
		t.Fatal(err)
	}
	if err == nil && (a.Guest() || s.UserID != a.UserID()) {
		t.Fatalf("a session without its user: %+v, %+v", a, s)
	}
	return err == nil
}

func TestSessions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ann := h.user(t, "ann")
		for _, name := range []string{"ann", "ANN", " ann ", "ann@example.org", "Ann@Example.org"} {
			if token := h.signIn(t, name); len(token) != 64 || !h.knows(t, token) {
				t.Errorf("%q: token %q", name, token)
			}
		}
		token := h.signIn(t, "ann")
		actor, session, err := h.Session(t.Context(), token, netip.MustParseAddr("::ffff:192.0.2.9"))
		if err != nil || actor.User.Username != "ann" || actor.Address != netip.MustParseAddr("192.0.2.9") || session.Address != here ||
			session.UserAgent != "test" || !session.ExpiresAt.Equal(h.clock.Now().Add(account.SessionLife)) {
			t.Errorf("%+v, %+v, %v", actor, session, err)
		}
		for _, wrong := range []string{"", "x", strings.Repeat("0", 64), strings.ToUpper(token), token + "0", token[:63], strings.Repeat("\x00", 64)} {
			if h.knows(t, wrong) {
				t.Errorf("%q is taken for a session", wrong)
			}
		}
		list, err := h.Sessions(t.Context(), ann.ID)
		if err != nil || len(list) != 6 {
			t.Fatalf("%d sessions, %v", len(list), err)
		}
		if err := h.SignOut(t.Context(), token); err != nil || h.knows(t, token) {
			t.Errorf("signed out, and still there: %v", err)
		}
		for _, again := range []string{token, "", "rubbish"} {
			if err := h.SignOut(t.Context(), again); err != nil {
				t.Errorf("signing out twice: %v", err)
			}
		}
	})
}

// TestSessionsLast: they end 30 days after they were last used, exact to an hour.
func TestSessionsLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.user(t, "ann")
		used, idle := h.signIn(t, "ann"), h.signIn(t, "ann")
		for range 4 {
			h.clock.Add(10 * 24 * time.Hour)
			if !h.knows(t, used) {
				t.Fatal("a session that is used ends")
			}
			run(t, h) // writes what is waiting
		}
		if h.knows(t, idle) {
			t.Error("a session that nobody used lives 40 days")
		}
		if err := h.PurgeSessions(t.Context()); err != nil || !h.knows(t, used) {
			t.Errorf("purged too much: %v", err)
		}
		h.clock.Add(account.SessionLife)
		if h.knows(t, used) {
			t.Error("a session lives on, unused")
		}
	})
}

// TestSessionsOfOthers: who ends what, and how soon other nodes know.
func TestSessionsOfOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, other := open(t, d), open(t, d)
		ann, bob := h.user(t, "ann"), h.user(t, "bob")
		mine, phone, his := h.signIn(t, "ann"), h.signIn(t, "ann"), h.signIn(t, "bob")
		_, session, err := h.Session(t.Context(), phone, here)
		if err != nil || !other.knows(t, phone) {
			t.Fatal(err)
		}
		if err := h.EndSession(t.Context(), bob.ID, session.ID); !vitrine.Is(err, vitrine.CodeNotFound) || !h.knows(t, phone) {
			t.Errorf("bob ends ann's session: %v", err)
		}
		if err := h.EndSession(t.Context(), ann.ID, session.ID); err != nil || h.knows(t, phone) {
			t.Errorf("ann cannot end her session: %v", err)
		}
		other.clock.Add(account.RevocationDelay)
		if other.knows(t, phone) {
			t.Error("another node does not notice")
		}
		third := h.signIn(t, "ann")
		if err := h.EndOtherSessions(t.Context(), ann.ID, mine); err != nil || h.knows(t, third) || !h.knows(t, mine) || !h.knows(t, his) {
			t.Errorf("the wrong sessions ended: %v", err)
		}
		if err := h.Suspend(t.Context(), "ann"); err != nil || h.knows(t, mine) {
			t.Errorf("a suspended account is signed in: %v", err)
		}
		if err := h.DeleteUser(t.Context(), "bob"); err != nil || h.knows(t, his) {
			t.Errorf("a deleted account is signed in: %v", err)
		}
	})
}

func TestThrottling(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.user(t, "ann")
		h.user(t, "bob")
		try := func(name, password string, from netip.Addr) error {
			_, _, err := h.SignIn(t.Context(), account.Credentials{Name: name, Password: password, Address: from})
			return err
		}
		there := netip.MustParseAddr("198.51.100.7")
		for _, name := range []string{"ann", "nobody"} { // known or not, it goes the same way
			for i := range 10 {
				if err := try(name, fmt.Sprint("guess", i), here); !vitrine.Is(err, vitrine.CodeUnauthorized) {
					t.Fatalf("%s, try %d: %v", name, i, err)
				}
			}
			err := try(name, "correct horse", here)
			if e, ok := errors.AsType[*vitrine.Error](err); !ok || e.Code != vitrine.CodeFlood || e.RetryAfter < 1 || e.RetryAfter > 15*60 {
				t.Errorf("%s: eleventh try: %v", name, err)
			}
		}
		if err := try("ann", "correct horse", there); err != nil {
			t.Errorf("strangers lock ann out: %v", err)
		}
		if err := try("bob", "correct horse", here); err != nil {
			t.Errorf("a neighbour of the stranger is locked out: %v", err)
		}
		h.clock.Add(15 * time.Minute)
		if err := try("ann", "correct horse", here); err != nil {
			t.Errorf("after a quarter of an hour: %v", err)
		}
		for i := range 30 { // with the twenty before, of this hour
			if err := try(fmt.Sprint("name", i), "guess", here); !vitrine.Is(err, vitrine.CodeUnauthorized) {
				t.Fatalf("name %d: %v", i, err)
			}
		}
		if err := try("bob", "correct horse", here); !vitrine.Is(err, vitrine.CodeFlood) {
			t.Errorf("after fifty wrong tries: %v", err)
		}
		h.clock.Add(time.Hour)
		if err := h.PurgeSessions(t.Context()); err != nil {
			t.Error(err)
		}
		if err := try("bob", "correct horse", here); err != nil {
			t.Errorf("an hour later: %v", err)
		}
	})
}

// TestThrottlingByPrefix: an IPv6 customer has more addresses than there are
// guesses.
func TestThrottlingByPrefix(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	h.user(t, "ann")
	for i := range 11 {
		from := netip.MustParseAddr(fmt.Sprintf("2001:db8::%x:1", i+1))
		_, _, err := h.SignIn(t.Context(), account.Credentials{Name: "ann", Password: "guess", Address: from})
		if want := map[bool]vitrine.Code{true: vitrine.CodeFlood, false: vitrine.CodeUnauthorized}[i == 10]; !vitrine.Is(err, want) {
			t.Errorf("try %d: %v", i, err)
		}
	}
}

// Who runs the site gives a new password without the old one; all sessions end.
func TestSetPassword(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.user(t, "ann")
		h.user(t, "bob")
		secret, _ := h.key(t, "ann")
		hers, his := h.signIn(t, "ann"), h.signIn(t, "bob")
		for name, code := range map[string]vitrine.Code{"ann": vitrine.CodeInvalid, "nobody": vitrine.CodeNotFound} {
			password := "battery staple"
			if name == "ann" {
				password = "short"
			}
			if err := h.SetPassword(t.Context(), name, password); !vitrine.Is(err, code) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !h.knows(t, hers) {
			t.Error("a refused password ends sessions")
		}
		if err := h.SetPassword(t.Context(), "ann", "battery staple"); err != nil {
			t.Fatal(err)
		}
		if h.knows(t, hers) || !h.knows(t, his) || !h.allows(t, secret) {
			t.Error("the wrong sessions or keys ended")
		}
		if _, err := h.CheckPassword(t.Context(), "ann", "battery staple"); err != nil {
			t.Error(err)
		}
	})
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ann := h.user(t, "ann")
		h.user(t, "bob")
		secret, _ := h.key(t, "ann")
		mine, phone, his := h.signIn(t, "ann"), h.signIn(t, "ann"), h.signIn(t, "bob")
		for _, c := range []struct {
			name, old, new string
			code           vitrine.Code
			field          string
		}{
			{"too short", "correct horse", "short", vitrine.CodeInvalid, "password"},
			{"wrong", "wrong", "battery staple", vitrine.CodeUnauthorized, "old_password"},
		} {
			err := h.ChangePassword(t.Context(), ann.ID, c.old, c.new, mine)
			if e, ok := errors.AsType[*vitrine.Error](err); !ok || e.Code != c.code || e.Field != c.field {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if !h.knows(t, phone) {
			t.Error("a refused change ends sessions")
		}
		if err := h.ChangePassword(t.Context(), ann.ID, "correct horse", "battery staple", mine); err != nil {
			t.Fatal(err)
		}
		if !h.knows(t, mine) || h.knows(t, phone) || !h.knows(t, his) || !h.allows(t, secret) {
			t.Error("the wrong sessions or keys ended")
		}
		if _, err := h.CheckPassword(t.Context(), "ann", "correct horse"); err == nil {
			t.Error("the old password works")
		}
		if _, err := h.CheckPassword(t.Context(), "ann", "battery staple"); err != nil {
			t.Errorf("the new password does not work: %v", err)
		}
		for range 10 {
			_ = h.ChangePassword(t.Context(), ann.ID, "guess", "battery staple", mine)
		}
		if err := h.ChangePassword(t.Context(), ann.ID, "battery staple", "correct horse", mine); !vitrine.Is(err, vitrine.CodeFlood) {
			t.Errorf("after ten guesses: %v", err)
		}
	})
}

// run writes what waits to be written.
func run(t testing.TB, h house) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Run(ctx); err != nil {
		t.Fatal(err)
	}
}
