package storage_test

import (
	"context"
	"errors"
	"testing"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	stores := map[string]storage.Store{}
	for _, name := range []string{"archive", "films", "local", "old"} {
		stores[name] = &named{name: name}
	}
	rules := map[string]storage.Rules{
		"local": {Kind: vitrine.KindImage, Capacity: 1000}, "films": {Kind: vitrine.KindVideo}, "old": {Full: true},
		"archive": {Kind: vitrine.KindImage, Capacity: 5000},
	}
	for _, test := range []struct {
		name   string
		kind   vitrine.Kind
		size   int64
		used   map[string]int64
		except []string
		want   string // empty: ErrFull
	}{
		{"the default first", vitrine.KindImage, 10, nil, nil, "local"},
		{"by kind", vitrine.KindVideo, 1e9, nil, nil, "films"},
		{"to the last byte", vitrine.KindImage, 300, map[string]int64{"local": 700}, nil, "local"},
		{"full", vitrine.KindImage, 301, map[string]int64{"local": 700}, nil, "archive"},
		{"said that it is full", vitrine.KindImage, 1, nil, []string{"local"}, "archive"},
		{"all full", vitrine.KindImage, 301, map[string]int64{"local": 700, "archive": 4900}, nil, ""},
		{"no film fits elsewhere", vitrine.KindVideo, 1, nil, []string{"films"}, ""},
	} {
		s := storage.New(storage.Config{
			Stores: stores, Default: "local", Rules: rules,
			Usage: func(context.Context) (map[string]int64, error) { return test.used, nil },
		})
		name, st, err := s.Place(t.Context(), test.kind, test.size, test.except...)
		if test.want == "" {
			if !errors.Is(err, storage.ErrFull) || !vitrine.Is(err, vitrine.CodeNoSpace) || st != nil {
				t.Errorf("%s: got %q, %v", test.name, name, err)
			}
			continue
		}
		if err != nil || name != test.want || st != stores[test.want] {
			t.Errorf("%s: got %q, %v", test.name, name, err)
		}
	}
}

// What was placed counts before the rows tell of it, and the rows are asked once.
func TestPlaceCounts(t *testing.T) {
	t.Parallel()
	asked := 0
	s := storage.New(storage.Config{
		Stores: map[string]storage.Store{"a": &named{}, "b": &named{}}, Default: "b", Rules: map[string]storage.Rules{"b": {Capacity: 100}},
		Usage: func(context.Context) (map[string]int64, error) { asked++; return map[string]int64{"b": 30}, nil },
	})
	var names string
	for range 4 {
		name, _, err := s.Place(t.Context(), vitrine.KindImage, 30)
		if err != nil {
			t.Fatal(err)
		}
		names += name
	}
	if names != "bbaa" || asked != 1 {
		t.Errorf("went to %s, asked %d times", names, asked)
	}
	broken := errors.New("no rows")
	s = storage.New(storage.Config{
		Stores: map[string]storage.Store{"a": &named{}}, Default: "a", Rules: map[string]storage.Rules{"a": {Capacity: 1}},
		Usage: func(context.Context) (map[string]int64, error) { return nil, broken },
	})
	if _, _, err := s.Place(t.Context(), vitrine.KindImage, 1); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
