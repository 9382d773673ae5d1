package db

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"path"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date. A database of a newer version is left as it
// is: migrations only ever add what older programs can live with.
func (d *DB) migrate(ctx context.Context) error {
	folder, newest, err := d.migrationFiles()
	if err != nil {
		return err
	}
	return d.migrateTo(ctx, folder, newest)
}

// migrationFiles are the migrations of the engine, and the number of the newest one.
func (d *DB) migrationFiles() (folder fs.FS, newest int64, err error) {
	if folder, err = fs.Sub(migrations, path.Join("migrations", string(d.Engine()))); err != nil {
		return nil, 0, err
	}
	newest, err = newestMigration(folder)
	return folder, newest, err
}

// migrateTo is migrate that goes no further than the migration newest.
func (d *DB) migrateTo(ctx context.Context, folder fs.FS, newest int64) error {
	// Asking for the version is one statement; goose would take the lock and compare
	// the whole history. Without its table there is no answer, and everything to do.
	if have, err := d.schemaVersion(ctx); err == nil && have >= newest {
		if have > newest {
			d.log.Warn("the database was migrated by a newer version", slog.Int64("have", have), slog.Int64("know", newest))
		}
		return nil
	}
	dialect, options, err := d.dialect.migrations()
	if err != nil {
		return err
	}
	options = append(options, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(d.goMigrations()...))
	p, err := goose.NewProvider(dialect, d.writer.sql, folder, options...)
	if err != nil {
		return err
	}
	if d.reader != d.writer {
		// goose holds a connection while what is written in Go uses another one.
		d.writer.sql.SetMaxOpenConns(2)
		defer d.writer.sql.SetMaxOpenConns(1)
	}
	for seen := int64(0); ; {
		done, err := p.UpTo(ctx, newest)
		for _, m := range done {
			d.log.Info("database migrated", slog.Int64("version", m.Source.Version), slog.Duration("took", m.Duration))
		}
		if err == nil {
			return nil
		}
		// On SQLite two processes may start at once; the one that came second finds the
		// tables there, and goes on from where the first one is.
		have, again := d.schemaVersion(ctx)
		switch {
		case again == nil && have >= newest:
			return nil
		case again != nil || have <= seen:
			return err
		}
		seen = have
	}
}

const readSchemaVersion = `SELECT max(version_id) FROM goose_db_version WHERE is_applied`

func (d *DB) schemaVersion(ctx context.Context) (version int64, err error) {
	err = d.writer.sql.QueryRowContext(ctx, readSchemaVersion).Scan(&version)
	return version, err
}

// newestMigration is the number that the last file begins with, or that of the last one
// in Go.
func newestMigration(folder fs.FS) (int64, error) {
	names, err := fs.Glob(folder, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(errors.New("no migrations embedded"), err)
	}
	number, _, _ := strings.Cut(names[len(names)-1], "_")
	n, err := strconv.ParseInt(number, 10, 64)
	return max(n, wordsVersion), err
}
