package storage

import (
	"fmt"
	"maps"
	"slices"
)

// Set is the stores of a site by name; rows hold the names. One of them is the
// default, which takes new objects. A Set is fixed once made and safe for many
// goroutines.
type Set struct {
	stores      map[string]Store
	defaultName string
}

// NewSet makes a Set. The default must be among the stores for Default to be
// of use; Names and Get work without.
func NewSet(stores map[string]Store, defaultName string) *Set {
	return &Set{stores: maps.Clone(stores), defaultName: defaultName}
}

// Default is the store that takes new objects, nil if the Set was made without.
func (s *Set) Default() (name string, st Store) { return s.defaultName, s.stores[s.defaultName] }

// Get gives the store of the name, an internal error if there is none: rows
// name only stores that once were configured.
func (s *Set) Get(name string) (Store, error) {
	if st, ok := s.stores[name]; ok {
		return st, nil
	}
	return nil, fmt.Errorf("storage %q is not configured", name)
}

// Names are the names of all stores in order.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.stores)) }
