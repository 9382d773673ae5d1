package fileserver

import (
	"net/netip"
	"sync"

	"vitrine/internal/vitrine"
)

// How many archives are sent at once.
const (
	mostArchives = 8
	mostEach     = 2 // to one address
)

// turns counts who is being sent an archive.
type turns struct {
	mu    sync.Mutex
	total int
	each  map[netip.Addr]int
}

// enter takes a turn until leave is called: CodeFlood for an address that has
// enough, CodeBusy while all are taken.
func (t *turns) enter(from netip.Addr) (leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.each[from] >= mostEach:
		return nil, vitrine.Errorf(vitrine.CodeFlood, "Too many archives at once")
	case t.total >= mostArchives:
		return nil, vitrine.Errorf(vitrine.CodeBusy, "Too many archives at once")
	}
	t.each[from]++
	t.total++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.total--
		if t.each[from]--; t.each[from] == 0 {
			delete(t.each, from)
		}
	}, nil
}
