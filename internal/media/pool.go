package media

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"vitrine/internal/sched"
)

const (
	// recycleResident and recycleJobs say when a decoder that grew is replaced: it
	// holds this much between jobs, and has earned its start.
	recycleResident = 192 << 20
	recycleJobs     = 16
	// grace is how much longer than the decoder's own patience the server waits.
	grace = time.Second
)

// pool gives jobs to decoders: as many at a time as there are decoders, within
// the budget of memory, with a bounded number waiting.
type pool struct {
	cfg    Config
	log    *slog.Logger
	room   *semaphore.Weighted // bytes that running jobs may take
	slots  chan struct{}       // one for each decoder that may always work
	rest   chan struct{}       // for the others, while there are not many views
	ctx    context.Context     // ends with close; the pool's own, not a caller's
	cancel context.CancelCauseFunc
	jobs   sync.WaitGroup

	mu      sync.Mutex
	waiting int
	running int
	taken   int64    // estimated bytes of what runs
	idle    []*child // started and free; the one used last is taken first, so that few stay warm
	closed  bool

	audience audience
	meter    *meter

	starts    chan func() // run by the starter
	startOnce sync.Once
	started   sync.WaitGroup
}

var errClosed = errors.New("the service is closed")

func newPool(c Config) *pool {
	ctx, cancel := context.WithCancelCause(context.Background())
	always := max(1, min(c.Decoders, sched.Processors()-1))
	return &pool{
		cfg: c, log: c.Logger, room: semaphore.NewWeighted(c.Budget), slots: make(chan struct{}, always), rest: make(chan struct{}, c.Decoders-always),
		ctx: ctx, cancel: cancel, starts: make(chan func()), meter: newMeter(),
	}
}

// do runs one job in a decoder. weight is what it is estimated to take; at most
// queue jobs may be waiting already. A job that hangs, or whose decoder dies, is
// an error about the picture; the decoder is replaced.
func (p *pool) do(ctx context.Context, req *request, weight int64, queue int) (*response, error) {
	if !p.enter(queue) {
		return nil, busy(nil)
	}
	defer p.jobs.Done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.ctx, func() { cancel(busy(errClosed)) })()

	leave, err := p.admit(ctx, min(weight, p.cfg.Budget))
	if err != nil {
		return nil, err
	}
	defer leave()
	for attempt := 0; ; attempt++ {
		c, err := p.take(ctx)
		if err != nil {
			return nil, err
		}
		fresh, start := c.jobs == 0, time.Now()
		answer, err := c.call(ctx, req, p.cfg.Timeout)
		p.meter.ran(req.Op, req.Format, start)
		if err == nil {
			p.give(c, answer.Resident)
			if answer.Fault != nil {
				return nil, answer.Fault.err()
			}
			return answer, nil
		}
		c.kill()
		switch {
		case ctx.Err() != nil:
			p.meter.ends.WithLabelValues(endAbandoned).Inc()
			return nil, context.Cause(ctx)
		case errors.Is(err, errTooSlow):
			p.meter.ends.WithLabelValues(endSlow).Inc()
			p.log.WarnContext(ctx, "decoder took too long", "op", req.Op, "format", req.Format, "timeout", p.cfg.Timeout)
			return nil, tooHard(err)
		}
		p.meter.ends.WithLabelValues(endDied).Inc()
		if attempt == 0 && !fresh {
			// An earlier picture may have left it in a bad state: this one gets
			// another chance.
			p.log.WarnContext(ctx, "decoder died, trying once more", "op", req.Op, "format", req.Format, "err", err, "output", c.lastWords())
			continue
		}
		p.log.WarnContext(ctx, "decoder died", "op", req.Op, "format", req.Format, "err", err, "output", c.lastWords())
		return nil, tooHard(err)
	}
}

// enter counts a job in, unless too many wait.
func (p *pool) enter(queue int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.waiting >= queue {
		p.meter.refused.Inc()
		return false
	}
	p.waiting++
	p.jobs.Add(1)
	return true
}

// admit waits for a decoder to be free and then for room in memory.
func (p *pool) admit(ctx context.Context, weight int64) (leave func(), err error) {
	start := time.Now()
	defer func() {
		p.meter.wait.Observe(time.Since(start).Seconds())
		p.mu.Lock()
		p.waiting--
		p.mu.Unlock()
	}()
	free, err := p.place(ctx)
	if err != nil {
		return nil, err
	}
	if p.room.Acquire(ctx, weight) != nil {
		free()
		return nil, context.Cause(ctx)
	}
	p.count(1, weight)
	return func() {
		p.count(-1, -weight)
		p.room.Release(weight)
		free()
	}, nil
}

// place waits for a decoder to be free. While there are many views, one processor
// is left to them, if there are several: the kernel lets even the nicest process
// finish its tick of 4 ms now and then.
func (p *pool) place(ctx context.Context) (free func(), err error) {
	for {
		rest := p.rest
		if p.audience.many(time.Now()) {
			rest = nil // nobody gets that
		}
		select {
		case p.slots <- struct{}{}:
			return func() { <-p.slots }, nil
		case rest <- struct{}{}:
			return func() { <-p.rest }, nil
		case <-time.After(time.Second): // there may be fewer views
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// count keeps what Service.Load tells.
func (p *pool) count(jobs int, weight int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running += jobs
	p.taken += weight
}

// take returns an idle decoder, or starts one.
func (p *pool) take(ctx context.Context) (*child, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	c, err := p.start()
	if err != nil {
		return nil, internal(err)
	}
	return c, nil
}

// start starts a decoder from the one thread that lives as long as the pool:
// the kernel kills a child when the thread that started it ends.
func (p *pool) start() (c *child, err error) {
	p.startOnce.Do(func() {
		p.started.Add(1)
		go func() {
			defer p.started.Done()
			runtime.LockOSThread() // for good: the thread ends with the goroutine
			sched.Background(0)
			for f := range p.starts {
				f()
			}
		}()
	})
	done := make(chan struct{})
	p.starts <- func() {
		defer close(done)
		c, err = startChild(p.cfg)
		p.meter.starts.Inc()
	}
	<-done
	return c, err
}

// give takes a decoder back after a job, or ends it if it grew.
func (p *pool) give(c *child, resident int64) {
	c.jobs++
	if resident > recycleResident && c.jobs >= recycleJobs {
		p.meter.ends.WithLabelValues(endGrew).Inc()
		p.log.Info("decoder replaced because it grew", "jobs", c.jobs, "resident", resident)
		c.kill()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, c)
}

// close ends every job and every decoder, and waits for them. Safe twice.
func (p *pool) close() {
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	p.mu.Unlock()
	p.cancel(errClosed)
	p.jobs.Wait()
	if !first {
		return
	}
	for _, c := range p.idle {
		c.kill()
	}
	p.idle = nil
	close(p.starts)
	p.started.Wait()
}
