package db

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// bulkLock is held by whoever works on a database without indexes.
const bulkLock = 8_401_726_532

func (p postgresDialect) openBulk(Config) (*sql.DB, error) {
	config, err := pgx.ParseConfig(p.url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "vitrine bulk"
	return stdlib.OpenDB(*config), nil
}

func (postgresDialect) seize(ctx context.Context, c *sql.Conn) error {
	for _, set := range []string{
		"synchronous_commit = off", "maintenance_work_mem = '1GB'", "work_mem = '64MB'", "max_parallel_maintenance_workers = 2",
		"statement_timeout = 0", "idle_in_transaction_session_timeout = 0",
	} {
		if _, err := c.ExecContext(ctx, "SET "+set); err != nil {
			return err
		}
	}
	// Who has just gone may be seen, and have the lock, for a moment.
	alone, others := false, true
	for begin := time.Now(); time.Since(begin) < 2*time.Second; time.Sleep(20 * time.Millisecond) {
		if !alone {
			if err := c.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, bulkLock).Scan(&alone); err != nil {
				return err
			}
		}
		if err := c.QueryRowContext(ctx, askForOthers).Scan(&others); err != nil {
			return err
		}
		if alone && !others {
			return nil
		}
	}
	return errInUse
}

// askForOthers asks whether somebody else is connected to the database.
const askForOthers = `SELECT EXISTS (SELECT 1 FROM pg_stat_activity
	WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend')`

func (postgresDialect) heal(ctx context.Context, c *sql.Conn, log *slog.Logger) error {
	var alone bool
	err := c.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, bulkLock).Scan(&alone)
	if err == nil && !alone {
		log.Warn("another process works on the database: waiting for it")
		_, err = c.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, bulkLock)
	}
	return err
}

func (postgresDialect) exists() string {
	return `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1`
}

func (postgresDialect) loosen() (before, after []string) { return nil, nil }

// copy writes the text format of COPY (PostgreSQL documentation, COPY, File Formats),
// in which there are words with positions too.
func (postgresDialect) copy(ctx context.Context, c *sql.Conn, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	return c.Raw(func(raw any) error {
		conn := raw.(*stdlib.Conn).Conn().PgConn()
		_, err := conn.CopyFrom(ctx, &copyText{rows: rows}, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN")
		if err != nil {
			return fmt.Errorf("add to %s: %w", table, err)
		}
		return nil
	})
}

// copyText reads rows as the text format of COPY.
type copyText struct {
	rows  [][]any
	ready bytes.Buffer
}

func (t *copyText) Read(p []byte) (int, error) {
	for t.ready.Len() < len(p) && len(t.rows) > 0 {
		t.write(t.rows[0])
		t.rows = t.rows[1:]
	}
	if t.ready.Len() == 0 {
		return 0, io.EOF
	}
	return t.ready.Read(p)
}

var copyEscapes = strings.NewReplacer("\\", `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func (t *copyText) write(row []any) {
	for i, v := range row {
		if i > 0 {
			t.ready.WriteByte('\t')
		}
		b := t.ready.AvailableBuffer()
		switch v := v.(type) {
		case nil:
			b = append(b, `\N`...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case int:
			b = strconv.AppendInt(b, int64(v), 10)
		case bool:
			b = strconv.AppendBool(b, v)
		case []byte:
			b = hex.AppendEncode(append(b, `\\x`...), v)
		case string:
			if strings.ContainsAny(v, "\\\t\n\r") {
				v = copyEscapes.Replace(v)
			}
			b = append(b, v...)
		default:
			b = fmt.Append(b, v)
		}
		t.ready.Write(b)
	}
	t.ready.WriteByte('\n')
}

// endBulk does at once what autovacuum would do within the hour.
func (postgresDialect) endBulk(ctx context.Context, b *Bulk) error {
	_, err := b.conn.ExecContext(ctx, `VACUUM (ANALYZE) users, albums, categories, files, file_texts, file_words, tags, file_tags, likes`)
	return err
}
