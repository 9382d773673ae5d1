package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// unfinished is the table of the statements that make a database whole again. It exists
// only as long as there are any.
const unfinished = "unfinished"

const (
	createUnfinished = `CREATE TABLE ` + unfinished + ` (id BIGINT PRIMARY KEY, statement TEXT NOT NULL)`
	insertUnfinished = `INSERT INTO ` + unfinished + ` (id, statement) VALUES ($1, $2)`
	nextUnfinished   = `SELECT id, statement FROM ` + unfinished + ` ORDER BY id LIMIT 1`
	doneUnfinished   = `DELETE FROM ` + unfinished + ` WHERE id = $1`
	dropUnfinished   = `DROP TABLE ` + unfinished
)

// dropIndexes drops the indexes of the large tables and writes down how to make them
// again: both or neither.
func (b *Bulk) dropIndexes(ctx context.Context) error {
	tx, err := b.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	drops, after := b.dialect.loosen()
	for _, table := range []string{"files", "file_tags", "likes", string(fileWords)} {
		rows, err := tx.QueryContext(ctx, b.dialect.indexes(), table)
		list, err := collect(rows, err, scanIndex)
		if err != nil {
			return err
		}
		for _, i := range list {
			drops, after = append(drops, "DROP INDEX "+i.name), append(after, i.definition)
		}
	}
	if _, err := tx.ExecContext(ctx, createUnfinished); err != nil {
		return err
	}
	for i, text := range after {
		if _, err := tx.ExecContext(ctx, insertUnfinished, i, text); err != nil {
			return err
		}
	}
	for _, text := range drops {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return tx.Commit()
}

// mend does what a Bulk that was broken off has left. It is the first thing that
// happens to an opened database.
func (d *DB) mend(ctx context.Context) error {
	if whole, err := isWhole(ctx, d.dialect, d.writer.sql); err != nil || whole {
		return err
	}
	conn, err := d.writer.sql.Conn(ctx)
	if err != nil {
		return err
	}
	// It does not go back to its pool: it has a lock.
	defer func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }()
	d.log.Warn("adding very many files was broken off: making the indexes again, this may take minutes")
	if err := d.dialect.heal(ctx, conn, d.log); err != nil {
		return err
	}
	return workOff(ctx, d.dialect, conn, d.log)
}

// rowReader is a pool or a connection.
type rowReader interface {
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

func isWhole(ctx context.Context, di dialect, r rowReader) (bool, error) {
	n, err := scanID(r.QueryRowContext(ctx, di.exists(), unfinished))
	return n == 0, err
}

// workOff runs the unfinished statements. It may be broken off at any time.
func workOff(ctx context.Context, di dialect, c *sql.Conn, log *slog.Logger) error {
	for {
		// Another process may have done everything while this one waited.
		if whole, err := isWhole(ctx, di, c); err != nil || whole {
			return err
		}
		if err := workOne(ctx, c, log); err != nil {
			return err
		}
	}
}

func workOne(ctx context.Context, c *sql.Conn, log *slog.Logger) error {
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	var id int64
	var text string
	begin := time.Now()
	err = tx.QueryRowContext(ctx, nextUnfinished).Scan(&id, &text)
	switch {
	case err == nil:
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		_, err = tx.ExecContext(ctx, doneUnfinished, id)
		if err != nil {
			return err
		}
	case errors.Is(err, sql.ErrNoRows):
		if _, err := tx.ExecContext(ctx, dropUnfinished); err != nil {
			return err
		}
	default:
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	log.InfoContext(ctx, "database mended", slog.String("statement", text), slog.Duration("took", time.Since(begin)))
	return nil
}
