package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// connectLimit bounds making a connection, and asking a silent database for a sign
	// of life. One on a machine that is too busy may need seconds to check a password.
	connectLimit = 10 * time.Second
	// quietLimit is how long an answer may take before the database is asked on another
	// connection whether it is there at all.
	quietLimit = 2 * time.Second
	quietEvery = time.Second
)

var errSilent = errors.New("the database has stopped to answer")

// silence notices a database that keeps its connections and answers on none of them: a
// machine that hangs, a network that lost its way. Whoever waits would wait for ever.
//
// While nobody waits for long it does nothing but note the time. A statement may take as
// long as it needs: it is ended only when a new connection gets no answer either. Then
// all connections are ended, and none is made until the database answers again.
type silence struct {
	config  *pgx.ConnConfig // of the question whether it is there
	log     *slog.Logger
	end     context.CancelFunc
	watcher sync.WaitGroup
	silent  atomic.Bool

	mu   sync.Mutex
	open map[*quietConn]bool
}

// watchSilence makes a connector whose connections are watched.
func watchSilence(config *pgx.ConnConfig, log *slog.Logger) driver.Connector {
	if config.ConnectTimeout == 0 || config.ConnectTimeout > connectLimit {
		config.ConnectTimeout = connectLimit
	}
	ctx, end := context.WithCancel(context.Background())
	s := &silence{config: config.Copy(), log: log, end: end, open: make(map[*quietConn]bool)}
	s.config.Tracer = nil // nobody wants to know how long it takes
	dial := config.DialFunc
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if s.silent.Load() {
			return nil, errSilent
		}
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w := &quietConn{Conn: c, silence: s}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open[w] = true
		return w, nil
	}
	s.watcher.Go(func() { s.watch(ctx) })
	return connector{stdlib.GetConnector(*config), s}
}

// connector makes watched connections until it is closed, which its pool does.
type connector struct {
	driver.Connector
	silence *silence
}

// Close implements io.Closer.
func (c connector) Close() error {
	c.silence.end()
	c.silence.watcher.Wait()
	return nil
}

func (s *silence) watch(ctx context.Context) {
	tick := time.NewTicker(quietEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !s.silent.Load() && !s.waits(time.Now().Add(-quietLimit)) {
			continue
		}
		err := s.ask(ctx)
		if ctx.Err() != nil {
			return
		}
		switch was := s.silent.Swap(err != nil); {
		case err != nil:
			if !was {
				s.log.WarnContext(ctx, "the database has stopped to answer", "err", err)
			}
			s.endAll()
		case was:
			s.log.InfoContext(ctx, "the database answers again")
		}
	}
}

// waits reports whether an answer has been waited for since before.
func (s *silence) waits(before time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		if since := c.asked.Load(); since != 0 && since < before.UnixNano() {
			return true
		}
	}
	return false
}

// ask makes a connection of its own. A refusal is a sign of life too.
func (s *silence) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	c, err := pgx.ConnectConfig(ctx, s.config)
	if _, refused := errors.AsType[*pgconn.PgError](err); refused {
		return nil
	}
	if err != nil {
		return err
	}
	return c.Close(ctx)
}

func (s *silence) endAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		_ = c.Conn.Close() // whoever reads from it notices
	}
}

// quietConn notes since when an answer is waited for.
type quietConn struct {
	net.Conn
	silence *silence
	asked   atomic.Int64 // Unix nanoseconds; 0: nothing is waited for
}

// Write implements net.Conn.
func (c *quietConn) Write(p []byte) (int, error) {
	c.asked.Store(time.Now().UnixNano())
	return c.Conn.Write(p)
}

// Read implements net.Conn.
func (c *quietConn) Read(p []byte) (int, error) {
	c.asked.Store(time.Now().UnixNano())
	n, err := c.Conn.Read(p)
	c.asked.Store(0)
	return n, err
}

// Close implements net.Conn.
func (c *quietConn) Close() error {
	c.silence.mu.Lock()
	delete(c.silence.open, c)
	c.silence.mu.Unlock()
	return c.Conn.Close()
}
