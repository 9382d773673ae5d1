package upload

import (
	"context"
	"slices"
	"sync"
	"time"
)

// turns lets a bounded number of uploads through at once, since what rendering
// leaves in the spool stays there until it is stored. Those who wait are served
// source by source, one each, so that nobody waits for the whole heap of another.
// Who may wait at all is decided by the queue.
type turns struct {
	most  int
	clock func() time.Time

	mu      sync.Mutex
	running int
	waiting int
	lines   []*line       // in the order of their next turn; none is empty
	mean    time.Duration // of a turn, lately
	begun   time.Duration // sum of the beginnings of running turns, since start
	start   time.Time
}

// line are those of one source who wait.
type line struct {
	source  source
	waiters []*turn
}

// turn is one upload's.
type turn struct {
	begun chan struct{} // closed when it begins
	since time.Duration // when it began, since the start of all
}

func newTurns(most int, clock func() time.Time) *turns {
	return &turns{most: most, clock: clock, start: clock()}
}

// take waits for a turn, which leave gives back.
func (t *turns) take(ctx context.Context, s source) (leave func(), err error) {
	mine := &turn{begun: make(chan struct{})}
	leave = func() { t.end(mine) }
	t.mu.Lock()
	if t.running < t.most {
		t.running++
		t.begin(mine)
		t.mu.Unlock()
		return leave, nil
	}
	t.waiting++
	i := slices.IndexFunc(t.lines, func(l *line) bool { return l.source == s })
	if i < 0 {
		i = len(t.lines)
		t.lines = append(t.lines, &line{source: s})
	}
	t.lines[i].waiters = append(t.lines[i].waiters, mine)
	t.mu.Unlock()

	select {
	case <-mine.begun:
		return leave, nil
	case <-ctx.Done():
		if !t.forget(s, mine) {
			leave() // it began at the same moment
		}
		return nil, context.Cause(ctx)
	}
}

// begin starts the time of a turn.
func (t *turns) begin(mine *turn) {
	mine.since = t.clock().Sub(t.start)
	t.begun += mine.since
	close(mine.begun)
}

// end hands a turn to the first of the next source.
func (t *turns) end(mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun -= mine.since
	t.learn(t.clock().Sub(t.start) - mine.since)
	if len(t.lines) == 0 {
		t.running--
		return
	}
	l := t.lines[0]
	next := l.waiters[0]
	l.waiters, t.lines = slices.Delete(l.waiters, 0, 1), slices.Delete(t.lines, 0, 1)
	if len(l.waiters) > 0 {
		t.lines = append(t.lines, l)
	}
	t.waiting--
	t.begin(next)
}

// learn keeps the mean of the last turns, the latest weighing most.
func (t *turns) learn(took time.Duration) {
	if t.mean == 0 {
		t.mean = took
	}
	t.mean += (took - t.mean) / 16
}

// forget takes a waiter away; false if its turn has come.
func (t *turns) forget(s source, waiter *turn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, l := range t.lines {
		if l.source != s {
			continue
		}
		if j := slices.Index(l.waiters, waiter); j >= 0 {
			l.waiters = slices.Delete(l.waiters, j, j+1)
			if len(l.waiters) == 0 {
				t.lines = slices.Delete(t.lines, i, i+1)
			}
			t.waiting--
			return true
		}
	}
	return false
}

// wait estimates how long it takes until so many uploads are through, by
// Little's law: as many end in a second as are at work, divided by the seconds
// that each takes. Where nothing has ended lately, the age of those at work is
// the better measure. 0: nobody has to wait, or nothing is known.
func (t *turns) wait(ahead int) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running < t.most {
		return 0
	}
	age := t.clock().Sub(t.start) - t.begun/time.Duration(t.running)
	return time.Duration(ahead) * max(t.mean, age) / time.Duration(t.running)
}

// count tells how many have a turn and how many wait.
func (t *turns) count() (running, waiting int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.running, t.waiting
}

// locks holds one lock for each key that is in use.
type locks struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed when the holder is done
}

// lock waits until nobody else holds the key.
func (l *locks) lock(ctx context.Context, key string) (unlock func(), err error) {
	for {
		unlock, other := l.try(key)
		if other == nil {
			return unlock, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// try takes the key if nobody holds it; if somebody does, other is closed when
// they are done.
func (l *locks) try(key string) (unlock func(), other <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if other, held := l.held[key]; held {
		return nil, other
	}
	if l.held == nil {
		l.held = make(map[string]chan struct{})
	}
	mine := make(chan struct{})
	l.held[key] = mine
	return func() {
		l.mu.Lock()
		delete(l.held, key)
		l.mu.Unlock()
		close(mine)
	}, nil
}
