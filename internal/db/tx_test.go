package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
)

var errFailed = errors.New("failed on purpose")

func setting(t *testing.T, d *db.DB, key string) string {
	t.Helper()
	values, _, err := d.Settings(t.Context())
	must(t, err)
	return values[key]
}

func TestTxUndoesFailures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			must(t, tx.SetSetting(ctx, "a", "1"))
			return errFailed
		})
		if !errors.Is(err, errFailed) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() {
				if r := recover(); r != "panic on purpose" {
					t.Errorf("recovered %v", r)
				}
			}()
			_ = inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				must(t, tx.SetSetting(ctx, "a", "2"))
				panic("panic on purpose")
			})
		}()
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := d.Tx(gone, func(context.Context, *db.Tx) error { t.Error("ran without anybody waiting"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.SetSetting(ctx, "b", "3") }))
		if a, b := setting(t, d, "a"), setting(t, d, "b"); a != "" || b != "3" {
			t.Errorf("a is %q, b is %q", a, b)
		}
	})
}

// Many at once, some of which fail, panic or lose patience: each sees its own fate
// and no trace is left of those that did not succeed.
func TestTxAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var (
			wg    sync.WaitGroup
			kept  sync.Map
			count atomic.Int64
		)
		for n := range 400 {
			wg.Go(func() {
				key := fmt.Sprint("key", n)
				defer func() {
					if r := recover(); (r != nil) != (n%5 == 1) {
						t.Errorf("%d: recovered %v", n, r)
					}
				}()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if n%5 == 2 {
					time.AfterFunc(time.Duration(n)*50*time.Microsecond, cancel)
				}
				err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
					// ResetSetting would put all in a row on PostgreSQL; rows of their own do not.
					if _, err := tx.SQL().ExecContext(ctx, "INSERT INTO settings (name, value) VALUES ('"+key+"', 'x')"); err != nil {
						return err
					}
					switch n % 5 {
					case 0:
						return errFailed
					case 1:
						panic("panic on purpose")
					case 3: // the engine refuses a statement
						_, err := tx.SQL().ExecContext(ctx, "INSERT INTO settings (name, value) VALUES ('"+key+"', 'y')")
						return err
					}
					return nil
				})
				switch {
				case err == nil:
					kept.Store(key, true)
					count.Add(1)
					if n%5 == 0 || n%5 == 3 {
						t.Errorf("%d: succeeded", n)
					}
				case n%5 == 4:
					t.Errorf("%d: %v", n, err)
				case n%5 == 0 && !errors.Is(err, errFailed):
					t.Errorf("%d: %v", n, err)
				}
			})
		}
		wg.Wait()
		values, _, err := d.Settings(t.Context())
		must(t, err)
		if int64(len(values)) != count.Load() {
			t.Errorf("%d rows, %d succeeded", len(values), count.Load())
		}
		for key := range values {
			if _, ok := kept.Load(key); !ok {
				t.Errorf("%s was kept though its transaction failed", key)
			}
		}
	})
}

// On PostgreSQL two transactions that take the same locks in opposite order stand in
// each other's way: the engine gives one up, and Tx tries it again.
func TestTxIsTriedAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	a, b := aUser(t, d, "anna"), aUser(t, d, "bo")
	var tries atomic.Int64
	var meet sync.WaitGroup
	meet.Add(2)
	rename := func(first, then int64) error {
		var once sync.Once
		return d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			tries.Add(1)
			if err := tx.SetPasswordHash(ctx, first, "new"); err != nil {
				return err
			}
			once.Do(func() { meet.Done(); meet.Wait() })
			return tx.SetPasswordHash(ctx, then, "new")
		})
	}
	errs := make(chan error, 2)
	go func() { errs <- rename(a.ID, b.ID) }()
	go func() { errs <- rename(b.ID, a.ID) }()
	must(t, errors.Join(<-errs, <-errs))
	if n := tries.Load(); n < 3 {
		t.Errorf("ran %d times, want two and one again", n)
	}
}

// On SQLite another process may hold the lock; whoever waits too long learns it.
func TestTxWaitsForOtherProcesses(t *testing.T) {
	t.Parallel()
	url := dbtest.SQLiteURL(t)
	var nodes [2]*db.DB
	for i := range nodes {
		d, err := db.Open(t.Context(), db.Config{URL: url})
		must(t, err)
		t.Cleanup(func() { must(t, d.Close()) })
		nodes[i] = d
	}
	var wg sync.WaitGroup
	for _, d := range nodes {
		for range 50 {
			wg.Go(func() {
				if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.SetSetting(ctx, "a", "1") }); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if v, err := nodes[0].SettingsVersion(t.Context()); v != 101 || err != nil {
		t.Errorf("version %d, %v; want 101", v, err)
	}
}

func TestReadersSeeCommits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for range 100 {
			f := createFile(t, d, aFile())
			must(t, second(d.FileByID(t.Context(), f.ID)))
		}
		// Readers cannot write, and the writer's constraints are on.
		err := inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(ctx, "INSERT INTO api_keys (user_id, created_at, public_id, name, hash) VALUES (99, 0, 'x', '', '')")
			return err
		})
		if err == nil {
			t.Error("a key without a user was taken: foreign keys are off")
		}
	})
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": dbtest.SQLiteURL(t), "postgres": dbtest.PostgresURL(t)} {
		d, err := db.Open(t.Context(), db.Config{URL: url})
		must(t, err)
		must(t, d.Close())
		if err := d.Ping(t.Context()); err == nil {
			t.Errorf("%s: answers after Close", name)
		}
		if err := d.Tx(t.Context(), func(context.Context, *db.Tx) error { return nil }); err == nil {
			t.Errorf("%s: writes after Close", name)
		}
	}
}

// A member that makes SQLite undo the whole group takes nobody with it.
func TestTxAtOnceSurvivesRollback(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	var wg sync.WaitGroup
	for n := range 200 {
		wg.Go(func() {
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if err := tx.SetSetting(ctx, fmt.Sprint("key", n), "x"); err != nil {
					return err
				}
				if n%20 == 0 {
					_, _ = tx.SQL().ExecContext(ctx, "ROLLBACK") // as a full disk does
					return errFailed
				}
				return nil
			})
			if (n%20 == 0) != errors.Is(err, errFailed) || n%20 != 0 && err != nil {
				t.Errorf("%d: %v", n, err)
			}
		})
	}
	wg.Wait()
	values, version, err := d.Settings(t.Context())
	must(t, err)
	if len(values) != 190 || version != 191 {
		t.Errorf("%d rows, version %d; want 190 and 191", len(values), version)
	}
}

func TestTxWithinTxIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := d.Tx(ctx, func(context.Context, *db.Tx) error { return nil }); err == nil {
				t.Error("a transaction within a transaction ran")
			}
			if err := d.DeleteRemoval(ctx, 1); err == nil {
				t.Error("a write beside the transaction ran")
			}
			return nil
		}))
	})
}
