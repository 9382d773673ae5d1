package db_test

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// door passes connections on to a database while it is open. While it is shut they
// stay, and nothing moves.
type door struct {
	mu   sync.Mutex
	shut chan struct{} // closed when it opens; nil: it is open
}

func (d *door) close() { d.mu.Lock(); d.shut = make(chan struct{}); d.mu.Unlock() }
func (d *door) open()  { d.mu.Lock(); close(d.shut); d.shut = nil; d.mu.Unlock() }

func (d *door) wait() {
	d.mu.Lock()
	shut := d.shut
	d.mu.Unlock()
	if shut != nil {
		<-shut
	}
}

// before serves on a Unix socket before the database, and returns the URL.
func (d *door) before(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	target, folder := filepath.Join(q.Get("host"), ".s.PGSQL.5432"), t.TempDir()
	l, err := net.Listen("unix", filepath.Join(folder, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	pass := func(to, from net.Conn) {
		defer to.Close()
		b := make([]byte, 32<<10)
		for {
			n, err := from.Read(b)
			d.wait()
			if _, werr := to.Write(b[:n]); err != nil || werr != nil {
				return
			}
		}
	}
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", target)
			if err != nil {
				client.Close()
				continue
			}
			all.Go(func() { pass(server, client) })
			all.Go(func() { pass(client, server) })
		}
	})
	q.Set("host", folder)
	u.RawQuery = q.Encode()
	return u.String()
}

// TestSilentDatabase: nobody waits for ever for a database that keeps its connections
// and says nothing, and a statement that takes long is no silence.
func TestSilentDatabase(t *testing.T) {
	t.Parallel()
	var way door
	d, err := db.Open(t.Context(), db.Config{URL: way.before(t, dbtest.PostgresURL(t)), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.SQL().ExecContext(t.Context(), "SELECT pg_sleep(5)"); err != nil {
		t.Errorf("a long statement: %v", err)
	}

	way.close()
	const waiting = 40 // more than there are connections
	errs := make(chan error, waiting)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	start := time.Now()
	for range waiting {
		go func() { errs <- d.Ping(ctx) }()
	}
	for range waiting {
		if err := <-errs; !vitrine.Is(err, vitrine.CodeBusy) {
			t.Errorf("asked a silent database: %v", err)
		}
	}
	if took := time.Since(start); took > 40*time.Second {
		t.Errorf("they waited for %v", took)
	}
	if err := d.Ping(ctx); !vitrine.Is(err, vitrine.CodeBusy) {
		t.Errorf("asked once more: %v", err)
	}

	way.open()
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = d.Ping(ctx); err == nil || time.Now().After(end) {
			break
		}
	}
	if err != nil {
		t.Errorf("the database is back: %v", err)
	}
}
