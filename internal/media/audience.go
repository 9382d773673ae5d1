package media

import (
	"sync/atomic"
	"time"
)

// manyViews is how many views in a second make decoders leave one processor to
// them. The page of somebody who uploads one picture after the other stays below.
const manyViews = 50

// audience counts views by the second. The zero value has seen none.
type audience struct {
	second        atomic.Int64 // of the Unix time, that is being counted
	count, before atomic.Int64 // views in it, and in the one before
}

// seen counts one.
func (a *audience) seen(now time.Time) {
	s := now.Unix()
	if last := a.second.Load(); last != s && a.second.CompareAndSwap(last, s) {
		n := a.count.Swap(0)
		if last != s-1 {
			n = 0
		}
		a.before.Store(n)
	}
	a.count.Add(1)
}

// many reports whether there are manyViews now, or were a moment ago.
func (a *audience) many(now time.Time) bool {
	switch now.Unix() - a.second.Load() {
	case 0:
		return max(a.count.Load(), a.before.Load()) >= manyViews
	case 1:
		return a.count.Load() >= manyViews
	}
	return false
}
