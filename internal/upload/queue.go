package upload

import (
	"net/netip"
	"sync"
	"time"

	"vitrine/internal/sched"
	"vitrine/internal/vitrine"
)

const (
	// slowAfter is how long a body that is being received counts as one that will
	// soon want a turn. Whoever takes longer holds no place of the queue.
	slowAfter = 10 * time.Second
	// longestWait is what an upload may have to wait for its turn, as far as can be
	// told. Proxies give up on a silent server after a minute.
	longestWait = 45 * time.Second
)

// queue decides at the door who may come in. Its places are those of uploads that
// have a turn or wait for one, and of those whose bodies will be there soon.
// Bodies that are still being received have a bound of their own.
type queue struct {
	active, waiting, receiving int // the most of each
	clock                      func() time.Time
	random                     func([]byte)
	turns                      *turns

	mu       sync.Mutex
	sources  map[source]*crowd
	arriving int       // tickets whose bodies are being received
	soon     int       // of them: those that count as places of the queue
	queued   int       // tickets whose bodies are there
	young    []*Ticket // those of soon, and some that left, by age
	refused  uint64
}

// source is who is asking: an account, or the address of a guest.
type source struct {
	user int64
	from netip.Prefix
}

// crowd is what one source has in the house.
type crowd struct{ arriving, soon, queued int }

func newQueue(c Config) *queue {
	return &queue{
		active: c.Active, waiting: c.Waiting, receiving: c.Receiving, clock: c.Clock, random: c.Random,
		turns: newTurns(c.Active, c.Clock), sources: make(map[source]*crowd),
	}
}

// sourceOf gives the addresses of an IPv6 network (/64) to one client.
func sourceOf(a vitrine.Actor) source {
	if !a.Guest() {
		return source{user: a.UserID()}
	}
	bits := 64
	from := a.Address.Unmap()
	if from.Is4() {
		bits = 32
	}
	p, err := from.Prefix(bits)
	if err != nil {
		return source{} // no address: all of these are one
	}
	return source{from: p}
}

// enter gives a place to one more body that is about to be received, or refuses
// with CodeBusy.
func (q *queue) enter(s source) (*Ticket, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.age()
	mine := q.sources[s]
	if mine == nil {
		mine = &crowd{}
	}
	full := q.arriving >= q.receiving || q.queued+q.soon >= q.active+q.waiting || q.turns.wait(q.queued+q.soon) > longestWait
	n := len(q.sources)
	if mine.arriving+mine.queued == 0 {
		n++
	}
	greedy := overShare(q.receiving, q.arriving, mine.arriving, n) || overShare(q.active+q.waiting, q.queued+q.soon, mine.queued+mine.soon, n)
	if full || greedy {
		q.refused++
		return nil, q.busy(greedy && !full)
	}
	q.sources[s] = mine
	t := &Ticket{queue: q, source: s, since: q.clock(), leaves: sched.Crowd(), soon: true}
	q.arriving, q.soon, mine.arriving, mine.soon = q.arriving+1, q.soon+1, mine.arriving+1, mine.soon+1
	q.young = append(q.young, t)
	return t, nil
}

// overShare reports whether a source that holds so many of the places must not
// have another one: where more than half are taken, each of the sources may have
// an equal part of three quarters. The last quarter is for those who come next.
func overShare(places, taken, mine, sources int) bool {
	return taken >= (places+1)/2 && mine >= max(1, (places-places/4)/sources)
}

// age lets go of what has been received for too long.
func (q *queue) age() {
	limit := q.clock().Add(-slowAfter)
	for len(q.young) > 0 {
		t := q.young[0]
		if t.soon && t.since.After(limit) {
			return
		}
		q.young[0] = nil
		q.young = q.young[1:]
		q.notSoon(t)
	}
}

// notSoon takes the ticket out of those whose bodies will be there soon.
func (q *queue) notSoon(t *Ticket) {
	if t.soon {
		t.soon = false
		q.soon--
		q.sources[t.source].soon--
	}
}

// busy is the refusal, with the time after which it should go better: when what
// waits now has been worked off, give or take the half, so that not all come back
// at the same moment.
func (q *queue) busy(greedy bool) error {
	err := vitrine.Errorf(vitrine.CodeBusy, "Too many uploads at the moment, please try again in a few seconds")
	if greedy {
		err.Message = "Too many of your uploads are on their way, please wait for some of them to end"
	}
	err.RetryAfter = q.retryAfter(q.turns.wait(q.queued + q.soon))
	return err
}

// retryAfter is a span in seconds, 1 to 60, give or take the half.
func (q *queue) retryAfter(wait time.Duration) int {
	const unknown = 5 * time.Second
	if wait <= 0 {
		wait = unknown
	}
	var chance [1]byte
	q.random(chance[:])
	wait = min(wait, 40*time.Second)
	wait = wait/2 + wait*time.Duration(chance[0])/255
	return min(60, max(1, int((wait+time.Second-1)/time.Second)))
}

// Ticket is a place in the house: of one upload, or of one form with several. It
// is given at the door, before the body is read, so that nobody sends what would
// then be refused. Whoever got it must Leave. It is safe for many goroutines.
type Ticket struct {
	service *Service
	queue   *queue
	source  source
	since   time.Time
	leaves  func() // the crowd of uploads that views go before

	// Under the lock of the queue.
	soon, arrived, left bool
}

// arrive says that the body is there: from now on the ticket has a place in the
// queue, however full that is.
func (t *Ticket) arrive() {
	q := t.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.arrived || t.left {
		return
	}
	t.arrived = true
	q.notSoon(t)
	mine := q.sources[t.source]
	q.arriving, mine.arriving = q.arriving-1, mine.arriving-1
	q.queued, mine.queued = q.queued+1, mine.queued+1
}

// Leave gives the place back. It is safe to call twice, and on nil.
func (t *Ticket) Leave() {
	if t == nil {
		return
	}
	q := t.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.left {
		return
	}
	t.left = true
	t.leaves()
	mine := q.sources[t.source]
	if q.notSoon(t); t.arrived {
		q.queued, mine.queued = q.queued-1, mine.queued-1
	} else {
		q.arriving, mine.arriving = q.arriving-1, mine.arriving-1
	}
	if *mine == (crowd{}) {
		delete(q.sources, t.source)
	}
}
