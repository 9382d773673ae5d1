package upkeep

import (
	"context"
	"fmt"
	"slices"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// Service moves and verifies. It is safe for many goroutines, and beside others on
// other nodes.
type Service struct{ c Config }

// New checks the configuration.
func New(c Config) (*Service, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &Service{c: c.withDefaults()}, nil
}

// Problem is something that is wrong with what is stored.
type Problem struct {
	File    *vitrine.File // nil: it belongs to none
	Storage string
	Key     string // empty: it is not about one object
	Text    string // what is wrong, in a few plain words
	Mended  bool
}

// State describes one storage.
type State struct {
	Name    string
	Known   bool // it is configured
	Default bool
	Rules   storage.Rules
	Files   int64
	Bytes   int64
	Free    int64 // bytes of room that its place has; -1: unknown
	Err     error // why it cannot be used now; nil: it can
}

// States describes all storages that are configured or that have files, by name.
func (s *Service) States(ctx context.Context) ([]State, error) {
	used, err := s.c.DB.StorageUsage(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the usage of storages: %w", err)
	}
	names := s.c.Stores.Names()
	for _, u := range used {
		if u.Files != 0 && !slices.Contains(names, u.Storage) {
			names = append(names, u.Storage)
		}
	}
	slices.Sort(names)
	defaultName, _ := s.c.Stores.Default()
	list := make([]State, len(names))
	for i, name := range names {
		st := State{Name: name, Default: name == defaultName, Rules: s.c.Stores.Rules(name), Free: -1}
		if at := slices.IndexFunc(used, func(u db.StorageUsage) bool { return u.Storage == name }); at >= 0 {
			st.Files, st.Bytes = used[at].Files, used[at].Bytes
		}
		var store storage.Store
		if store, st.Err = s.c.Stores.Get(name); st.Err == nil {
			st.Known, st.Err = true, store.Check(ctx)
			if free, known := storage.Free(ctx, store); known {
				st.Free = free
			}
		}
		list[i] = st
	}
	return list, nil
}
