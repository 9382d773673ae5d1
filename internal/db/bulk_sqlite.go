package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
)

func (s sqliteDialect) openBulk(Config) (*sql.DB, error) {
	return sql.Open("sqlite", s.dsn(url.Values{"_txlock": {"immediate"}, "_busy_timeout": {"2000"}}))
}

// seize turns the log into a rollback journal, which needs the database for oneself.
// New pages need no journal, so that nearly nothing is written twice.
func (s sqliteDialect) seize(ctx context.Context, c *sql.Conn) error {
	for _, pragma := range []string{"synchronous(OFF)", "foreign_keys(0)", "cache_size(-524288)", "temp_store(FILE)", "locking_mode(EXCLUSIVE)"} {
		if _, err := c.ExecContext(ctx, "PRAGMA "+pragma); err != nil {
			return err
		}
	}
	var mode string
	err := c.QueryRowContext(ctx, "PRAGMA journal_mode(TRUNCATE)").Scan(&mode)
	switch {
	case err != nil && !s.passing(err):
		return err
	case mode != "truncate":
		return errInUse
	}
	// In this mode a transaction keeps its lock when it ends.
	_, err = c.ExecContext(ctx, "BEGIN EXCLUSIVE; COMMIT")
	return err
}

// heal has nothing to do: the writing lock keeps others out.
func (sqliteDialect) heal(context.Context, *sql.Conn, *slog.Logger) error { return nil }

func (sqliteDialect) exists() string {
	return `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1`
}

// loosen lets the words gather in large pieces that are merged at the end, once.
func (sqliteDialect) loosen() (before, after []string) {
	set := func(name string, value int) string {
		return fmt.Sprintf(`INSERT INTO %[1]s (%[1]s, rank) VALUES ('%[2]s', %[3]d)`, fileWords, name, value)
	}
	return []string{set("automerge", 0), set("hashsize", 64<<20)}, []string{
		set("automerge", 4), set("hashsize", 1<<20), // as they are by default
		fmt.Sprintf(`INSERT INTO %[1]s (%[1]s) VALUES ('optimize')`, fileWords),
	}
}

// copy speaks to the driver itself: the way through database/sql costs as much as the
// rows.
func (sqliteDialect) copy(ctx context.Context, c *sql.Conn, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	text := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	return c.Raw(func(raw any) error {
		s, err := raw.(driver.ConnPrepareContext).PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer func() { _ = s.Close() }()
		exec, args := s.(driver.StmtExecContext), make([]driver.NamedValue, len(columns))
		for i, row := range rows {
			if i%1000 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			for j, v := range row {
				if n, ok := v.(int); ok {
					v = int64(n)
				}
				args[j] = driver.NamedValue{Ordinal: j + 1, Value: v}
			}
			// Watching a context would cost a goroutine a row.
			if _, err := exec.ExecContext(context.Background(), args); err != nil {
				return fmt.Errorf("add to %s: %w", table, err)
			}
		}
		return nil
	})
}

func (s sqliteDialect) endBulk(ctx context.Context, b *Bulk) error {
	if _, err := b.conn.ExecContext(ctx, "PRAGMA journal_mode(WAL)"); err != nil {
		return err
	}
	if err := b.release(); err != nil {
		return err
	}
	b.conn = nil
	// Only now: closing the file would take away the locks of the connection (POSIX).
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
