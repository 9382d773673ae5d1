package db

import (
	"context"
	"database/sql"
	"errors"

	"vitrine/internal/vitrine"
)

// The marks of a load, rows of the table versions.
const (
	markLoad   = "restore"         // the token
	markBackup = "restore backup"  // which backup
	markPhase  = "restore phase"   // how far: see the phases
	markRows   = "restore rows "   // and a table: how many of its rows are there
	markWords  = "restore words "  // and a table: up to which id its words are made
	markOther  = "restore caller " // and a name that the caller chooses
)

// The phases of a load.
const (
	phaseRows  = iota // rows are coming; indexes stand in the table restore_indexes
	phaseIndex        // the tables are as the backup's version has them
	phaseWords        // the tables are as this version has them
)

const (
	readMark    = `SELECT value FROM versions WHERE name = $1`
	upsertMark  = `INSERT INTO versions (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	checkToken  = `UPDATE versions SET value = value WHERE name = '` + markLoad + `' AND value = $1`
	forgetMarks = `DELETE FROM versions WHERE name = '` + markLoad + `' OR name LIKE '` + markLoad + ` %'`

	// The table restore_indexes keeps what must be made again when the rows are there.
	createIndexes = `CREATE TABLE restore_indexes (name TEXT NOT NULL PRIMARY KEY, definition TEXT NOT NULL)`
	insertIndex   = `INSERT INTO restore_indexes (name, definition) VALUES ($1, $2)`
	readIndexes   = `SELECT name, definition FROM restore_indexes ORDER BY name`
	forgetIndex   = `DELETE FROM restore_indexes WHERE name = $1`
)

// errHalf says that a load was not finished.
var errHalf error = &vitrine.Error{Code: vitrine.CodeConflict,
	Message: "A backup is being restored into this database, or was not restored to its end: run the same vitrine restore again, or empty the database"}

// whole refuses a database that is half restored.
func (d *DB) whole(ctx context.Context) error {
	if have, err := d.schemaVersion(ctx); err != nil || have == 0 {
		return nil // there is no table to look into, or the migration tells why
	}
	_, err := scanID(d.writer.sql.QueryRowContext(ctx, readMark, markLoad))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return d.fail("look for the mark of a restore", err)
	}
	return errHalf
}

// alone makes sure that no other run has taken over, and holds it off until the
// transaction ends.
func (l *Loader) alone(ctx context.Context, tx *sql.Tx) error {
	r, err := tx.ExecContext(ctx, checkToken, l.token)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return vitrine.Errorf(vitrine.CodeConflict, "Another vitrine restore has taken over this database")
}

// mark reads a mark.
func (l *Loader) mark(ctx context.Context, name string) (value int64, ok bool, err error) {
	value, err = scanID(l.d.writer.sql.QueryRowContext(ctx, readMark, name))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, false, nil
	case err != nil:
		return 0, false, l.d.fail("read how far the restore is", err)
	}
	return value, true, nil
}

// Mark reads a number that SetMark has kept, 0 if there is none.
func (l *Loader) Mark(ctx context.Context, name string) (int64, error) {
	n, _, err := l.mark(ctx, markOther+name)
	return n, err
}

// SetMark keeps a number until Finish.
func (l *Loader) SetMark(ctx context.Context, name string, value int64) error {
	return l.exec(ctx, upsertMark, markOther+name, value)
}

// exec runs a statement while no other run has taken over.
func (l *Loader) exec(ctx context.Context, text string, args ...any) error {
	err := l.tx(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
		if text != upsertMark || args[0] != markLoad {
			if err := l.alone(ctx, tx); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, text, args...)
		return err
	})
	if err != nil {
		return l.d.fail("restore the database", err)
	}
	return nil
}

// tx runs fn in a transaction of a connection that is fit for many rows.
func (l *Loader) tx(ctx context.Context, fn func(*sql.Conn, *sql.Tx) error) error {
	conn, err := l.d.writer.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := l.d.dialect.prepareLoad(ctx, conn); err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	for _, text := range l.d.dialect.patient() {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	if err := fn(conn, tx); err != nil {
		return err
	}
	return tx.Commit()
}
