package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"
)

// State is what Look saw of a database.
type State struct {
	Engine  Engine
	Version string // of the engine, such as "15.7"
	// Have is the number of the newest migration that was applied, 0 if there are no
	// tables yet, and Know that of the newest one that this program brings.
	Have, Know int64
}

// Look asks a database what it is, without migrating it. A file that does not exist is
// made, as Open does.
func Look(ctx context.Context, c Config) (s State, err error) {
	di, err := c.dialect()
	if err != nil {
		return s, err
	}
	write, read, err := di.open(c)
	if err != nil {
		return s, err
	}
	d := &DB{dialect: di, log: c.Logger, watch: c.watch, writer: newPool(di, write)}
	if d.reader = d.writer; read != write {
		d.reader = newPool(di, read)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.connect(ctx); err != nil {
		return s, fmt.Errorf("connect to the database: %w", d.dialect.explain(err))
	}
	s.Engine = d.Engine()
	text := "SELECT sqlite_version()"
	if s.Engine == Postgres {
		text = "SHOW server_version"
	}
	if err := d.writer.sql.QueryRowContext(ctx, text).Scan(&s.Version); err != nil {
		return s, d.fail("ask the database for its version", err)
	}
	folder, err := fs.Sub(migrations, path.Join("migrations", string(s.Engine)))
	if err != nil {
		return s, err
	}
	if s.Know, err = newestMigration(folder); err != nil {
		return s, err
	}
	s.Have, _ = d.schemaVersion(ctx) // without its table there is nothing
	return s, nil
}

// mostWaiting bounds what RemovalsWaiting counts.
const mostWaiting = 1000

// RemovalsWaiting tells how many removals are due, counted up to 1000, and since when
// the oldest of them is; zero if none is.
func (d *DB) RemovalsWaiting(ctx context.Context, now time.Time) (n int, oldest time.Time, err error) {
	row := d.reader.sql.QueryRowContext(ctx, `SELECT count(*), coalesce(min(due_at), 0) FROM
		(SELECT due_at FROM removals WHERE due_at <= $1 ORDER BY due_at LIMIT $2) AS part`, micros(now), mostWaiting)
	var due int64
	if err := row.Scan(&n, &due); err != nil {
		return 0, oldest, d.fail("count removals", err)
	}
	if due > 0 {
		oldest = time.UnixMicro(due).UTC()
	}
	return n, oldest, nil
}
