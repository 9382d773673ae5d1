package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"vitrine/internal/vitrine"
)

// dialect is all that differs between the engines; the parts for whole databases and the
// search stand in dialect_whole.go and dialect_words.go.
type dialect interface {
	whole
	worded
	bulkDialect
	engine() Engine
	// open returns the pools that write and read; they may be the same one.
	open(Config) (write, read *sql.DB, err error)
	// prepares reports whether statements must be kept prepared by hand.
	prepares() bool
	builder() schema.Dialect
	// builtOn runs statements that have their values written into them.
	builtOn(bun.IConn) bun.IConn
	// use makes a statement read a table by an index where the engine would not find out
	// by itself. It follows the name of the table.
	use(index string) string
	// looksUpRows reports whether a comparison of rows that end with the id is looked up
	// in an index as a whole. SQLite leaves such an id, which is the rowid, aside.
	looksUpRows() bool
	// skipLocked ends a statement that is to pass over rows which others are changing.
	skipLocked() string
	// lock waits for an advisory lock of a key space and key, both 32 bits, and holds it
	// until the transaction ends; empty where one node has the database for itself.
	lock() string
	// now asks for the time of the database in microseconds since 1970; empty where that is
	// the time of this machine.
	now() string
	// migrations is how goose speaks to the engine; one process at a time migrates.
	migrations() (goose.Dialect, []goose.ProviderOption, error)
	// violated names the unique index that refused a row; "" for other errors.
	violated(error) string
	// passing reports whether the same transaction may succeed when tried again. It
	// says so only where the engine has surely undone it.
	passing(error) bool
	// explain says in a code what an error of the engine means.
	explain(error) error
}

func explained(err error, busy, full bool) error {
	if _, known := errors.AsType[*vitrine.Error](err); known {
		return err
	}
	switch {
	case busy:
		return &vitrine.Error{Code: vitrine.CodeBusy, Message: "The server is busy, please try again in a moment", RetryAfter: 5, Err: err}
	case full:
		return &vitrine.Error{Code: vitrine.CodeNoSpace, Message: "The storage is full, please try again later", Err: err}
	}
	return err
}

// ---- SQLite ----

type sqliteDialect struct{ path string }

func (sqliteDialect) engine() Engine { return SQLite }

func (s sqliteDialect) open(c Config) (write, read *sql.DB, err error) {
	// SQLite would create the file readable by everybody; it holds password hashes. An
	// existing one is not even opened: closing it would take away the locks that other
	// connections of this process have on it (POSIX).
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return nil, nil, fmt.Errorf("create the database file: %w", err)
	}
	// One connection writes, so that writers queue in the process, in order, and not
	// in SQLite, which polls. FULL makes a commit durable against power loss. The
	// busy timeout is for other processes, such as a command next to the server.
	write, err = s.connect(c, url.Values{
		"_txlock": {"immediate"}, "_defensive": {"1"}, "_busy_timeout": {"10000"},
		"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-16384)",
			"temp_store(MEMORY)", "journal_size_limit(67108864)"},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("open the database: %w", err)
	}
	write.SetMaxOpenConns(1)
	// Readers see the last commit and never wait for the writer. No mmap: a read
	// error would kill the process instead of failing one statement.
	read, err = s.connect(c, url.Values{
		"_defensive": {"1"}, "_busy_timeout": {"10000"},
		"_pragma": {"query_only(1)", "cache_size(-4096)", "temp_store(MEMORY)"},
	})
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open the database: %w", err), write.Close())
	}
	read.SetMaxOpenConns(c.MaxReaders)
	read.SetMaxIdleConns(c.MaxReaders)
	return write, read, nil
}

// connect makes a pool whose statements are measured.
func (s sqliteDialect) connect(c Config, v url.Values) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(s.dsn(v))
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(watchSQLite(connector, c.watch)), nil
}

func (s sqliteDialect) dsn(v url.Values) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(s.path) + "?" + v.Encode()
}

func (sqliteDialect) prepares() bool                { return true }
func (sqliteDialect) builder() schema.Dialect       { return sqlitedialect.New() }
func (sqliteDialect) builtOn(c bun.IConn) bun.IConn { return c }

// SQLite has no statistics and prefers the table itself to a partial index.
func (sqliteDialect) looksUpRows() bool { return false }

func (sqliteDialect) use(index string) string { return " INDEXED BY " + index }

// SQLite has one writer: nobody else changes anything meanwhile.
func (sqliteDialect) skipLocked() string { return "" }

func (sqliteDialect) lock() string { return "" }

func (sqliteDialect) now() string { return "" }

