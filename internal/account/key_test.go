package account_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

var keyForm = regexp.MustCompile(`^chv_([A-Za-z0-9]{7})_[0-9a-f]{64}$`)

func TestCreateKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.user(t, "ann")
		seen := make(map[string]bool)
		for range 20 {
			secret, key, err := h.CreateKey(t.Context(), "ann", " tool ")
			if err != nil {
				t.Fatal(err)
			}
			m := keyForm.FindStringSubmatch(secret)
			if m == nil || m[1] != key.PublicID || key.Name != "tool" || seen[secret] {
				t.Fatalf("key %q, %+v", secret, key)
			}
			seen[secret] = true
			record, err := d.Key(t.Context(), key.PublicID)
			if err != nil {
				t.Fatal(err)
			}
			if want := sha256.Sum256([]byte(secret)); string(record.Hash) != string(want[:]) {
				t.Error("what is stored is not the SHA-256 of the whole text")
			}
		}
		for name, username := range map[string]string{strings.Repeat("x", 101): "ann", "ok": "nobody"} {
			if _, _, err := h.CreateKey(t.Context(), username, name); err == nil {
				t.Errorf("a key %q for %s was made", name, username)
			}
		}
		if err := h.Suspend(t.Context(), "ann"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.CreateKey(t.Context(), "ann", ""); !vitrine.Is(err, vitrine.CodeForbidden) {
			t.Errorf("a key for a suspended account: %v", err)
		}
		list, err := h.Keys(t.Context(), "ann")
		if err != nil || len(list) != 20 || list[0].Username != "ann" || !list[0].LastUsedAt.IsZero() {
			t.Errorf("list %+v, %v", list, err)
		}
	})
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	const guestKey = "5f1d0c9b8a7e6d5c4b3a29181706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4"
	tests := []struct {
		name  string
		key   func(secret string) string
		user  string // empty: a guest
		right bool
	}{
		{"user key", func(s string) string { return s }, "ann", true},
		{"guest key", func(string) string { return guestKey }, "", true},
		{"empty", func(string) string { return "" }, "", false},
		{"other secret", func(s string) string { return s[:len(s)-1] + flip(s[len(s)-1]) }, "", false},
		{"other id", func(s string) string { return "chv_aaaaaaa" + s[11:] }, "", false},
		{"capitals", strings.ToUpper, "", false},
		{"blank behind", func(s string) string { return s + " " }, "", false},
		{"prefix alone", func(string) string { return "chv_" }, "", false},
		{"no secret", func(s string) string { return s[:12] }, "", false},
		{"three underscores", func(s string) string { return strings.Replace(s, "_", "__", 1) }, "", false},
		{"half a guest key", func(string) string { return guestKey[:32] }, "", false},
		{"SQL", func(string) string { return "chv_' OR 1=1--_" + strings.Repeat("0", 64) }, "", false},
		{"zero bytes", func(string) string { return "chv_\x00\x00_" + strings.Repeat("\x00", 64) }, "", false},
		{"a megabyte", func(string) string { return strings.Repeat("chv_", 1<<18) }, "", false},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.user(t, "ann")
		secret, _ := h.key(t, "ann")
		h.set(t, "guest_key", guestKey)
		h.set(t, "guest_api", "on")
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				for _, visit := range []string{"first", "cached"} {
					a, err := h.Authenticate(t.Context(), test.key(secret), netip.MustParseAddr("::ffff:192.0.2.7"))
					if !test.right {
						e, ok := errors.AsType[*vitrine.Error](err)
						if !ok || e.Code != vitrine.CodeUnauthorized || e.Message != "Invalid API key." {
							t.Errorf("%s: %+v, %v", visit, a, err)
						}
						continue
					}
					if err != nil || a.Guest() != (test.user == "") || a.User != nil && a.User.Username != test.user {
						t.Errorf("%s: %+v, %v", visit, a, err)
					}
					if a.Address != here {
						t.Errorf("%s: address %s", visit, a.Address)
					}
				}
			})
		}
		h.set(t, "guest_api", "off")
		if _, err := h.Authenticate(t.Context(), guestKey, here); !vitrine.Is(err, vitrine.CodeUnauthorized) {
			t.Errorf("guest key while guest_api is off: %v", err)
		}
		h.set(t, "guest_api", "on")
		h.set(t, "guest_key", "")
		if _, err := h.Authenticate(t.Context(), "", here); !vitrine.Is(err, vitrine.CodeUnauthorized) {
			t.Errorf("an empty key where no guest key is set: %v", err)
		}
	})
}

func flip(c byte) string {
	if c == '0' {
		return "1"
	}
	return "0"
}

