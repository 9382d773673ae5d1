package db_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestMigrationsComeInPairs(t *testing.T) {
	t.Parallel()
	names := func(engine string) (list []string) {
		files, err := filepath.Glob(filepath.Join("migrations", engine, "*"))
		must(t, err)
		for _, f := range files {
			list = append(list, filepath.Base(f))
		}
		return list
	}
	lite, pg := names("sqlite"), names("postgres")
	if !slices.Equal(lite, pg) || len(lite) == 0 {
		t.Fatalf("not in pairs: %v and %v", lite, pg)
	}
	form := regexp.MustCompile(`^(\d{4})_[a-z_]+\.sql$`)
	last := 0
	for _, name := range lite {
		m := form.FindStringSubmatch(name)
		if m == nil {
			t.Errorf("%s is not named as a migration", name)
			continue
		}
		n, _ := strconv.Atoi(m[1])
		if n <= last || n == 3 || n == 7 { // 3 and 7 are in Go
			t.Errorf("%s cannot follow migration %d", name, last)
		}
		last = n
		for _, engine := range []string{"sqlite", "postgres"} {
			text, err := os.ReadFile(filepath.Join("migrations", engine, name))
			must(t, err)
			if !strings.HasPrefix(string(text), "-- +goose Up") || strings.Contains(string(text), "goose Down") {
				t.Errorf("%s/%s does not go forward only", engine, name)
			}
		}
	}
}

// Twins have the same tables, columns and indexes, but for the words of the search.
func TestEnginesHaveTheSameShape(t *testing.T) {
	t.Parallel()
	shape := func(d *db.DB, query string) (list []string) {
		rows, err := d.SQL().QueryContext(t.Context(), query)
		must(t, err)
		defer rows.Close()
		for rows.Next() {
			var s string
			must(t, rows.Scan(&s))
			list = append(list, s)
		}
		must(t, rows.Err())
		slices.Sort(list)
		return list
	}
	lite, pg := dbtest.SQLite(t), dbtest.Postgres(t)
	for what, q := range map[string][2]string{
		"columns": {
			`SELECT m.name || '.' || c.name || ' ' || c.cid || ' ' || c."notnull" FROM sqlite_schema m, pragma_table_info(m.name) c
				WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' AND m.name NOT LIKE '%_words%' AND c.pk = 0`,
			`SELECT table_name || '.' || column_name || ' ' || (ordinal_position - 1) || ' ' || CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END
				FROM information_schema.columns c WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%' AND table_name NOT LIKE '%_words' AND NOT EXISTS (
				SELECT 1 FROM information_schema.key_column_usage k WHERE k.table_name = c.table_name AND k.column_name = c.column_name AND k.constraint_name LIKE '%_pkey')`,
		},
		"indexes": {
			`SELECT tbl_name || ' ' || name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`,
			`SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND tablename NOT LIKE '%_words' AND tablename NOT LIKE 'goose_%'`,
		},
	} {
		a, b := shape(lite, q[0]), shape(pg, q[1])
		if !slices.Equal(a, b) || len(a) < 20 {
			t.Errorf("%s differ:\nsqlite   %v\npostgres %v", what, a, b)
		}
	}
}

func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{
		"sqlite":   "sqlite:" + filepath.Join(t.TempDir(), "a ?%#b.db"),
		"postgres": dbtest.EmptyPostgresURL(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			errs := make(chan error, 4)
			for range cap(errs) {
				go func() {
					d, err := db.Open(t.Context(), db.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
					if err == nil {
						_, err = d.CountUsers(t.Context())
						defer d.Close()
					}
					errs <- err
				}()
			}
			for range cap(errs) {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "sqlite", "sqlite:", "sqlite::memory:", "mysql://x", "/tmp/x", "postgres://%zz"} {
		if err := second(db.Open(t.Context(), db.Config{URL: url})); !vitrine.Is(err, vitrine.CodeInvalid) {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{"sqlite:" + t.TempDir() + "/no/such.db", "sqlite:" + t.TempDir(), "postgres:///x?host=/nowhere"} {
		if err := second(db.Open(t.Context(), db.Config{URL: url})); err == nil {
			t.Errorf("%q was opened", url)
		}
	}
}

func TestDatabaseFileIsPrivate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + path, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	defer d.Close()
	for _, f := range []string{path, path + "-wal"} {
		info, err := os.Stat(f)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f, info.Mode())
		}
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		var got string
		must(t, d.SQL().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		if got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
}

// BenchmarkOpen is what the database adds to the start of a server that has run before.
func BenchmarkOpen(b *testing.B) {
	for name, url := range map[string]string{"sqlite": dbtest.SQLiteURL(b), "postgres": dbtest.PostgresURL(b)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d, err := db.Open(b.Context(), db.Config{URL: url})
				must(b, err)
				must(b, d.Close())
			}
		})
	}
}

// BenchmarkMigrate opens a database that is new.
func BenchmarkMigrate(b *testing.B) {
	folder := b.TempDir()
	n := 0
	for b.Loop() {
		n++
		d, err := db.Open(b.Context(), db.Config{URL: "sqlite:" + filepath.Join(folder, itoa(n)), Logger: slog.New(slog.DiscardHandler)})
		must(b, err)
		must(b, d.Close())
	}
}
