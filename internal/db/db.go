package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// Engine names the database engine in use.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open, migrated database. It is safe for many goroutines.
type DB struct {
	dialect dialect
	texts   *texts
	log     *slog.Logger
	watch   *watch
	writer  *pool
	reader  *pool   // the same as writer on PostgreSQL
	bun     *bun.DB // builds statements; run them on reader.built or Tx.built
	// run runs a transaction once: alone, or in a group where the engine has one writer.
	run   func(context.Context, func(context.Context, *Tx) error) error
	slots chan struct{} // one element per transaction that runs alone

	beginnings beginnings

	relistAtOnce int64         // files; see there
	lookTime     time.Duration // Config.LookTime
}

// Open opens the database, brings its tables up to date and returns when it is
// ready. With nothing to migrate that takes a few milliseconds. Several processes
// may open one database at once, on SQLite too; one of them migrates.
//
// CodeConflict says that a backup is being restored into it, or was not to its end.
func Open(ctx context.Context, c Config) (*DB, error) {
	d, err := unprepared(c)
	if err != nil {
		return nil, err
	}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// unprepared is a database that nobody has connected to yet.
func unprepared(c Config) (*DB, error) {
	di, err := c.dialect()
	if err != nil {
		return nil, err
	}
	write, read, err := di.open(c)
	if err != nil {
		return nil, err
	}
	d := &DB{dialect: di, texts: newTexts(di), log: c.Logger, watch: c.watch, writer: newPool(di, write), beginnings: newBeginnings(), relistAtOnce: relistAtOnce, lookTime: c.LookTime}
	if read == write {
		// Two connections stay free of transactions, so that reading goes on.
		d.reader, d.run = d.writer, d.runAlone
		d.slots = make(chan struct{}, max(1, c.MaxReaders-2))
	} else {
		d.reader, d.run = newPool(di, read), (&grouper{db: d}).do
	}
	d.bun = bun.NewDB(read, di.builder())
	return d, nil
}

func (d *DB) prepare(ctx context.Context) error {
	if err := d.connect(ctx); err != nil {
		return fmt.Errorf("connect to the database: %w", d.dialect.explain(err))
	}
	if err := d.whole(ctx); err != nil {
		return err
	}
	if err := d.mend(ctx); err != nil {
		return fmt.Errorf("mend the database: %w", d.dialect.explain(err))
	}
	if err := d.migrate(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", d.dialect.explain(err))
	}
	for _, text := range slices.Concat(hotWrites, []string{d.texts.insertWords[fileWords], d.texts.deleteWords[fileWords], d.texts.learn, d.texts.learnMore}) {
		if err := d.writer.keep(ctx, text); err != nil {
			return fmt.Errorf("prepare a statement: %w", err)
		}
	}
	return nil
}

// connect opens the first connection. SQLite does not wait, whatever its timeout, when
// two processes make the same new file a database with a log at the same moment.
func (d *DB) connect(ctx context.Context) error {
	for started := time.Now(); ; {
		err := d.writer.sql.PingContext(ctx)
		if err == nil || !d.dialect.passing(err) || time.Since(started) > txPatience {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close waits for running statements and closes all connections.
func (d *DB) Close() error {
	d.beginnings.close()
	// The writing connection goes last: on SQLite it then folds the log into the file.
	var err error
	if d.reader != d.writer {
		err = d.reader.close()
	}
	return errors.Join(err, d.writer.close())
}

// Ping asks the database for a sign of life.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	if err := d.reader.row(ctx, "SELECT 1").Scan(&one); err != nil {
		return d.fail("ask the database", err)
	}
	return nil
}

// Engine is the engine in use.
func (d *DB) Engine() Engine { return d.dialect.engine() }

// Shared reports whether several nodes may use the database at the same time.
func (d *DB) Shared() bool { return d.dialect.lock() != "" }

// SQL is the writing pool, for libraries that bring tables of their own. On SQLite
// it has a single connection: hold it for short moments only.
func (d *DB) SQL() *sql.DB { return d.writer.sql }

// fail adds what was being done to an error and says in a code what it means.
func (d *DB) fail(doing string, err error) error {
	return fmt.Errorf("%s: %w", doing, d.dialect.explain(err))
}
