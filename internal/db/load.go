package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"vitrine/internal/vitrine"
)

// Loader fills an empty database with the rows of a backup. Until Finish the database
// is marked and nobody can Open it, and a Loader that was broken off can go on: what it
// has done is kept with the same transaction that did it. It belongs to one goroutine.
//
// The order is Load for every table, Index, Upgrade, Words, Finish; each may be
// repeated.
type Loader struct {
	d       *DB
	token   int64 // of this run: an older one that still lives finds another and stops
	columns map[string][]Column
}

// OpenLoader makes a database ready for the rows of a backup: it makes the tables as
// migration version has them and takes their indexes off until the rows are there.
// backup is any number that tells backups apart.
//
// CodeConflict says in one sentence that there are rows already, or that another backup
// is half restored there; CodeInvalid that the version is not known. Where the same
// backup is half restored the Loader goes on, and a Loader of another process that
// still does stops.
func OpenLoader(ctx context.Context, c Config, backup, version int64) (*Loader, error) {
	d, err := unprepared(c)
	if err != nil {
		return nil, err
	}
	l := &Loader{d: d, token: rand.Int64(), columns: make(map[string][]Column)}
	if err := l.open(ctx, backup, version); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return l, nil
}

func (l *Loader) open(ctx context.Context, backup, version int64) error {
	if err := l.d.connect(ctx); err != nil {
		return fmt.Errorf("connect to the database: %w", l.d.dialect.explain(err))
	}
	folder, newest, err := l.d.migrationFiles()
	if err != nil {
		return err
	}
	if version > newest || version < 1 {
		return vitrine.Errorf(vitrine.CodeInvalid, "The backup was made by a newer version of Vitrine: restore it with that version")
	}
	have, err := l.d.schemaVersion(ctx)
	if err != nil {
		have = 0
	}
	if have > 0 {
		switch other, marked, err := l.mark(ctx, markBackup); {
		case err != nil:
			return err
		case marked && other != backup:
			return vitrine.Errorf(vitrine.CodeConflict, "Another backup is half restored into this database: finish that one, or empty the database")
		case marked:
			return l.exec(ctx, upsertMark, markLoad, l.token)
		}
		if err := l.refuseRows(ctx, l.d.writer.sql); err != nil {
			return err
		}
	}
	if have > version {
		if err := l.dropTables(ctx); err != nil {
			return err
		}
	}
	if err := l.d.migrateTo(ctx, folder, version); err != nil {
		return fmt.Errorf("make the tables: %w", l.d.dialect.explain(err))
	}
	return l.begin(ctx, backup)
}

// refuseRows says what is in a database that should be empty.
func (l *Loader) refuseRows(ctx context.Context, on querier) error {
	var found []string
	for _, t := range keptTables {
		if t.name == "versions" {
			continue // migrations fill it
		}
		columns, err := l.d.columns(ctx, on, t.name)
		if err != nil {
			return err
		}
		if len(columns) == 0 {
			continue
		}
		n, err := scanID(on.QueryRowContext(ctx, "SELECT count(*) FROM "+t.name))
		if err != nil {
			return l.d.fail("count the rows of "+t.name, err)
		}
		if n > 0 {
			found = append(found, fmt.Sprintf("%d in %s", n, t.name))
		}
	}
	if len(found) > 0 {
		return vitrine.Errorf(vitrine.CodeConflict, "The database is not empty, and a backup is restored into an empty one only. It has rows: %s", strings.Join(found, ", "))
	}
	return nil
}

