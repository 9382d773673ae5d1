package db_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// Every table of the schema is kept by backups, or stands on the list of those that
// are not, with a reason.
func TestNothingIsForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var kept []string
		must(t, d.Snapshot(t.Context(), func(_ context.Context, s *db.Snapshot) error {
			for _, table := range s.Tables() {
				kept = append(kept, table.Name)
				if len(table.Columns) == 0 {
					t.Errorf("%s has no columns", table.Name)
				}
			}
			return nil
		}))
		for _, name := range db.TableNames(t, d) {
			_, left := db.LeftTables[name]
			shadow := slices.ContainsFunc([]string{"file_words_", "album_words_", "user_words_"}, func(p string) bool { return strings.HasPrefix(name, p) })
			if name == "goose_db_version" || shadow {
				continue
			}
			if slices.Contains(kept, name) == left {
				t.Errorf("the table %s must stand in keptTables or in leftTables", name)
			}
		}
	})
}

// dump is a database as a snapshot shows it.
type dump struct {
	version int64
	tables  []db.Table
	rows    map[string][][]any
}

func dumped(t *testing.T, d *db.DB) (all dump) {
	t.Helper()
	all.rows = make(map[string][][]any)
	must(t, d.Snapshot(t.Context(), func(ctx context.Context, s *db.Snapshot) error {
		all.version, all.tables = s.Version(), s.Tables()
		for _, table := range all.tables {
			err := s.Rows(ctx, table, func(values []any) error {
				all.rows[table.Name] = append(all.rows[table.Name], slices.Clone(values))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	return all
}

// filled has something in every table, with values at their limits.
func filled(t *testing.T, d *db.DB) {
	t.Helper()
	pool := d.SQL()
	texts := []string{"", "plain", "日本語 🌄 ё", "a\"b\\c\n\t\u2028", strings.Repeat("long ", 100_000), "' OR 1=1 --"}
	insert(t, pool, "users", map[string]any{"id": 1, "username": "Anna", "username_key": "anna", "name": "Anna Åström", "status": "valid", "role": "user", "byte_count": int64(math.MaxInt64)})
	insert(t, pool, "users", map[string]any{"id": 7, "username": "Bob", "username_key": "bob", "created_at": int64(math.MinInt64)})
	insert(t, pool, "api_keys", map[string]any{"id": 1, "user_id": 7, "public_id": "abc", "hash": []byte{0, 255, 10}})
	insert(t, pool, "sessions", map[string]any{"id": 1, "user_id": 1, "token_hash": []byte("x")})
	insert(t, pool, "bans", map[string]any{"id": 3, "prefix": "192.0.2.0/24"})
	insert(t, pool, "categories", map[string]any{"id": 1, "url_key": "c", "name": "Nature"})
	insert(t, pool, "albums", map[string]any{"id": 1, "owner_id": 1, "slug": "a", "privacy": "public", "name": "Summer", "description": "夏"})
	insert(t, pool, "tags", map[string]any{"id": 1, "name": "Ёлка", "name_key": "ёлка", "listed_count": 2})
	insert(t, pool, "settings", map[string]any{"name": "site_name", "value": "Ours"})
	for i, text := range texts {
		id := i*1000 + 1
		insert(t, pool, "files", map[string]any{"id": id, "owner_id": 1, "slug": fmt.Sprint("s", i), "name": fmt.Sprint("n", i), "extension": "jpg", "variant_extension": "jpg",
			"format": "jpeg", "title": text[:min(len(text), 100)], "listed": i%2 == 0, "approved": i%2 == 0, "md5": []byte{byte(i), 0, 255}, "uploader_ip": []byte{1, 2, 3, 4}, "size": i})
		insert(t, pool, "file_texts", map[string]any{"file_id": id, "description": text, "exif": `{"Make":"x"}`})
		insert(t, pool, "file_tags", map[string]any{"file_id": id, "tag_id": 1, "position": i})
		insert(t, pool, "likes", map[string]any{"file_id": id, "user_id": 1, "created_at": 5})
	}
	// Ids that were given and are gone must not be given again.
	insert(t, pool, "files", map[string]any{"id": 99_999, "slug": "gone", "name": "gone"})
	if d.Engine() == db.Postgres {
		for table, id := range map[string]int{"users": 7, "api_keys": 1, "sessions": 1, "bans": 3, "categories": 1, "albums": 1, "tags": 1, "files": 99_999} {
			must(t, second(pool.ExecContext(t.Context(), fmt.Sprintf("SELECT setval('%s_id_seq', %d)", table, id))))
		}
	}
	must(t, second(pool.ExecContext(t.Context(), "DELETE FROM files WHERE id = 99999")))
}

// load fills a database in batches of two rows; stop is after how many batches it gives
// up, 0: never.
func load(t *testing.T, url string, all dump, stop int) error {
	t.Helper()
	l, err := db.OpenLoader(t.Context(), db.Config{URL: url, Logger: slog.New(slog.DiscardHandler)}, 42, all.version)
	if err != nil {
		return err
	}
	defer l.Close()
	for _, table := range all.tables {
		var names []string
		for _, c := range table.Columns {
			names = append(names, c.Name)
		}
		there, err := l.Loaded(t.Context(), table.Name)
		must(t, err)
		for batch := range slices.Chunk(all.rows[table.Name][there:], 2) {
			if stop--; stop == 0 {
				return errors.New("stopped")
			}
			rows := make([][]any, len(batch))
			for i := range batch {
				rows[i] = slices.Clone(batch[i])
			}
			if _, err := l.Load(t.Context(), table.Name, names, rows); err != nil {
				return err
			}
		}
		must(t, l.SetLastID(t.Context(), table.Name, table.LastID))
	}
	must(t, l.Index(t.Context()))
	must(t, l.Upgrade(t.Context()))
	must(t, l.Words(t.Context(), nil))
	counts, err := l.Counts(t.Context())
	must(t, err)
	for name, rows := range all.rows {
		if counts[name] != int64(len(rows)) {
			t.Errorf("%d rows in %s, want %d", counts[name], name, len(rows))
		}
	}
	return l.Finish(t.Context())
}

func emptyURL(t *testing.T, engine string) string {
	t.Helper()
	if engine == "postgres" {
		return dbtest.EmptyPostgresURL(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "new.db")
}

func TestLoad(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"sqlite", "postgres"} {
		for _, to := range []string{"sqlite", "postgres"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				source := dbtest.SQLite(t)
				if from == "postgres" {
					source = dbtest.Postgres(t)
				}
				filled(t, source)
				all := dumped(t, source)
				url := emptyURL(t, to)
				for _, stop := range []int{1, 3, 9} { // broken off again and again
					if err := load(t, url, all, stop); err == nil || err.Error() != "stopped" {
						t.Fatal(err)
					}
					if err := second(db.Open(t.Context(), db.Config{URL: url})); !vitrine.Is(err, vitrine.CodeConflict) || !strings.Contains(err.Error(), "run the same vitrine restore again") {
						t.Fatalf("a half restored database is opened: %v", err)
					}
				}
				must(t, load(t, url, all, 0))
				d, err := db.Open(t.Context(), db.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
				must(t, err)
				defer d.Close()
				again := dumped(t, d)
				for name, want := range all.rows {
					same(t, name, want, again.rows[name])
				}
				for i, table := range all.tables {
					if table.LastID != again.tables[i].LastID {
						t.Errorf("the last id of %s is %d, want %d", table.Name, again.tables[i].LastID, table.LastID)
					}
				}
				for query, want := range map[string]int{"елка": 6, "日本語": 1} {
					if got := len(pages(t, d, db.FileList{All: true, Search: query, Limit: 99})); got != want {
						t.Errorf("%q finds %d files, want %d", query, got, want)
					}
				}
				if drift, err := d.UsageDrift(t.Context()); err != nil || len(drift) > 0 {
					t.Errorf("usage of storages %v, %v", drift, err)
				}
				if l, _, err := d.AlbumList(t.Context(), db.AlbumList{Search: "夏", Limit: 5}); err != nil || len(l) != 1 {
					t.Errorf("albums %v, %v", l, err)
				}
				if drift, err := d.UsageDrift(t.Context()); err != nil || len(drift) > 0 {
					t.Errorf("the usage of storages differs by %v, %v", drift, err)
				}
				if !slices.Equal(db.IndexNames(t, d), db.IndexNames(t, source)) && from == to {
					t.Error("indexes are missing")
				}
				if err := load(t, url, all, 0); !vitrine.Is(err, vitrine.CodeConflict) || !strings.Contains(err.Error(), "2 in users") {
					t.Errorf("loaded into a full database: %v", err)
				}
			})
		}
	}
}

// A backup of an older version goes into the tables of that version first.
func TestLoadOldVersion(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			pool, _ := old(t, engine)
			all := dump{version: 1, rows: make(map[string][][]any)}
			for _, name := range []string{"users", "files"} {
				table := db.Table{Name: name, LastID: 50}
				var row []any
				for _, c := range columnsOf(t, pool, name) {
					table.Columns = append(table.Columns, db.Column{Name: c.Name()})
					v := map[string]any{"TEXT": "evening", "BLOB": []byte{}, "BYTEA": []byte{}}[c.DatabaseTypeName()]
					switch {
					case v == nil && c.Name() == "expires_at":
						v = int64(0)
					case v == nil:
						v = int64(1)
					}
					row = append(row, v)
				}
				all.tables = append(all.tables, table)
				all.rows[name] = [][]any{row}
			}
			must(t, pool.Close())
			for _, url := range []string{emptyURL(t, string(engine)), newerURL(t, engine)} {
				must(t, load(t, url, all, 0))
				d, err := db.Open(t.Context(), db.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
				must(t, err)
				if got := pages(t, d, db.FileList{All: true, Search: "evening", Limit: 9}); len(got) != 1 {
					t.Errorf("found %v", got)
				}
				if used, err := d.StorageUsage(t.Context()); err != nil || len(used) != 1 || used[0].Files != 1 {
					t.Errorf("usage %v, %v", used, err)
				}
				must(t, d.Close())
			}
			all.version = 9999
			if err := load(t, emptyURL(t, string(engine)), all, 0); !vitrine.Is(err, vitrine.CodeInvalid) {
				t.Errorf("a backup of a newer version: %v", err)
			}
		})
	}
}

// newerURL is an empty database of the newest version.
func newerURL(t *testing.T, engine db.Engine) string {
	t.Helper()
	if engine == db.Postgres {
		return dbtest.PostgresURL(t)
	}
	return dbtest.SQLiteURL(t)
}

// Two that restore the same backup do not work against each other, and another backup
// is refused.
func TestLoadTogether(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			c := db.Config{URL: newerURL(t, engine), Logger: slog.New(slog.DiscardHandler)}
			first, err := db.OpenLoader(t.Context(), c, 1, 2)
			must(t, err)
			defer first.Close()
			row := func(name string) [][]any { return [][]any{{name, "x"}} }
			must(t, second(first.Load(t.Context(), "settings", []string{"name", "value"}, row("a"))))
			next, err := db.OpenLoader(t.Context(), c, 1, 2)
			must(t, err)
			defer next.Close()
			if n, err := next.Loaded(t.Context(), "settings"); err != nil || n != 1 {
				t.Errorf("%d rows loaded, %v", n, err)
			}
			if _, err := first.Load(t.Context(), "settings", []string{"name", "value"}, row("b")); !vitrine.Is(err, vitrine.CodeConflict) {
				t.Errorf("two write: %v", err)
			}
			must(t, second(next.Load(t.Context(), "settings", []string{"name", "value"}, row("b"))))
			if err := second(db.OpenLoader(t.Context(), c, 2, 2)); !vitrine.Is(err, vitrine.CodeConflict) {
				t.Errorf("another backup: %v", err)
			}
			for name, names := range map[string][]string{"too few": {"name"}, "unknown": {"name", "colour"}} {
				if _, err := next.Load(t.Context(), "settings", names, nil); !vitrine.Is(err, vitrine.CodeInvalid) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if _, err := next.Load(t.Context(), "settings", []string{"name", "value"}, [][]any{{"c", int64(1)}}); err == nil {
				t.Error("a number as a text")
			}
			must(t, next.SetMark(t.Context(), "objects", 12))
			if n, err := next.Mark(t.Context(), "objects"); n != 12 || err != nil {
				t.Errorf("mark %d, %v", n, err)
			}
		})
	}
}

// What SQLite keeps and PostgreSQL refuses.
func TestLoadStrangeTexts(t *testing.T) {
	t.Parallel()
	for engine, want := range map[db.Engine]int{db.SQLite: 0, db.Postgres: 2} {
		l, err := db.OpenLoader(t.Context(), db.Config{URL: newerURL(t, engine), Logger: slog.New(slog.DiscardHandler)}, 1, 2)
		must(t, err)
		n, err := l.Load(t.Context(), "settings", []string{"name", "value"}, [][]any{{"a", "x\x00y"}, {"b", "\xff"}, {"c", "é"}})
		if err != nil || n != want {
			t.Errorf("%s: %d changed, %v", engine, n, err)
		}
		must(t, l.Close())
	}
}

// BenchmarkSnapshot and BenchmarkLoad tell rows a second.
func BenchmarkWhole(b *testing.B) {
	for name, d := range map[string]*db.DB{"sqlite": dbtest.SQLite(b), "postgres": dbtest.Postgres(b)} {
		const count = 20_000
		names, rows := []string{"file_id", "description", "exif", "alt"}, make([][]any, count)
		b.Run(name+"/load", func(b *testing.B) {
			url := dbtest.SQLiteURL(b)
			if name == "postgres" {
				url = dbtest.PostgresURL(b)
			}
			l, err := db.OpenLoader(b.Context(), db.Config{URL: url, Logger: slog.New(slog.DiscardHandler)}, 1, db.NewestVersion(b, d))
			must(b, err)
			defer l.Close()
			id := int64(0)
			for b.Loop() {
				for i := range rows {
					id++
					rows[i] = []any{id, "The evening over the fjord, seen from the bridge.", "", "A bridge"}
				}
				must(b, second(l.Load(b.Context(), "file_texts", names, rows)))
			}
			b.ReportMetric(float64(b.N*count)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(name+"/snapshot", func(b *testing.B) {
			must(b, second(d.SQL().ExecContext(b.Context(), `INSERT INTO file_texts (file_id, description, exif)
				WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, 'The evening over the fjord', '' FROM n
				WHERE NOT EXISTS (SELECT 1 FROM file_texts)`)))
			for b.Loop() {
				must(b, d.Snapshot(b.Context(), func(ctx context.Context, s *db.Snapshot) error {
					for _, table := range s.Tables() {
						if err := s.Rows(ctx, table, func([]any) error { return nil }); err != nil {
							return err
						}
					}
					return nil
				}))
			}
			b.ReportMetric(float64(b.N*count)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
