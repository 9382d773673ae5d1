package catalog

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

const (
	viewAgain   = time.Hour // after which the same visitor counts again
	viewSeen    = 100_000   // visits remembered in each generation, of about 40 bytes
	viewWaiting = 100_000   // files and albums with views that are not written yet
)

// viewed is what was looked at.
type viewed struct {
	id    int64
	album bool
}

// views counts in memory. Visitors are remembered as numbers that mean nothing to
// another process, nor to this one after its end.
type views struct {
	salt maphash.Seed

	mu       sync.Mutex
	waiting  map[viewed]int64
	now, old map[uint64]time.Time // when a visit was counted; old is the generation before
	began    time.Time            // of the generation now
}

func newViews() *views {
	return &views{salt: maphash.MakeSeed(), waiting: make(map[viewed]int64), now: make(map[uint64]time.Time)}
}

// count counts a visit, unless it is one again.
func (v *views) count(what viewed, from netip.Addr, agent string, at time.Time) {
	visit := v.visit(what, from, agent)
	v.mu.Lock()
	defer v.mu.Unlock()
	if at.Sub(v.began) >= viewAgain || len(v.now) >= viewSeen {
		v.old, v.now, v.began = v.now, make(map[uint64]time.Time), at
	}
	last, seen := v.now[visit]
	if !seen {
		last, seen = v.old[visit]
	}
	if seen && at.Sub(last) < viewAgain {
		return
	}
	v.now[visit] = at
	if _, known := v.waiting[what]; known || len(v.waiting) < viewWaiting {
		v.waiting[what]++
	}
}

// visit is a number for who looked at what.
func (v *views) visit(what viewed, from netip.Addr, agent string) uint64 {
	var b [9]byte
	binary.LittleEndian.PutUint64(b[:], uint64(what.id))
	if what.album {
		b[8] = 1
	}
	address := household(from).As16()
	var h maphash.Hash
	h.SetSeed(v.salt)
	_, _ = h.Write(b[:])
	_, _ = h.Write(address[:])
	_, _ = h.WriteString(agent)
	return h.Sum64()
}

// take returns what is waiting, to be written.
func (v *views) take() map[viewed]int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	w := v.waiting
	v.waiting = make(map[viewed]int64)
	return w
}

// giveBack takes back what could not be written, as far as there is room.
func (v *views) giveBack(w map[viewed]int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for what, n := range w {
		if _, known := v.waiting[what]; known || len(v.waiting) < viewWaiting {
			v.waiting[what] += n
		}
	}
}
