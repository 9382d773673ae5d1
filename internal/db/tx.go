package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"

	"vitrine/internal/vitrine"
)

// txPatience is how long a transaction is tried again when others were in its way.
const txPatience = 10 * time.Second

// Tx is a transaction that writes. It belongs to one goroutine and ends with the
// function that it was given to.
type Tx struct {
	db    *DB
	tx    *sql.Tx
	built bun.IConn // runs statements that bun has built

	usage map[string]StorageUsage // what storages gain, by name; see countUsage
}

// Tx runs fn in a transaction and commits if fn returns nil; when Tx returns nil the
// changes are durable. Any error or panic of fn undoes everything. fn may run several
// times, when the engine gave the transaction up in favour of another (deadlock,
// busy, serialization), so it must not change anything but rows and values that it
// sets anew each time. Inside fn use the Tx only, not the DB.
//
// Once fn has begun it runs to its end, on SQLite even when ctx is done meanwhile; the
// context that it is given says so.
//
// Errors of fn come back as they are. CodeBusy says that others stood in the way all
// the time, CodeNoSpace that the disk is full.
func (d *DB) Tx(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if err := outsideTx(ctx); err != nil {
		return err
	}
	ctx = context.WithValue(ctx, txKey{}, true)
	started, pause := time.Now(), time.Millisecond
	whole := func(ctx context.Context, t *Tx) error {
		clear(t.usage) // of another member of a group
		if err := fn(ctx, t); err != nil {
			return err
		}
		return t.countUsage(ctx)
	}
	defer func() { d.watch.transaction.Observe(time.Since(started).Seconds()) }()
	for {
		err := d.run(ctx, whole)
		if err == nil {
			return nil
		}
		ours := errors.Is(err, errUndone) || errors.Is(err, errOvertaken)
		passing := ours || d.dialect.passing(err)
		if !passing || ctx.Err() != nil || time.Since(started) > txPatience {
			return explained(d.dialect.explain(err), ours, false)
		}
		d.watch.retries.Inc()
		select {
		case <-time.After(pause + rand.N(pause)):
			pause = min(2*pause, 200*time.Millisecond)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// txKey marks the contexts of functions that run in a transaction.
type txKey struct{}

// outsideTx refuses to write beside the transaction that the caller is in. On SQLite
// that would wait for itself for ever.
func outsideTx(ctx context.Context) error {
	if ctx.Value(txKey{}) != nil {
		return errors.New("a write beside the transaction that it is called in: use the Tx")
	}
	return nil
}

// runAlone runs fn in a transaction of its own.
func (d *DB) runAlone(ctx context.Context, fn func(context.Context, *Tx) error) error {
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := d.writer.sql.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	// After a commit this does nothing; it also serves a panic on its way up.
	defer func() { _ = tx.Rollback() }()
	if err := fn(ctx, &Tx{db: d, tx: tx, built: d.dialect.builtOn(tx)}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		if !answered(err) {
			return fmt.Errorf("%w: %w", errCommit, err)
		}
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// SQL is the transaction itself, for libraries that bring tables of their own.
func (t *Tx) SQL() *sql.Tx { return t.tx }

// statement returns the text's kept statement within the transaction. It keeps none:
// preparing needs a connection, and on SQLite this transaction has the only one.
func (t *Tx) statement(ctx context.Context, text string) statement {
	if s, ok := t.db.writer.kept.Load(text); ok {
		return t.tx.StmtContext(ctx, s.(*sql.Stmt))
	}
	return plain{t.tx, text}
}

// row runs a constant text that yields at most one row.
func (t *Tx) row(ctx context.Context, text string, args ...any) *sql.Row {
	return t.statement(ctx, text).QueryRowContext(ctx, args...)
}

// exec runs a constant text and returns how many rows it changed.
func (t *Tx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	r, err := t.statement(ctx, text).ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// change runs a constant text that changes exactly one row, or says that the thing
// does not exist.
func (t *Tx) change(ctx context.Context, thing, text string, args ...any) error {
	n, err := t.exec(ctx, text, args...)
	if err != nil {
		return t.fail("change the "+thing, err)
	}
	if n == 0 {
		return vitrine.NotFound(thing)
	}
	return nil
}

// fail adds what was being done to an error. A violated unique index becomes
// CodeConflict with the field that is taken.
func (t *Tx) fail(doing string, err error) error {
	if field := uniqueFields[t.db.dialect.violated(err)]; field != "" {
		return &vitrine.Error{
			Code: vitrine.CodeConflict, Field: field, Err: fmt.Errorf("%s: %w", doing, err),
			Message: "This " + fieldWords[field] + " is taken already, choose another one",
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// found turns "no rows" into CodeNotFound and adds what was being done to the rest.
func (d *DB) found(thing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return vitrine.NotFound(thing)
	}
	return d.fail("find the "+thing, err)
}

// uniqueFields says which field is taken when a unique index is violated.
var uniqueFields = map[string]string{
	"users_username":     "username",
	"users_email":        "email",
	"albums_slug":        "slug",
	"categories_url_key": "url_key",
	"files_slug":         "slug",
	"files_variant_name": "name",
	"files_film_name":    "name",
	"api_keys_public_id": "public_id",
	"sessions_token":     "token",
}

var fieldWords = map[string]string{
	"username": "username", "email": "email address", "slug": "id", "name": "name",
	"url_key": "URL key", "public_id": "id", "token": "token",
}