// dropTables takes the empty tables of a newer version away.
func (l *Loader) dropTables(ctx context.Context) error {
	return l.tx(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
		if err := l.refuseRows(ctx, tx); err != nil {
			return err
		}
		there, err := l.names(ctx, tx)
		if err != nil {
			return err
		}
		var ours []string
		for name := range leftTables {
			ours = append(ours, name)
		}
		slices.Sort(ours)
		for _, t := range slices.Backward(keptTables) { // what refers to others goes first
			ours = append(ours, t.name)
		}
		for _, name := range append(ours, "goose_db_version") {
			if !slices.Contains(there, name) {
				continue
			}
			if _, err := tx.ExecContext(ctx, "DROP TABLE "+name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *Loader) names(ctx context.Context, on querier) ([]string, error) {
	rows, err := on.QueryContext(ctx, l.d.dialect.tables())
	return collect(rows, err, func(s scanner) (name string, err error) { return name, s.Scan(&name) })
}

// begin marks the database and takes the indexes off.
func (l *Loader) begin(ctx context.Context, backup int64) error {
	err := l.tx(ctx, func(_ *sql.Conn, tx *sql.Tx) error {
		if err := l.refuseRows(ctx, tx); err != nil {
			return err
		}
		// What migrations have put there comes with the backup.
		if _, err := tx.ExecContext(ctx, "DELETE FROM versions"); err != nil {
			return err
		}
		for name, value := range map[string]int64{markLoad: l.token, markBackup: backup, markPhase: phaseRows} {
			if _, err := tx.ExecContext(ctx, upsertMark, name, value); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, createIndexes); err != nil {
			return err
		}
		var tables []string
		for _, t := range keptTables {
			tables = append(tables, t.name)
		}
		return l.takeIndexes(ctx, tx, tables)
	})
	if err != nil {
		return fmt.Errorf("begin to load: %w", l.d.dialect.explain(err))
	}
	return nil
}

// index is an index by its name.
type index struct{ name, definition string }

func scanIndex(s scanner) (i index, err error) { return i, s.Scan(&i.name, &i.definition) }

// takeIndexes takes the indexes off tables until makeIndexes.
func (l *Loader) takeIndexes(ctx context.Context, tx *sql.Tx, tables []string) error {
	for _, table := range tables {
		rows, err := tx.QueryContext(ctx, l.d.dialect.indexes(), table)
		list, err := collect(rows, err, scanIndex)
		if err != nil {
			return err
		}
		for _, i := range list {
			if _, err := tx.ExecContext(ctx, insertIndex, i.name, i.definition); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "DROP INDEX "+i.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Loaded is how many rows of a table are there already: those that Load need not be
// given again.
func (l *Loader) Loaded(ctx context.Context, table string) (int64, error) {
	n, _, err := l.mark(ctx, markRows+table)
	return n, err
}

// Load adds rows to a table and says how far it is, in one transaction. The values are
// as Snapshot.Rows gives them, in the order of the names. Names must be all columns of
// the table.
//
// Text that the engine refuses to keep (PostgreSQL: what is no UTF-8, and zero bytes)
// is made such that it can; changed says how many values that were.
func (l *Loader) Load(ctx context.Context, table string, names []string, rows [][]any) (changed int, err error) {
	columns, err := l.columnsOf(ctx, table, names)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		n, err := l.d.dialect.fit(columns, row)
		if err != nil {
			return 0, fmt.Errorf("load a row of %s: %w", table, err)
		}
		changed += n
	}
	err = l.tx(ctx, func(conn *sql.Conn, tx *sql.Tx) error {
		if err := l.alone(ctx, tx); err != nil {
			return err
		}
		if err := l.d.dialect.load(ctx, conn, tx, table, columns, rows); err != nil {
			return err
		}
		done, err := scanID(tx.QueryRowContext(ctx, readMark, markRows+table))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		_, err = tx.ExecContext(ctx, upsertMark, markRows+table, done+int64(len(rows)))
		return err
	})
	if err != nil {
		return 0, l.d.fail("load rows of "+table, err)
	}
	return changed, nil
}

// columnsOf puts the columns of a table in the order of the names.
func (l *Loader) columnsOf(ctx context.Context, table string, names []string) ([]Column, error) {
	have, ok := l.columns[table]
	if !ok {
		if !slices.ContainsFunc(keptTables, func(t keptTable) bool { return t.name == table }) {
			return nil, vitrine.Errorf(vitrine.CodeInvalid, "The backup has a table %q, which this version does not know", table)
		}
		var err error
		if have, err = l.d.columns(ctx, l.d.writer.sql, table); err != nil {
			return nil, err
		}
		l.columns[table] = have
	}
	var list []Column
	for _, name := range names {
		if i := slices.IndexFunc(have, func(c Column) bool { return c.Name == name }); i >= 0 {
			list = append(list, have[i])
		}
	}
	if len(list) != len(names) || len(list) != len(have) {
		return nil, vitrine.Errorf(vitrine.CodeInvalid, "The table %s of the backup has other columns than its version should have: it was not made by Vitrine, or is damaged", table)
	}
	return list, nil
}

// SetLastID lets the next id of a table be greater than id.
func (l *Loader) SetLastID(ctx context.Context, table string, id int64) error {
	if id <= 0 || !slices.ContainsFunc(keptTables, func(t keptTable) bool { return t.name == table && t.gives }) {
		return nil
	}
	return l.exec(ctx, l.d.dialect.setLastID(table), id)
}

// Close lets the database go. It stays marked unless it was finished.
func (l *Loader) Close() error { return l.d.Close() }
