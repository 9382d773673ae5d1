package passwords_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"vitrine/internal/passwords"
)

func TestHashAndVerify(t *testing.T) {
	t.Parallel()
	h := passwords.New()
	stored, err := h.Hash(t.Context(), "correct horse")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(stored, "horse") {
		t.Fatalf("stored %q, %v", stored, err)
	}
	if twin, _ := h.Hash(t.Context(), "correct horse"); twin == stored {
		t.Error("one password has one hash")
	}
	for _, c := range []struct {
		name, phc, password string
		want                bool
	}{
		{"right", stored, "correct horse", true},
		{"wrong", stored, "correct house", false},
		{"empty", stored, "", false},
		{"a megabyte", stored, strings.Repeat("x", 1<<20), false},
		{"hash as password", stored, stored, false},
		{"nobody's", passwords.Nobody, "correct horse", false},
		{"nobody's, empty", passwords.Nobody, "", false},
	} {
		if got, err := h.Verify(t.Context(), c.phc, c.password); got != c.want || err != nil {
			t.Errorf("%s: got %v, %v", c.name, got, err)
		}
	}
}

// TestLongIsNotEmpty: a password that is too long is not taken for the empty one.
func TestLongIsNotEmpty(t *testing.T) {
	t.Parallel()
	h := passwords.New()
	stored, err := h.Hash(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if ok, _ := h.Verify(t.Context(), stored, strings.Repeat("x", 1<<20)); ok {
		t.Error("a megabyte opens what the empty password opens")
	}
}

func TestStrangeHashesMatchNothing(t *testing.T) {
	t.Parallel()
	h := passwords.New()
	for _, phc := range []string{
		"", "x", "$", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=4294967295,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=19456,t=0,p=0$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "correct horse",
	} {
		if ok, err := h.Verify(t.Context(), phc, "correct horse"); ok || err != nil {
			t.Errorf("%q: %v, %v", phc, ok, err)
		}
	}
}

// TestTurnsAreWaitedFor: nobody hashes whose request is over.
func TestTurnsAreWaitedFor(t *testing.T) {
	t.Parallel()
	h := passwords.New()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "long enough"); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash: %v", err)
	}
	if _, err := h.Verify(ctx, passwords.Nobody, "long enough"); !errors.Is(err, context.Canceled) {
		t.Errorf("Verify: %v", err)
	}
}
