package cluster_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
)

// file is an upload that was acknowledged.
type file struct {
	title               string // unique
	path                string // of the original, below any node
	page, thumb, medium string
	remove              string // path that deletes it
	size                int64
	thumbSize           int64
	mediumSize          int64
	digest              [sha256.Size]byte
	round               int // in which it was uploaded
}

// fate is what became of an upload.
type fate string

const (
	acknowledged fate = "acknowledged" // 200: it must be there
	refused      fate = "refused"      // answered with a reason: it must not be there
	failed       fate = "failed"       // 500: there as a whole or not at all
	unknown      fate = "unknown"      // the answer was lost: there as a whole or not at all
)

// ledger is what the site has promised to its clients.
type ledger struct {
	albums   []string
	category string

	mu      sync.Mutex
	round   int
	number  int
	files   map[string]*file // by title
	deleted map[string]*file // those whose deletion was acknowledged
	fates   map[string]fate  // of all uploads, by title
	order   []*file          // of files, those deleted too; for viewers
}

func newLedger() *ledger {
	return &ledger{files: make(map[string]*file), deleted: make(map[string]*file), fates: make(map[string]fate)}
}

// title is a new name for an upload.
func (l *ledger) title() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.number++
	return fmt.Sprintf("upload %06d", l.number)
}

// note writes down what became of an upload; f is nil unless it was acknowledged.
func (l *ledger) note(title string, became fate, f *file) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fates[title] = became
	if f != nil {
		f.round = l.round
		l.files[title] = f
		l.order = append(l.order, f)
	}
}

// has reports whether a file must be there.
func (l *ledger) has(f *file) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.files[f.title] == f
}

// leave takes a file out of what must be there, before it is deleted.
func (l *ledger) leave(f *file) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.files, f.title)
	l.order = slices.DeleteFunc(l.order, func(o *file) bool { return o == f })
	l.fates[f.title] = unknown
}

// gone notes a deletion that was acknowledged.
func (l *ledger) gone(f *file) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deleted[f.title] = f
	l.fates[f.title] = refused
}

// any is a file that must be there, one of the latest more likely; nil if there
// is none.
func (l *ledger) any() *file {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.order)
	if n == 0 {
		return nil
	}
	if n > 50 && rand.IntN(2) == 0 {
		return l.order[n-1-rand.IntN(50)]
	}
	return l.order[rand.IntN(n)]
}

// next begins a round.
func (l *ledger) next() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.round++
}

// kept are the files that must be there: those of this round, and some of the
// others; all if everything.
func (l *ledger) kept(everything bool) []*file {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []*file
	for _, f := range l.files {
		if everything || f.round == l.round || rand.IntN(10) == 0 {
			list = append(list, f)
		}
	}
	return list
}

// wanted is a copy of what became of every upload, and the acknowledged deletions.
func (l *ledger) wanted() (fates map[string]fate, deleted []*file) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.fates), slices.Collect(maps.Values(l.deleted))
}
