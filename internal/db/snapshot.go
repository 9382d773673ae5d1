package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Column is a column of a table in words that both engines share.
type Column struct {
	Name string
	Kind ColumnKind
}

// ColumnKind is what a column holds.
type ColumnKind string

// The kinds. Truth is 0 or 1, wherever it comes from.
const (
	IntColumn   ColumnKind = "int"   // 64 bits, signed
	TruthColumn ColumnKind = "truth" // a boolean; SQLite keeps them as integers
	TextColumn  ColumnKind = "text"
	BytesColumn ColumnKind = "bytes"
)

// Table is a table as a Snapshot sees it.
type Table struct {
	Name    string
	Columns []Column // in their order in the schema
	LastID  int64    // the highest id ever given; 0: none yet, or the table gives none
}

// keptTable is a table that backups have.
type keptTable struct {
	name  string
	key   string // primary key: the order of its rows
	gives bool   // it gives ids, which are never given twice
}

// keptTables are the tables that a snapshot shows, in the order in which they can be
// filled: what a foreign key refers to comes first.
var keptTables = []keptTable{
	{"settings", "name", false},
	{"versions", "name", false},
	{"users", "id", true},
	{"api_keys", "id", true},
	{"sessions", "id", true},
	{"bans", "id", true},
	{"categories", "id", true},
	{"albums", "id", true},
	{"tags", "id", true},
	{"files", "id", true},
	{"file_texts", "file_id", false},
	{"file_tags", "file_id, tag_id", false},
	{"likes", "file_id, user_id", false},
}

// leftTables are the tables that no backup has, each with the reason. Every table of the
// schema stands here or in keptTables; a test sees to that.
var leftTables = map[string]string{
	"file_words":    "made anew from the rows of files",
	"album_words":   "made anew from the rows of albums",
	"user_words":    "made anew from the rows of users",
	"storage_usage": "counted anew from the rows of files",
	"removals":      "objects that are still to be removed from storages; another place does not have them",
	"attempts":      "counts of the last hours",
	"holds":         "they keep objects while this backup runs",
	"marks":         "where walks through storages go on, and when this place was backed up; another place begins anew",
	"vocabulary":    "made anew with the words",
}

// Snapshot is the database at one moment, for reading it whole. It belongs to one
// goroutine and ends with the function that it was given to.
type Snapshot struct {
	db      *DB
	tx      *sql.Tx
	version int64
	tables  []Table
}

// Snapshot runs fn with everything that the database holds at one moment, whatever is
// written meanwhile. It holds one reading connection; as long as it lasts SQLite's log
// cannot shrink and PostgreSQL cannot vacuum. fn must not write.
func (d *DB) Snapshot(ctx context.Context, fn func(context.Context, *Snapshot) error) error {
	tx, err := d.reader.sql.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return d.fail("begin a snapshot", err)
	}
	defer func() { _ = tx.Rollback() }() // it wrote nothing
	s := &Snapshot{db: d, tx: tx}
	ctx = context.WithValue(ctx, wholeKey{}, true)
	for _, text := range d.dialect.patient() {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return d.fail("begin a snapshot", err)
		}
	}
	// The first statement is the moment.
	if err := tx.QueryRowContext(ctx, readSchemaVersion).Scan(&s.version); err != nil {
		return d.fail("read the version of the tables", err)
	}
	for _, kept := range keptTables {
		t := Table{Name: kept.name}
		if t.Columns, err = d.columns(ctx, tx, kept.name); err != nil {
			return err
		}
		if kept.gives {
			t.LastID, err = scanID(tx.QueryRowContext(ctx, d.dialect.lastID(kept.name)))
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return d.fail("read the last id of "+kept.name, err)
			}
		}
		s.tables = append(s.tables, t)
	}
	return fn(ctx, s)
}

// wholeKey marks the contexts of statements that read whole tables: nobody is told that
// they take long.
type wholeKey struct{}

// Version is the number of the newest migration of the tables.
func (s *Snapshot) Version() int64 { return s.version }

// Tables are those that a backup needs, in the order in which they can be filled.
func (s *Snapshot) Tables() []Table { return slices.Clone(s.tables) }

// Rows calls fn with every row of the table in the order of its primary key, and ends
// with fn's first error, which it returns. The values stand in the order of the columns:
// nil, int64, string or []byte. fn must not keep the slice.
func (s *Snapshot) Rows(ctx context.Context, t Table, fn func(values []any) error) error {
	i := slices.IndexFunc(keptTables, func(k keptTable) bool { return k.name == t.Name })
	if i < 0 {
		return fmt.Errorf("read rows: there is no table %q", t.Name)
	}
	rows, err := s.tx.QueryContext(ctx, "SELECT "+columnNames(t.Columns)+" FROM "+t.Name+" ORDER BY "+keptTables[i].key)
	if err != nil {
		return s.db.fail("read "+t.Name, err)
	}
	defer rows.Close()
	values, at := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		at[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(at...); err != nil {
			return s.db.fail("read "+t.Name, err)
		}
		for i, v := range values {
			if values[i], err = plainValue(v, t.Columns[i].Kind); err != nil {
				return fmt.Errorf("read %s.%s: %w", t.Name, t.Columns[i].Name, err)
			}
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return s.db.fail("read "+t.Name, err)
	}
	return nil
}

// plainValue is a value of a driver as one of the four that rows have.
func plainValue(v any, kind ColumnKind) (any, error) {
	switch v := v.(type) {
	case nil, int64:
		return v, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case string:
		if kind == BytesColumn {
			return []byte(v), nil
		}
		return v, nil
	case []byte:
		switch {
		case kind == TextColumn:
			return string(v), nil
		case v == nil:
			return []byte{}, nil // what SQLite's driver makes of a blob without bytes
		}
		return v, nil
	}
	return nil, fmt.Errorf("a value of type %T, which no column should have", v)
}

// columns are those of a table, none if there is no such table.
func (d *DB) columns(ctx context.Context, on querier, table string) ([]Column, error) {
	rows, err := on.QueryContext(ctx, d.dialect.columns(), table)
	list, err := collect(rows, err, func(s scanner) (c Column, err error) {
		var declared string
		if err = s.Scan(&c.Name, &declared); err != nil {
			return c, err
		}
		var ok bool
		if c.Kind, ok = columnKinds[strings.ToUpper(declared)]; !ok {
			err = fmt.Errorf("the column %s.%s has the type %s, which backups do not know", table, c.Name, declared)
		}
		return c, err
	})
	if err != nil {
		return nil, d.fail("read the columns of "+table, err)
	}
	return list, nil
}

// columnKinds are the types that migrations of either engine declare.
var columnKinds = map[string]ColumnKind{
	"INTEGER": IntColumn, "BIGINT": IntColumn, "SMALLINT": IntColumn, "BOOLEAN": TruthColumn,
	"TEXT": TextColumn, "BLOB": BytesColumn, "BYTEA": BytesColumn,
}

// querier is what reads: a pool, a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

func columnNames(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}
