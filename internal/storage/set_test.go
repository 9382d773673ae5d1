package storage_test

import (
	"slices"
	"strings"
	"testing"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

func TestSet(t *testing.T) {
	t.Parallel()
	a, b := &named{name: "a"}, &named{name: "b"}
	s := storage.NewSet(map[string]storage.Store{"old": a, "new": b}, "new")
	if name, st := s.Default(); name != "new" || st != b {
		t.Errorf("default: got %q, %v", name, st)
	}
	if st, err := s.Get("old"); err != nil || st != a {
		t.Errorf("old: got %v, %v", st, err)
	}
	if st, err := s.Get("gone"); st != nil || !vitrine.Is(err, vitrine.CodeInternal) || !strings.Contains(err.Error(), "gone") {
		t.Errorf("gone: got %v, %v", st, err)
	}
	if names := s.Names(); !slices.Equal(names, []string{"new", "old"}) {
		t.Errorf("names: got %q", names)
	}
	if _, st := storage.NewSet(nil, "").Default(); st != nil {
		t.Errorf("empty: got %v", st)
	}
}

// named is a store that is only looked up, never used.
type named struct {
	storage.Store
	name string
}
