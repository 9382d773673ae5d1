package sched

import (
	"runtime"
	"sync"
	"time"
)

// linger is how long a crowd is expected to come back: telling the runtime of another
// number of processors stops everything for a moment.
const linger = 10 * time.Second

// crowd is work whose threads get in the way of others.
type crowd struct {
	linger time.Duration
	tell   func(processors int)

	mu      sync.Mutex
	adapts  bool
	members int
	wide    bool
	leaves  *time.Timer // nil: none has left yet
}

var everybody = &crowd{linger: linger, tell: func(n int) { runtime.GOMAXPROCS(n) }}

// Adapt lets Crowd have its effect in this process from now on.
func Adapt() {
	everybody.mu.Lock()
	defer everybody.mu.Unlock()
	everybody.adapts = true
}

// Crowd is for work that makes many threads wait for the disk and for the kernel, such
// as an upload. From its begin until some seconds after leave, the runtime is told of
// twice as many processors and two more, if Adapt was called. A thread keeps one of
// those also while the kernel lets others run in its place or while it waits for the
// disk, and the runtime takes it back after up to 10 ms only; meanwhile views need
// others. Without such threads, more processors than there are cost a tenth of the views
// and more.
func Crowd() (leave func()) { return everybody.enter() }

func (c *crowd) enter() (leave func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.members++; c.adapts && !c.wide {
		c.wide = true
		c.tell(2*processors + 2)
	}
	return sync.OnceFunc(c.leave)
}

func (c *crowd) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.members--; c.members > 0 || !c.wide {
		return
	}
	if c.leaves == nil {
		c.leaves = time.AfterFunc(c.linger, c.over)
	} else {
		c.leaves.Reset(c.linger)
	}
}

// over is when nobody came back. A timer that has not been stopped in time finds
// somebody there.
func (c *crowd) over() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.members == 0 && c.wide {
		c.wide = false
		c.tell(processors)
	}
}
