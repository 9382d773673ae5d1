package upkeep

import (
	"context"
	"io"
	"sync"
	"time"
)

// pace keeps all readers together at so many bytes a second; 0 is no limit.
type pace struct {
	perSecond int64
	mu        sync.Mutex
	next      time.Time // when the next byte may go
}

// wait returns when n bytes more may have gone.
func (p *pace) wait(ctx context.Context, n int) error {
	if p.perSecond <= 0 || n == 0 {
		return ctx.Err()
	}
	p.mu.Lock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	p.next = p.next.Add(time.Duration(float64(n) / float64(p.perSecond) * float64(time.Second)))
	pause := p.next.Sub(now)
	p.mu.Unlock()
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pacedReader reads at the pace and tells how much it has read.
type pacedReader struct {
	ctx  context.Context // of the one call that made the reader
	r    io.Reader
	pace *pace
	seen func(n int)
}

func (p *pacedReader) Read(b []byte) (int, error) {
	if p.pace.perSecond > 0 && len(b) > 64<<10 {
		b = b[:64<<10]
	}
	n, err := p.r.Read(b)
	p.seen(n)
	if e := p.pace.wait(p.ctx, n); e != nil {
		return n, e
	}
	return n, err
}
