package db

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	// clockEvery is how often a Clock asks the database for the time.
	clockEvery = 10 * time.Second
	// clockLimit bounds how long it waits for the answer.
	clockLimit = 5 * time.Second
	// clockDoubt is how long an answer may take to be better than an earlier one: the time
	// is known to half of that.
	clockDoubt = 500 * time.Millisecond
	// clockPatience is when an earlier answer is too old to be better.
	clockPatience = 5 * time.Minute
	// clockOff is how far the clock of this machine may be off before the log says so.
	clockOff = 2 * time.Second
)

// Clock is the time that all nodes agree on: that of the database. What one node writes
// and another compares (when a file expires, when a session ends, who holds a lease) goes
// by it, so that a node whose own clock is wrong loses nothing and ends nothing early.
//
// Between two answers of the database it goes on by the time that passes here, which
// does not depend on what the clock of this machine shows. The clock of an embedded
// database is that of the machine. It is safe for many goroutines.
type Clock struct {
	db     *DB
	local  func() time.Time
	known  atomic.Pointer[clockSample]
	warned atomic.Bool
}

// clockSample says that it was this time in the database when it was that time here.
type clockSample struct{ database, local time.Time }

// NewClock makes the clock of a database. local is the clock of this machine; nil:
// time.Now. Until Refresh or Run have asked, it shows local.
func NewClock(d *DB, local func() time.Time) *Clock {
	if local == nil {
		local = time.Now
	}
	return &Clock{db: d, local: local}
}

// Now is the time in the database, known to about half the time that a question to it
// takes.
func (c *Clock) Now() time.Time {
	here := c.local()
	if s := c.known.Load(); s != nil {
		return s.database.Add(here.Sub(s.local))
	}
	return here
}

// Off is how far the clock of this machine is ahead of the database's. Round leaves what
// the clock shows, which may have been set since the last answer.
func (c *Clock) Off() time.Duration { return c.local().Round(0).Sub(c.Now()) }

// Refresh asks the database for the time.
func (c *Clock) Refresh(ctx context.Context) error {
	text := c.db.dialect.now()
	if text == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, clockLimit)
	defer cancel()
	var micros int64
	before := c.local()
	if err := c.db.reader.row(ctx, text).Scan(&micros); err != nil {
		return c.db.fail("ask the database for the time", err)
	}
	took := c.local().Sub(before)
	last := c.known.Load()
	if last != nil && took > clockDoubt && before.Sub(last.local) < clockPatience {
		return nil
	}
	c.known.Store(&clockSample{database: time.UnixMicro(micros), local: before.Add(took / 2)})
	c.tell(ctx)
	return nil
}

// tell warns once when the clock of this machine goes wrong.
func (c *Clock) tell(ctx context.Context) {
	wrong := c.Off().Abs() > clockOff
	if was := c.warned.Swap(wrong); wrong && !was {
		c.db.log.WarnContext(ctx, "the clock of this machine is off, that of the database counts", slog.Duration("ahead", c.Off().Round(time.Millisecond)))
	}
}

// Run keeps the clock right until ctx ends, and then returns nil.
func (c *Clock) Run(ctx context.Context) error {
	if c.db.dialect.now() == "" {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		_ = c.Refresh(ctx) // the last answer is good for long
	}
}
