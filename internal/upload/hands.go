package upload

import (
	"sync/atomic"
	"time"

	"vitrine/internal/sched"
)

// handPatience is how long a body that is being worked on may wait for more bytes
// before another one is.
const handPatience = 500 * time.Microsecond

// hands bounds how many bodies are read and digested at the same moment, to half
// of the processors. Hundreds of them would otherwise stand before every view in the
// queues of the scheduler, which knows no priorities.
type hands chan struct{}

func newHands() hands { return make(hands, max(1, sched.Processors()/2)) }

// hold is a hand that works on one body. It goes away by itself after
// handPatience, so that a body that waits for the network keeps none.
type hold struct {
	hands hands
	timer *time.Timer
	mine  atomic.Bool
}

// take waits for a hand.
func (h *hold) take() {
	h.hands <- struct{}{}
	h.mine.Store(true)
	if h.timer == nil {
		h.timer = time.AfterFunc(handPatience, h.drop)
	} else {
		h.timer.Reset(handPatience)
	}
}

// keep makes sure of the hand for work that waits for nobody. drop must follow.
func (h *hold) keep() {
	if !h.timer.Stop() && !h.mine.Load() {
		h.hands <- struct{}{}
		h.mine.Store(true)
	}
}

// drop gives the hand back, if it is not gone.
func (h *hold) drop() {
	if h.mine.CompareAndSwap(true, false) {
		<-h.hands
	}
}
