package storage_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

func TestParseKey(t *testing.T) {
	t.Parallel()
	for key, ok := range map[string]bool{
		"a": true, "2026/11/21/a.th.jpg": true, "a..b": true, "ä/写真.png": true, "a b": true,
		strings.Repeat("n", 255):         true,
		strings.Repeat("n/", 511) + "nn": true,
		"":                               false,
		"/a":                             false,
		"a/":                             false,
		"a//b":                           false,
		".":                              false,
		"..":                             false,
		"a/..":                           false,
		".a":                             false,
		"a/.b":                           false,
		`a\b`:                            false,
		"a\tb":                           false,
		"a\x7f":                          false,
		"a\u0085b":                       false,
		"a\xc3":                          false,
		strings.Repeat("n", 256):         false,
		strings.Repeat("n/", 512) + "n":  false,
	} {
		got, err := storage.ParseKey(key)
		if ok && (err != nil || got != key) || !ok && (!errors.Is(err, storage.ErrKey) || got != "") {
			t.Errorf("%.40q: got %.40q, %v", key, got, err)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	for _, seed := range []string{"a/b.jpg", "../x", `a\b`, "a//b", ".a", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, err := storage.ParseKey(s)
		if err == nil && (key != s || !filepath.IsLocal(key) || filepath.Clean(key) != key || strings.HasPrefix(key, ".")) {
			t.Errorf("%q is a key", s)
		}
	})
}

func TestCodes(t *testing.T) {
	t.Parallel()
	for err, code := range map[error]vitrine.Code{
		storage.ErrExists: vitrine.CodeConflict, storage.ErrNotFound: vitrine.CodeNotFound,
		storage.ErrNoSpace: vitrine.CodeNoSpace, storage.ErrKey: vitrine.CodeInvalid,
	} {
		if vitrine.CodeOf(err) != code {
			t.Errorf("%v: got %s, want %s", err, vitrine.CodeOf(err), code)
		}
	}
}
