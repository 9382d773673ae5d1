package db_test

import (
	"database/sql"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// old is a database as the first migration leaves it.
func old(t *testing.T, engine db.Engine) (pool *sql.DB, url string) {
	t.Helper()
	driver, dialect := "sqlite", goose.DialectSQLite3
	path := filepath.Join(t.TempDir(), "old.db")
	source := "file:" + path
	url = "sqlite:" + path
	if engine == db.Postgres {
		url = dbtest.EmptyPostgresURL(t)
		driver, dialect, source = "pgx", goose.DialectPostgres, url
	}
	pool, err := sql.Open(driver, source)
	must(t, err)
	p, err := goose.NewProvider(dialect, pool, os.DirFS(filepath.Join("migrations", string(engine))), goose.WithDisableGlobalRegistry(true))
	must(t, err)
	must(t, second(p.UpTo(t.Context(), 1)))
	return pool, url
}

func columnsOf(t *testing.T, pool *sql.DB, table string) []*sql.ColumnType {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), "SELECT * FROM "+table+" WHERE 1 = 0")
	must(t, err)
	defer rows.Close()
	types, err := rows.ColumnTypes()
	must(t, err)
	must(t, rows.Err())
	return types
}

// insert adds a row; columns that are not given are empty.
func insert(t *testing.T, pool *sql.DB, table string, given map[string]any) {
	t.Helper()
	types := columnsOf(t, pool, table)
	values := maps.Clone(given)
	for _, c := range types {
		if _, ok := values[c.Name()]; ok || c.Name() == "source_md5" || c.Name() == "token_hash" {
			continue
		}
		values[c.Name()] = map[string]any{"TEXT": "", "BLOB": []byte{}, "BYTEA": []byte{}, "BOOL": false}[c.DatabaseTypeName()]
		if values[c.Name()] == nil {
			values[c.Name()] = 0
		}
	}
	columns := slices.Sorted(maps.Keys(values))
	var marks []string
	var args []any
	for i, c := range columns {
		marks, args = append(marks, fmt.Sprint("$", i+1)), append(args, values[c])
	}
	_, err := pool.ExecContext(t.Context(), "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", args...)
	must(t, err)
}

// Rows that were there before the site have all that it needs afterwards.
func TestMigrationFillsIn(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			pool, url := old(t, engine)
			insert(t, pool, "users", map[string]any{"id": 1, "username": "Anna", "username_key": "anna", "status": "valid", "role": "user", "file_count": 700, "byte_count": 0})
			insert(t, pool, "albums", map[string]any{"id": 1, "owner_id": 1, "slug": "a", "privacy": "public", "name": "Summer", "description": "夏", "file_count": 700 / 3})
			insert(t, pool, "albums", map[string]any{"id": 2, "owner_id": 1, "slug": "b", "privacy": "private", "name": "Winter", "file_count": 700 / 3})
			insert(t, pool, "categories", map[string]any{"id": 1, "url_key": "c"})
			insert(t, pool, "tags", map[string]any{"id": 1, "name": "Ёлка"})
			for i := range 700 {
				f := map[string]any{
					"id": i + 1, "owner_id": 1, "album_id": i % 3, "slug": fmt.Sprint(i), "name": fmt.Sprint("Stored", i), "approved": i%10 != 5,
					"extension": "jpg", "variant_extension": "jpg", "format": "jpeg", "category_id": i % 2, "original_filename": "Brought.jpg",
				}
				switch i % 4 {
				case 0:
					f["title"] = fmt.Sprint("Title ", i)
				case 1:
					f["extension"], f["variant_extension"], f["format"] = "mp4", "jpeg", "mp4"
				case 2:
					f["animated"] = true
				}
				if i%50 == 0 {
					f["tag_count"] = 1
					insert(t, pool, "file_tags", map[string]any{"file_id": i + 1, "tag_id": 1})
					insert(t, pool, "file_texts", map[string]any{"file_id": i + 1, "description": "evening"})
				}
				insert(t, pool, "files", f)
			}
			must(t, pool.Close())

			d, err := db.Open(t.Context(), db.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
			must(t, err)
			defer d.Close()
			for what, want := range map[string][2]int{
				"listed": {len(pages(t, d, db.FileList{Limit: 99})), 421},
				"films":  {len(pages(t, d, db.FileList{Scope: db.ScopeOwner, ID: 1, All: true, Kind: vitrine.ListVideos, Limit: 99})), 175},
				"moving": {len(pages(t, d, db.FileList{Scope: db.ScopeOwner, ID: 1, All: true, Kind: vitrine.ListAnimated, Limit: 99})), 175},
				"found":  {len(pages(t, d, db.FileList{All: true, Search: "brought", Limit: 99})), 700},
				"texts":  {len(pages(t, d, db.FileList{All: true, Search: "елка evening", Limit: 99})), 14},
			} {
				if want[0] != want[1] {
					t.Errorf("%d %s, want %d", want[0], what, want[1])
				}
			}
			byTitle := pages(t, d, db.FileList{Scope: db.ScopeOwner, ID: 1, All: true, Sort: vitrine.SortTitle, Limit: 99})
			if byTitle[0] != 2 || byTitle[699] != 697 { // stored1, title 696
				t.Errorf("by title from %d to %d", byTitle[0], byTitle[699])
			}
			if l, err := d.CompleteTags(t.Context(), "ё", 5); err != nil || len(l) != 1 {
				t.Errorf("tags %v, %v", l, err)
			}
			if l, _, err := d.AlbumList(t.Context(), db.AlbumList{Search: "夏", Limit: 5}); err != nil || len(l) != 1 || l[0].Sort != vitrine.SortNewest {
				t.Errorf("albums %v, %v", l, err)
			}
			if l, _, err := d.PublicUsers(t.Context(), "ann", 0, 5); err != nil || len(l) != 1 || l[0].ListedCount != 421 {
				t.Errorf("users %v, %v", l, err)
			}
			if c, err := d.Category(t.Context(), 1); err != nil || c.ListedCount == 0 {
				t.Errorf("category %v, %v", c, err)
			}
		})
	}
}
