package upload_test

import (
	"bytes"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// lossy stands between the database and us and loses the connection when a
// transaction commits: before or after the database has heard of it.
type lossy struct {
	target string
	commit atomic.Int32 // how many commits are still to be lost
	after  bool
}

// listen serves on a Unix socket in a new folder, which it returns.
func (l *lossy) listen(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	ln, err := net.Listen("unix", filepath.Join(folder, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { ln.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() { l.serve(c) })
		}
	})
	return folder
}

func (l *lossy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", l.target)
	if err != nil {
		return
	}
	defer server.Close()
	var answers sync.WaitGroup
	defer answers.Wait()
	mute, heard := make(chan struct{}), make(chan struct{})
	answers.Go(func() {
		defer client.Close()
		defer close(heard)
		b := make([]byte, 64<<10)
		for {
			n, err := server.Read(b)
			select {
			case <-mute:
				return
			default:
			}
			if _, werr := client.Write(b[:n]); err != nil || werr != nil {
				return
			}
		}
	})
	b := make([]byte, 64<<10)
	for {
		n, err := client.Read(b)
		if err != nil {
			server.Close()
			return
		}
		if bytes.Contains(bytes.ToLower(b[:n]), []byte("commit\x00")) && l.commit.Add(-1) >= 0 {
			close(mute)
			if l.after {
				_, _ = server.Write(b[:n])
				<-heard // the database has committed when it answers
			}
			server.Close()
			return
		}
		if _, err := server.Write(b[:n]); err != nil {
			return
		}
	}
}

// TestConnectionLost loses the connection in the very moment of committing: the
// upload must succeed all the same, with one row, its bytes and a delete token
// that works.
func TestConnectionLost(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]bool{"before the database heard": false, "after it committed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(dbtest.PostgresURL(t))
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			l := &lossy{target: filepath.Join(q.Get("host"), ".s.PGSQL.5432"), after: after}
			q.Set("host", l.listen(t))
			u.RawQuery = q.Encode()
			d, err := db.Open(t.Context(), db.Config{URL: u.String(), Logger: quiet()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			k := newKit(t, d, options{})
			k.accept(k.request(guest, "before.png", "1"))

			l.commit.Store(1)
			res := k.accept(k.request(guest, "a.png", "2"))
			if l.commit.Load() > 0 {
				t.Fatal("no commit was lost")
			}
			row, err := d.FileBySlug(t.Context(), res.File.Slug)
			if err != nil {
				t.Fatal(err)
			}
			if row.ID != res.File.ID || k.content(row.Key()) != "2" || k.content(row.VariantKey(vitrine.Thumb)) != "thumb of 2" {
				t.Errorf("row %+v", row)
			}
			if len(k.objects()) != 4 || k.rows() != 2 {
				t.Errorf("%d rows, objects %q", k.rows(), k.objects())
			}
		})
	}
}
