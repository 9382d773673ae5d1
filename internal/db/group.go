package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// groupLimit is the most transactions that share one commit.
const groupLimit = 32

// errUndone is for those whose transaction the engine undid because of another one in
// their group. They may try again.
var errUndone = errors.New("undone together with another transaction")

// grouper lets transactions that come at the same time share one commit, each within
// a savepoint of its own. On an engine with a single writer this costs nobody time:
// they would wait for each other anyway. The disk is flushed once for all of them, and
// pages that several of them touch are written once.
//
// There is no goroutine of its own: who finds nobody at work leads a group, works it
// off, and hands over to the next who waits.
type grouper struct {
	db *DB

	mu      sync.Mutex
	working bool
	waiting []*groupMember
}

// groupMember is one call of DB.Tx.
type groupMember struct {
	fn   func(*Tx) error
	gone func() error // the error of the caller's context
	turn chan bool    // true: lead now; false: err and thrown are set

	err    error
	thrown any // what fn panicked with; its own caller is to see it
}

// do runs fn in a transaction and returns when it is durable or undone.
func (g *grouper) do(ctx context.Context, fn func(context.Context, *Tx) error) error {
	// Once a group has begun nobody's cancellation counts: interrupting a statement
	// makes SQLite undo the transactions of the others too. Statements are short.
	whole := context.WithoutCancel(ctx)
	m := &groupMember{
		fn:   func(t *Tx) error { return fn(whole, t) },
		gone: ctx.Err,
		turn: make(chan bool, 1),
	}
	if g.enter(m) || g.await(ctx, m) {
		g.lead(whole, m)
	}
	if m.thrown != nil {
		panic(m.thrown)
	}
	return m.err
}

// enter reports whether m leads at once; otherwise it waits on the list.
func (g *grouper) enter(m *groupMember) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.working {
		g.waiting = append(g.waiting, m)
		return false
	}
	g.working = true
	return true
}

// await reports whether m is to lead; if not, it is done.
func (g *grouper) await(ctx context.Context, m *groupMember) bool {
	select {
	case lead := <-m.turn:
		return lead
	case <-ctx.Done():
	}
	g.mu.Lock()
	i := slices.Index(g.waiting, m)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	g.mu.Unlock()
	if i >= 0 {
		m.err = ctx.Err()
		return false
	}
	return <-m.turn // too late to leave: its turn has come
}

// next takes the one who has waited longest, or nil. With last, finding nobody also
// ends the work: who comes then leads at once.
func (g *grouper) next(last bool) *groupMember {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.working = !last
		return nil
	}
	m := g.waiting[0]
	g.waiting = slices.Delete(g.waiting, 0, 1)
	return m
}

// lead works off a group with the leader as its first member, then hands over.
func (g *grouper) lead(ctx context.Context, leader *groupMember) {
	defer g.handOver()
	members := []*groupMember{leader}
	committed := errUndone // if a member ends this goroutine
	defer func() {
		for _, m := range members {
			if m.err == nil {
				m.err = committed
			}
			if m != leader {
				m.turn <- false
			}
		}
	}()
	committed = g.commit(ctx, leader, func() *groupMember {
		if len(members) == groupLimit {
			return nil
		}
		m := g.next(false)
		if m != nil {
			members = append(members, m)
		}
		return m
	})
}

// handOver lets the next one lead.
func (g *grouper) handOver() {
	if m := g.next(true); m != nil {
		m.turn <- true
	}
}

// commit runs the members of a group in one transaction. The error is for those who
// have none of their own.
func (g *grouper) commit(ctx context.Context, leader *groupMember, next func() *groupMember) error {
	tx, err := g.db.writer.sql.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	// After a commit this does nothing.
	defer func() { _ = tx.Rollback() }()
	// The leader needs no savepoint: if it fails, there is nobody else yet.
	t := &Tx{db: g.db, tx: tx, built: g.db.dialect.builtOn(tx)}
	if leader.run(t); leader.err != nil {
		return nil
	}
	for m := next(); m != nil; m = next() {
		if err := m.runWithin(ctx, t); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// run sets err to what became of fn.
func (m *groupMember) run(t *Tx) {
	if m.err = m.gone(); m.err != nil {
		return
	}
	defer func() {
		if m.thrown = recover(); m.thrown != nil {
			m.err = fmt.Errorf("panic in a transaction: %v", m.thrown)
		}
	}()
	m.err = m.fn(t)
}

const (
	savepoint  = `SAVEPOINT member`
	release    = `RELEASE member`
	rollbackTo = `ROLLBACK TO member`
)

// runWithin runs a member within a savepoint. An error says that the whole
// transaction is lost.
func (m *groupMember) runWithin(ctx context.Context, t *Tx) error {
	if _, err := t.exec(ctx, savepoint); err != nil {
		return fmt.Errorf("%w: %w", errUndone, err)
	}
	if m.run(t); m.err != nil {
		if _, err := t.exec(ctx, rollbackTo); err != nil {
			return fmt.Errorf("%w: %w", errUndone, err)
		}
	}
	if _, err := t.exec(ctx, release); err != nil {
		return fmt.Errorf("%w: %w", errUndone, err)
	}
	return nil
}
