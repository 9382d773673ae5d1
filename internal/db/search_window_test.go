package db_test

import (
	"context"
	"slices"
	"testing"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// A search goes through windows that grow, from one on in which enough are to be
// expected: it finds what lies in each, once and in order, wherever a page begins.
func TestSearchThroughWindows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var want []int64
		// At the ends of windows of every size, and far apart.
		for _, id := range []int64{1, 4095, 4096, 8191, 65535, 65536, 65537, 1 << 20, 1<<20 + 4096, 3 << 20, 9_999_999, 10_000_000, 10_004_097} {
			next := map[db.Engine]string{
				db.SQLite:   "INSERT INTO sqlite_sequence (name, seq) VALUES ('files', $1 - 1)",
				db.Postgres: "SELECT setval('files_id_seq', $1, false)",
			}[d.Engine()]
			if d.Engine() == db.SQLite {
				must(t, second(d.SQL().ExecContext(t.Context(), "DELETE FROM sqlite_sequence WHERE name = 'files'")))
			}
			must(t, second(d.SQL().ExecContext(t.Context(), next, id)))
			f := aFile()
			f.Title, f.OriginalFilename, f.Description = "Common evening", "x.jpg", ""
			if f.Tags = nil; id%2 == 0 {
				f.Title = "Common morning"
			}
			if createFile(t, d, f).ID != id {
				t.Fatalf("id %d, want %d", f.ID, id)
			}
			want = append([]int64{id}, want...)
		}
		even := slices.DeleteFunc(slices.Clone(want), func(id int64) bool { return id%2 != 0 })
		// Words of a few files are looked for without windows.
		for _, seen := range []int{16, 5000, 1_000_000} {
			must(t, second(d.SQL().ExecContext(t.Context(), "UPDATE vocabulary SET seen = $1", seen)))
			for search, want := range map[string][]int64{
				"common": want, "comm": want, "common morning": even, `"common morning"`: even, "common -evening": even, "commons": nil,
			} {
				for _, limit := range []int{1, 2, 5, 100} {
					if got := pages(t, d, db.FileList{Search: search, Limit: limit}); !slices.Equal(got, want) {
						t.Errorf("%s by %d, as if %d had each word: %v, want %v", search, limit, seen, got, want)
					}
				}
			}
		}
		blocks, err := d.FileBlocks(t.Context(), 65536, 100, now)
		must(t, err)
		if want := []int64{152, 47, 16, 15, 1, 0}; !slices.Equal(blocks, want) {
			t.Errorf("blocks %v, want %v", blocks, want)
		}
		if blocks, err = d.FileBlocks(t.Context(), 65536, 2, now); err != nil || !slices.Equal(blocks, []int64{152, 47}) {
			t.Errorf("two blocks %v, %v", blocks, err)
		}
	})
}

// A file that goes to another category is found there by its words.
func TestSearchFollowsCategory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := &vitrine.Category{Name: "c", URLKey: "c"}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, c) }))
		f := createFile(t, d, aFile())
		q := db.FileList{Scope: db.ScopeCategory, ID: c.ID, All: true, Search: f.Title, Limit: 5}
		if got := pages(t, d, q); len(got) != 0 {
			t.Errorf("before: %v", got)
		}
		must(t, update(t, d, f.ID, db.FileChange{CategoryID: &c.ID}))
		if got := pages(t, d, q); !slices.Equal(got, []int64{f.ID}) {
			t.Errorf("after: %v", got)
		}
	})
}
