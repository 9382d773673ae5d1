package db

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
)

// Engine names the database engine in use.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Config says which database to open.
type Config struct {
	URL        string // "sqlite:PATH" or "postgres://…"
	MaxReaders int
	Logger     *slog.Logger
}

// DB is an open, migrated database.
type DB struct{}

// Tx is a transaction that writes.
type Tx struct{ tx *sql.Tx }

var errStub = errors.New("not written yet")

// Open opens and migrates.
func Open(ctx context.Context, c Config) (*DB, error) { return nil, errStub }

// Close closes all connections.
func (d *DB) Close() error { return nil }

// Ping asks the database for a sign of life.
func (d *DB) Ping(ctx context.Context) error { return errStub }

// Engine is the engine in use.
func (d *DB) Engine() Engine { return SQLite }

// SQL is the writing pool.
func (d *DB) SQL() *sql.DB { return nil }

// Tx runs fn in a transaction.
func (d *DB) Tx(ctx context.Context, fn func(context.Context, *Tx) error) error { return errStub }

// SQL is the transaction itself.
func (t *Tx) SQL() *sql.Tx { return t.tx }
