package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// whole is what differs between the engines where a database is read or filled as a
// whole. The names of tables in it are ours, never a stranger's.
type whole interface {
	// columns lists name and type of the columns of table $1, tables the names of all
	// tables, indexes name and definition of the indexes of table $1 that no constraint
	// needs.
	columns() string
	tables() string
	indexes() string
	// lastID reads the highest id that a table ever gave, or no row; setLastID is a
	// statement that says it, as $1.
	lastID(table string) string
	setLastID(table string) string
	// patient are statements that let a transaction last as long as it needs.
	patient() []string
	// prepareLoad makes a connection fit for many rows.
	prepareLoad(context.Context, *sql.Conn) error
	// load adds rows within a transaction of the connection.
	load(ctx context.Context, conn *sql.Conn, tx *sql.Tx, table string, columns []Column, rows [][]any) error
	// fit makes a row one that load takes, or says which value no such column has; changed
	// counts texts that the engine would refuse as they are.
	fit(columns []Column, row []any) (changed int, err error)
	// loadWords adds rows to a table of words.
	loadWords(context.Context, *sql.Tx, wordTable, []document) error
	// emptyWords takes all words out of a table of words.
	emptyWords(wordTable) string
	// settle is run at the end of a load; empty: nothing.
	settle() string
}

// ---- SQLite ----

func (sqliteDialect) columns() string {
	return `SELECT name, type FROM pragma_table_info($1) ORDER BY cid`
}

func (sqliteDialect) tables() string {
	return `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
}

func (sqliteDialect) indexes() string {
	return `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL ORDER BY name`
}

func (sqliteDialect) lastID(table string) string {
	return `SELECT seq FROM sqlite_sequence WHERE name = '` + table + `'`
}

// setLastID: SQLite itself has made the row when ids were inserted; without any row in
// the table it has not.
func (sqliteDialect) setLastID(table string) string {
	return `REPLACE INTO sqlite_sequence (rowid, name, seq) VALUES (
		(SELECT rowid FROM sqlite_sequence WHERE name = '` + table + `'), '` + table + `', $1)`
}

func (sqliteDialect) patient() []string { return nil }

// loadMemory is the page cache of a connection that loads, in KiB: indexes are made of
// rows that were just written.
const loadMemory = 128 << 10

func (sqliteDialect) prepareLoad(ctx context.Context, conn *sql.Conn) error {
	// What is sorted for an index does not fit into memory: temp_store 1 is a file.
	_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d; PRAGMA temp_store = 1", loadMemory))
	return err
}

// sqliteVariables bounds the values of one statement.
const sqliteVariables = 4000

func (sqliteDialect) load(ctx context.Context, _ *sql.Conn, tx *sql.Tx, table string, columns []Column, rows [][]any) error {
	if len(columns) == 0 || len(rows) == 0 {
		return nil
	}
	each := min(max(1, sqliteVariables/len(columns)), len(rows))
	insert := func(n int) string {
		row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
		return "INSERT INTO " + table + " (" + columnNames(columns) + ") VALUES " + strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
	}
	full, err := tx.PrepareContext(ctx, insert(each))
	if err != nil {
		return err
	}
	defer func() { _ = full.Close() }()
	args := make([]any, 0, each*len(columns))
	for len(rows) > 0 {
		n := min(each, len(rows))
		args = args[:0]
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if n == each {
			_, err = full.ExecContext(ctx, args...)
		} else {
			_, err = tx.ExecContext(ctx, insert(n), args...)
		}
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (sqliteDialect) fit(columns []Column, row []any) (int, error) { return 0, fitting(columns, row) }

// fitting refuses values of another type than their columns.
func fitting(columns []Column, row []any) error {
	if len(row) != len(columns) {
		return fmt.Errorf("%d values for %d columns", len(row), len(columns))
	}
	for i, v := range row {
		if !fits(v, columns[i].Kind) {
			return fmt.Errorf("a value of type %T in the column %s", v, columns[i].Name)
		}
	}
	return nil
}

func fits(v any, kind ColumnKind) bool {
	switch v.(type) {
	case nil:
		return true
	case int64:
		return kind == IntColumn || kind == TruthColumn
	case string:
		return kind == TextColumn
	case []byte:
		return kind == BytesColumn
	}
	return false
}

func (s sqliteDialect) loadWords(ctx context.Context, tx *sql.Tx, w wordTable, list []document) error {
	insert, err := tx.PrepareContext(ctx, w.insert(s))
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }()
	for _, d := range list {
		if _, err := insert.ExecContext(ctx, d.id, d.text); err != nil {
			return err
		}
	}
	return nil
}

func (sqliteDialect) emptyWords(w wordTable) string {
	return `INSERT INTO ` + string(w) + ` (` + string(w) + `) VALUES ('delete-all')`
}

// SQLite goes without statistics.
func (sqliteDialect) settle() string { return "" }

// ---- PostgreSQL ----

func (postgresDialect) columns() string {
	return `SELECT column_name, data_type FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`
}

func (postgresDialect) tables() string {
	return `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
}

func (postgresDialect) indexes() string {
	return `SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema() AND i.tablename = $1
		AND NOT EXISTS (SELECT 1 FROM pg_constraint c JOIN pg_class n ON n.oid = c.conindid
			WHERE n.relname = i.indexname AND n.relnamespace = current_schema()::regnamespace) ORDER BY i.indexname`
}

func (postgresDialect) lastID(table string) string {
	return `SELECT last_value FROM ` + table + `_id_seq WHERE is_called`
}

func (postgresDialect) setLastID(table string) string {
	return `SELECT setval(pg_get_serial_sequence('` + table + `', 'id'), $1)`
}

func (postgresDialect) patient() []string {
	return []string{"SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0"}
}

func (postgresDialect) prepareLoad(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SET maintenance_work_mem = '256MB'") // for the indexes
	return err
}

func (postgresDialect) load(ctx context.Context, conn *sql.Conn, _ *sql.Tx, table string, columns []Column, rows [][]any) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	// The transaction is one of the connection: what is copied belongs to it.
	return conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, names, pgx.CopyFromRows(rows))
		return err
	})
}

// fit makes booleans of 0 and 1 and leaves out of texts what PostgreSQL refuses.
func (postgresDialect) fit(columns []Column, row []any) (changed int, err error) {
	if err := fitting(columns, row); err != nil {
		return 0, err
	}
	for i, v := range row {
		switch v := v.(type) {
		case int64:
			if columns[i].Kind == TruthColumn {
				row[i] = v != 0
			}
		case string:
			if strings.IndexByte(v, 0) >= 0 || !utf8.ValidString(v) {
				row[i] = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "")
				changed++
			}
		}
	}
	return changed, nil
}

func (postgresDialect) loadWords(ctx context.Context, tx *sql.Tx, w wordTable, list []document) error {
	ids, texts := make([]int64, len(list)), make([]string, len(list))
	for i, d := range list {
		ids[i], texts[i] = d.id, d.text
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO `+string(w)+` (rowid, words)
		SELECT x.id, CAST(x.words AS TSVECTOR) FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS TEXT[])) AS x (id, words)`, ids, texts)
	return err
}

func (postgresDialect) emptyWords(w wordTable) string { return `TRUNCATE ` + string(w) }

// The planner would else guess until the next autovacuum.
func (postgresDialect) settle() string { return "ANALYZE" }