func (sqliteDialect) migrations() (goose.Dialect, []goose.ProviderOption, error) {
	return goose.DialectSQLite3, nil, nil // migrate takes the writing lock by itself
}

// violated reads "… UNIQUE constraint failed: files.folder, files.name, … (2067)":
// SQLite names the columns, or the index where it is one of expressions.
func (sqliteDialect) violated(err error) string {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok || e.Code() != sqlitelib.SQLITE_CONSTRAINT_UNIQUE {
		return ""
	}
	_, columns, _ := strings.Cut(e.Error(), "UNIQUE constraint failed: ")
	columns, _, _ = strings.Cut(columns, " (")
	return sqliteIndexes[columns]
}

var sqliteIndexes = map[string]string{
	"users.username_key": "users_username",
	"users.email_key":    "users_email",
	"albums.slug":        "albums_slug",
	"categories.url_key": "categories_url_key",
	"files.slug":         "files_slug",
	"files.folder, files.name, files.variant_extension": "files_variant_name",
	"files.folder, files.name, files.extension":         "files_film_name",
	"api_keys.public_id":                                "api_keys_public_id",
	"sessions.token_hash":                               "sessions_token",
}

func (sqliteDialect) passing(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlitelib.SQLITE_BUSY || e.Code()&0xff == sqlitelib.SQLITE_LOCKED)
}

func (s sqliteDialect) explain(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	return explained(err, s.passing(err), ok && e.Code()&0xff == sqlitelib.SQLITE_FULL)
}

// ---- PostgreSQL ----

type postgresDialect struct{ url string }

func (postgresDialect) engine() Engine { return Postgres }

func (p postgresDialect) open(c Config) (write, read *sql.DB, err error) {
	config, err := pgx.ParseConfig(p.url)
	if err != nil {
		// pgx masks the password in its message, but the message is not for people.
		return nil, nil, &vitrine.Error{Code: vitrine.CodeInvalid, Field: "database", Err: err,
			Message: "Invalid database address: write postgres://user:password@host/name"}
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "vitrine"
	}
	config.Tracer = tracer{c.watch}
	both := sql.OpenDB(watchSilence(config, c.Logger))
	both.SetMaxOpenConns(c.MaxReaders)
	both.SetMaxIdleConns(c.MaxReaders)
	both.SetConnMaxIdleTime(5 * time.Minute)
	return both, both, nil
}

func (postgresDialect) prepares() bool          { return false } // pgx keeps statements per connection
func (postgresDialect) builder() schema.Dialect { return pgdialect.New() }

// builtOn uses the simple protocol: a statement with its values in it comes once, so
// preparing it would cost a round trip and push useful ones out of pgx's memory.
func (postgresDialect) builtOn(c bun.IConn) bun.IConn { return simpleConn{c} }

type simpleConn struct{ bun.IConn }

func (s simpleConn) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return s.IConn.QueryContext(ctx, text, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...)
}

func (s simpleConn) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	return s.IConn.ExecContext(ctx, text, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...)
}

func (s simpleConn) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	return s.IConn.QueryRowContext(ctx, text, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...)
}

func (postgresDialect) looksUpRows() bool { return true }

func (postgresDialect) use(string) string { return "" }

func (postgresDialect) skipLocked() string { return " FOR UPDATE OF r SKIP LOCKED" }

func (postgresDialect) lock() string { return "SELECT pg_advisory_xact_lock($1, $2)" }

func (postgresDialect) now() string {
	return "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"
}

func (postgresDialect) migrations() (goose.Dialect, []goose.ProviderOption, error) {
	// Another node may be migrating ten million rows: ask every second for an hour.
	l, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 3600))
	if err != nil {
		return "", nil, err
	}
	return goose.DialectPostgres, []goose.ProviderOption{goose.WithSessionLocker(l)}, nil
}

// The SQLSTATE codes that mean something to us (PostgreSQL documentation, appendix A).
const (
	pgUniqueViolation      = "23505"
	pgSerializationFailure = "40001"
	pgDeadlockDetected     = "40P01"
	pgTooManyConnections   = "53300"
	pgDiskFull             = "53100"
)

func (postgresDialect) violated(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == pgUniqueViolation {
		return e.ConstraintName
	}
	return ""
}

func (postgresDialect) passing(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == pgSerializationFailure || e.Code == pgDeadlockDetected || e.Code == pgTooManyConnections)
}

func (p postgresDialect) explain(err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	err = explained(err, p.passing(err), ok && e.Code == pgDiskFull)
	if _, known := errors.AsType[*vitrine.Error](err); !known && !errors.Is(err, errCommit) && away(err) {
		return noAnswer(err)
	}
	return err
}
