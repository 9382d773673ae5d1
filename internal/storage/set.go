package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"vitrine/internal/vitrine"
)

// Set is the stores of a site by name; rows hold the names. One of them is the
// default, which is the first to be asked to take new objects. A Set is safe for
// many goroutines.
type Set struct {
	stores      map[string]Store
	rules       map[string]Rules
	defaultName string
	usage       func(context.Context) (map[string]int64, error)

	mu     sync.Mutex
	read   time.Time        // when used was read
	used   map[string]int64 // bytes by name
	placed map[string]int64 // bytes that Place gave away since
}

// Rules say what a store takes. The zero value takes everything.
type Rules struct {
	Capacity int64        // bytes of all its files; 0: no limit
	Kind     vitrine.Kind // empty: both
	Full     bool         // it takes nothing new
}

// Takes reports whether files of the kind may go into the store at all.
func (r Rules) Takes(kind vitrine.Kind) bool { return !r.Full && (r.Kind == "" || r.Kind == kind) }

// Config says what a Set is made of.
type Config struct {
	Stores  map[string]Store
	Default string           // the name of one of the stores
	Rules   map[string]Rules // by name; those without take everything
	// Usage tells how many bytes of files the stores hold, by name. It is asked at
	// most once a second, and never if no store has a capacity. nil: nothing is used.
	Usage func(context.Context) (map[string]int64, error)
}

// New makes a Set of stores with rules.
func New(c Config) *Set {
	return &Set{
		stores: maps.Clone(c.Stores), rules: maps.Clone(c.Rules), defaultName: c.Default, usage: c.Usage,
		placed: make(map[string]int64),
	}
}

// NewSet makes a Set of stores that take everything. The default must be among
// the stores for Default and Place to be of use; Names and Get work without.
func NewSet(stores map[string]Store, defaultName string) *Set {
	return New(Config{Stores: stores, Default: defaultName})
}

// Default is the store that is asked first to take new objects, nil if the Set
// was made without.
func (s *Set) Default() (name string, st Store) { return s.defaultName, s.stores[s.defaultName] }

// Get gives the store of the name, an internal error if there is none: rows
// name only stores that once were configured.
func (s *Set) Get(name string) (Store, error) {
	if st, ok := s.stores[name]; ok {
		return st, nil
	}
	return nil, fmt.Errorf("storage %q is not configured", name)
}

// Rules are those of the store of the name.
func (s *Set) Rules(name string) Rules { return s.rules[name] }

// Names are the names of all stores in order.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.stores)) }

// inOrder are the names in the order in which they are asked: the default first.
func (s *Set) inOrder() []string {
	names := s.Names()
	if i := slices.Index(names, s.defaultName); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, s.defaultName)
	}
	return names
}

// usageTime is how old what is known of the usage may be.
const usageTime = time.Second

// Place says which store takes a new file of the kind that needs size bytes with
// its variants: the first one with room, the default before the others by name.
// Stores in except are passed over: they said ErrNoSpace. If there is none left
// it returns ErrFull. A capacity is exceeded at most by what other nodes store
// within a second and by what is on its way.
func (s *Set) Place(ctx context.Context, kind vitrine.Kind, size int64, except ...string) (name string, st Store, err error) {
	for _, name := range s.inOrder() {
		rules := s.rules[name]
		if !rules.Takes(kind) || slices.Contains(except, name) {
			continue
		}
		room, err := s.take(ctx, name, rules.Capacity, size)
		if err != nil {
			return "", nil, err
		}
		if room {
			return name, s.stores[name], nil
		}
	}
	return "", nil, ErrFull
}

// Room reports whether the store has room for size bytes more, whatever kinds it
// takes and even if it takes nothing new: who asks moves files there on purpose.
// The bytes count as used from now on.
func (s *Set) Room(ctx context.Context, name string, size int64) (bool, error) {
	return s.take(ctx, name, s.rules[name].Capacity, size)
}

// take counts size bytes for the store if that is within its capacity.
func (s *Set) take(ctx context.Context, name string, capacity, size int64) (bool, error) {
	if capacity == 0 {
		return true, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.usage != nil && time.Since(s.read) > usageTime {
		used, err := s.usage(ctx)
		if err != nil {
			return false, fmt.Errorf("reading the usage of storages: %w", err)
		}
		s.used, s.read = used, time.Now()
		clear(s.placed)
	}
	if s.used[name]+s.placed[name]+size > capacity {
		return false, nil
	}
	s.placed[name] += size
	return true, nil
}
