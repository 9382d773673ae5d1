package upload

import (
	"context"
	"sync"
	"sync/atomic"

	"vitrine/internal/vitrine"
)

// turns lets a bounded number of uploads through at once, since what rendering
// leaves in the spool stays there until it is stored. A bounded number of others
// may wait; whoever comes then is sent away at once.
type turns struct {
	slots   chan struct{}
	waiting atomic.Int64
	most    int64
}

func newTurns(active, waiting int) *turns {
	return &turns{slots: make(chan struct{}, active), most: int64(waiting)}
}

// take waits for a turn, which leave gives back. It returns CodeBusy where too
// many wait already.
func (t *turns) take(ctx context.Context) (leave func(), err error) {
	leave = func() { <-t.slots }
	select {
	case t.slots <- struct{}{}:
		return leave, nil
	default:
	}
	defer t.waiting.Add(-1)
	if t.waiting.Add(1) > t.most {
		err := vitrine.Errorf(vitrine.CodeBusy, "Too many uploads at the moment, please try again in a few seconds")
		err.RetryAfter = 5
		return nil, err
	}
	select {
	case t.slots <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
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