func TestActorsAreNotShared(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	h.user(t, "ann")
	secret, _ := h.key(t, "ann")
	a, err := h.Authenticate(t.Context(), secret, here)
	if err != nil {
		t.Fatal(err)
	}
	a.User.Role = vitrine.RoleAdmin
	if b, err := h.Authenticate(t.Context(), secret, here); err != nil || b.Admin() {
		t.Errorf("one caller changed another's actor: %+v, %v", b.User, err)
	}
}

// TestRefusals checks that what takes a right away does so at once where it was
// done, and within RevocationDelay elsewhere.
func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(t *testing.T, h house, publicID string) error
	}{
		{"revoked", func(t *testing.T, h house, id string) error { return h.RevokeKey(t.Context(), id) }},
		{"suspended", func(t *testing.T, h house, _ string) error { return h.Suspend(t.Context(), "ann") }},
		{"deleted", func(t *testing.T, h house, _ string) error { return h.DeleteUser(t.Context(), "ann") }},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				a, b := open(t, d), open(t, d)
				a.user(t, "ann")
				secret, id := a.key(t, "ann")
				if !a.allows(t, secret) || !b.allows(t, secret) {
					t.Fatal("the key does not work")
				}
				if err := test.do(t, a, id); err != nil {
					t.Fatal(err)
				}
				if a.allows(t, secret) {
					t.Error("still works where it was done")
				}
				b.clock.Add(account.RevocationDelay)
				if b.allows(t, secret) {
					t.Error("still works elsewhere after the delay")
				}
				if test.name == "suspended" {
					if err := a.Restore(t.Context(), "ann"); err != nil || !a.allows(t, secret) {
						t.Errorf("restored: %v", err)
					}
				}
				_ = a.DeleteUser(t.Context(), "ann")
			})
		}
		if err := open(t, d).RevokeKey(t.Context(), "abcdefg"); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("revoking no key: %v", err)
		}
	})
}

func TestLastUse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.user(t, "ann")
		secret, id := h.key(t, "ann")
		lastUse := func() time.Time {
			record, err := d.Key(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return record.Key.LastUsedAt
		}
		// runs lets the service write until it has written everything.
		runs := func() {
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if err := h.Run(ctx); err != nil {
				t.Fatal(err)
			}
		}
		start := h.clock.Now()
		for _, step := range []struct {
			name string
			wait time.Duration
			want time.Time
		}{
			{"first use", 0, start},
			{"half a minute later", 30 * time.Second, start},
			{"a minute later", 30 * time.Second, start.Add(time.Minute)},
			{"a second after that", time.Second, start.Add(time.Minute)},
		} {
			h.clock.Add(step.wait)
			if !h.allows(t, secret) {
				t.Fatal("refused")
			}
			runs()
			if got := lastUse(); !got.Equal(step.want) {
				t.Errorf("%s: last use %s, want %s", step.name, got, step.want)
			}
		}
		// Nobody writes while Run does not run, and nobody waits either.
		h.clock.Add(time.Hour)
		for range 2000 {
			h.clock.Add(time.Minute)
			if !h.allows(t, secret) {
				t.Fatal("refused")
			}
		}
		runs()
		if got := lastUse(); !got.After(start.Add(time.Hour)) {
			t.Errorf("last use %s", got)
		}
	})
}

func TestGuestKey(t *testing.T) {
	t.Parallel()
	h := open(t, dbtest.SQLite(t))
	first, err := h.CreateGuestKey(t.Context())
	if err != nil || !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(first) {
		t.Fatalf("%q, %v", first, err)
	}
	if a, err := h.Authenticate(t.Context(), first, here); err != nil || !a.Guest() || a.Address != here {
		t.Errorf("%+v, %v", a, err)
	}
	second, err := h.CreateGuestKey(t.Context())
	if err != nil || second == first {
		t.Fatalf("%q, %v", second, err)
	}
	if _, err := h.Authenticate(t.Context(), first, here); !vitrine.Is(err, vitrine.CodeUnauthorized) {
		t.Errorf("the old guest key: %v", err)
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	h := open(b, dbtest.SQLite(b))
	h.user(b, "ann")
	secret, _ := h.key(b, "ann")
	b.Run("cached", func(b *testing.B) {
		for b.Loop() {
			if !h.allows(b, secret) {
				b.Fatal("refused")
			}
		}
	})
	b.Run("one query", func(b *testing.B) {
		for b.Loop() {
			h.clock.Add(2 * time.Second)
			if !h.allows(b, secret) {
				b.Fatal("refused")
			}
		}
	})
}
