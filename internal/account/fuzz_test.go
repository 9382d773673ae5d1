package account_test

import (
	"testing"

	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// FuzzAuthenticate: whatever is sent as a key is refused with the same words,
// unless it is the key.
func FuzzAuthenticate(f *testing.F) {
	h := open(f, dbtest.SQLite(f))
	h.user(f, "ann")
	secret, _ := h.key(f, "ann")
	h.set(f, "guest_key", "sesame")
	h.set(f, "guest_api", "on")
	for _, seed := range []string{"", "sesame", secret, secret[:len(secret)-1], secret + "\x00", "chv__", "chv_a_b", "chv_\xff_"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		a, err := h.Authenticate(t.Context(), key, here)
		if key == secret || key == "sesame" {
			if err != nil || a.Guest() == (key == secret) {
				t.Fatalf("%+v, %v", a, err)
			}
			return
		}
		if !vitrine.Is(err, vitrine.CodeUnauthorized) {
			t.Fatalf("%q: %+v, %v", key, a, err)
		}
	})
}
