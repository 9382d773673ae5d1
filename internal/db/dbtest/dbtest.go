package dbtest

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"vitrine/internal/db"
)

// Each runs fn as the subtests "sqlite" and "postgres", in parallel, each with a
// fresh database that is closed when the subtest ends.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t))
	})
}

// SQLite opens a fresh database in a temporary folder, closed when the test ends.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	return open(t, SQLiteURL(t))
}

// Postgres opens a fresh database in the cluster of this process, closed when the
// test ends.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t))
}

// SQLiteURL makes a fresh, migrated database in a temporary folder.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	content, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("make a SQLite database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "vitrine.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// PostgresURL makes a fresh, migrated database in the cluster of this process, which
// it starts if need be, and drops it when the test ends. The cluster listens on a Unix
// socket that every user of the machine may use, so the URL also serves child
// processes. A machine without PostgreSQL fails the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return create(t, templateName)
}

// EmptyPostgresURL is PostgresURL without any table.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	return create(t, "template1")
}

func create(t testing.TB, template string) string {
	t.Helper()
	c, err := startCluster()
	if err != nil {
		t.Fatalf("PostgreSQL is needed for this test: %v", err)
	}
	u, drop, err := c.create(t.Context(), template)
	if err != nil {
		t.Fatalf("make a PostgreSQL database: %v", err)
	}
	t.Cleanup(drop)
	return u
}

func open(t testing.TB, u string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: u, Logger: quiet()})
	if err != nil {
		t.Fatalf("open the database: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return d
}

// sqliteTemplate migrates one database a process; the others are copies of its file.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "vitrine-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "template.db")
	if err := migrated("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// migrated opens and closes a database, which leaves it with all its tables.
func migrated(u string) error {
	d, err := db.Open(context.Background(), db.Config{URL: u, Logger: quiet()})
	if err != nil {
		return err
	}
	return d.Close()
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func postgresURL(socketFolder, name string) string {
	return (&url.URL{
		Scheme: "postgres", User: url.User(superuser), Path: "/" + name,
		RawQuery: url.Values{"host": {socketFolder}, "port": {"5432"}, "sslmode": {"disable"}}.Encode(),
	}).String()
}
