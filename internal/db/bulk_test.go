package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// eachURL runs fn with the addresses of two fresh databases of each engine.
func eachURL(t *testing.T, fn func(t *testing.T, a, b string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, dbtest.SQLiteURL(t), dbtest.SQLiteURL(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, dbtest.PostgresURL(t), dbtest.PostgresURL(t))
	})
}

func openURL(t testing.TB, u string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: u, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { _ = d.Close() }) // some are closed before
	return d
}

// aStreet is a town with a file in it, and files that are to come.
func aStreet(t testing.TB, d *db.DB, n int) []db.BulkFile {
	t.Helper()
	users := []int64{0, aUser(t, d, "anna").ID, aUser(t, d, "bo").ID, aUser(t, d, "cy").ID}
	albums := []int64{0}
	for i, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyPrivate, vitrine.PrivacyPassword} {
		a := &vitrine.Album{Slug: vitrine.Slug("album" + itoa(i)), OwnerID: users[1], Name: "An album", Privacy: p, CreatedAt: at(2)}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) }))
		albums = append(albums, a.ID)
	}
	category := &vitrine.Category{Name: "C", URLKey: "c"}
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, category) }))
	first := aFile()
	first.Slug, first.Name, first.OwnerID, first.Tags = "first", "first", users[1], []vitrine.Tag{{Name: "old"}, {Name: "oslo"}}
	first.CreatedAt, first.UploadedAt = at(50), at(50)
	first.UploaderIP, first.MD5 = netip.MustParseAddr("192.0.2.1"), strings.Repeat("ab", 16)
	createFile(t, d, first)

	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"Fjord", "oslo", "東京都", "осень ёлка", "IMG 9", "tab\tline\nback\\slash", "it's", ""}
	list := make([]db.BulkFile, n)
	for i := range list {
		f := vitrine.File{
			OwnerID: pick(r, users), AlbumID: pick(r, albums), CategoryID: category.ID * int64(r.IntN(2)), Approved: r.IntN(5) > 0,
			Storage: "local", StorageMode: vitrine.DateFolder, Folder: "2026/11/21", Name: "n" + itoa(i), Extension: "jpg", Format: vitrine.JPEG,
			Size: int64(r.IntN(1000)) + 1, Width: 4, Height: 3, Thumb: vitrine.Variant{Size: 5, Width: 1, Height: 1},
			MD5: fmt.Sprintf("%032x", i), Title: pick(r, words), OriginalFilename: pick(r, words) + ".jpg", Description: pick(r, words), Alt: pick(r, words),
			Views: int64(max(0, r.IntN(40)-20)), UploaderIP: netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}),
			CreatedAt: at(int64(i) + 100), UploadedAt: at(int64(i) + 100),
		}
		switch i % 4 {
		case 1:
			f.Format, f.Extension, f.Duration, f.Frame = vitrine.MP4, "mp4", time.Second, vitrine.Variant{Size: 7, Width: 4, Height: 3}
		case 2:
			f.Format, f.Extension, f.Animated, f.Placeholder = vitrine.GIF, "gif", true, []byte{1, 2, 3}
		case 3:
			f.ExpiresAt, f.SourceMD5, f.EXIF = at(1<<40), strings.Repeat("cd", 16), `{"a":"b\\c"}`
		}
		for range r.IntN(3) {
			f.Tags = append(f.Tags, vitrine.Tag{Name: pick(r, []string{"oslo", "Oslo", "new", "новый"})})
		}
		b := db.BulkFile{File: f, SeenAt: at(int64(i) + 200)}
		if i%2 == 0 {
			b.TokenHash = []byte{byte(i), 1}
		}
		for _, u := range users[1 : 1+r.IntN(3)] {
			b.Likes = append(b.Likes, db.BulkLike{UserID: u, At: at(int64(i) + 300 + u)})
		}
		list[i] = b
	}
	return list
}

// upload adds a file as people do.
func upload(t testing.TB, d *db.DB, b db.BulkFile) {
	t.Helper()
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		f := b.File
		f.Views = 0
		if err := tx.CreateFile(ctx, &f, b.TokenHash); err != nil {
			return err
		}
		if err := tx.AddViews(ctx, map[int64]int64{f.ID: b.File.Views}, nil, b.SeenAt); err != nil {
			return err
		}
		for _, l := range b.Likes {
			if _, err := tx.SetLike(ctx, l.UserID, f.ID, true, l.At); err != nil {
				return err
			}
		}
		return nil
	}))
}

// textOf is all rows of a query as text.
func textOf(t testing.TB, d *db.DB, query string) []string {
	t.Helper()
	rows, err := d.SQL().QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var list []string
	for rows.Next() {
		values, to := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		must(t, rows.Scan(to...))
		var b strings.Builder
		for i, v := range values {
			fmt.Fprintf(&b, "%s=%q %v; ", columns[i], v.String, v.Valid)
		}
		list = append(list, b.String())
	}
	must(t, rows.Err())
	slices.Sort(list)
	return list
}

// shapeOf is every table and index as the engine writes it.
func shapeOf(t testing.TB, d *db.DB) []string {
	t.Helper()
	if d.Engine() == db.SQLite {
		return textOf(t, d, "SELECT type, name, tbl_name, sql FROM sqlite_schema")
	}
	return append(textOf(t, d, "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"),
		textOf(t, d, "SELECT c.relname, c.relkind, c.relpersistence, a.attname, a.attnum FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace")...)
}

// Files that came all at once are there as if each had been uploaded: the same rows,
// counters, words, tables and indexes.
func TestBulkIsLikeUploads(t *testing.T) {
	t.Parallel()
	eachURL(t, func(t *testing.T, one, many string) {
		uploaded, filled := openURL(t, one), openURL(t, many)
		files := aStreet(t, uploaded, 60)
		aStreet(t, filled, 60)
		shape := shapeOf(t, filled)
		must(t, filled.Close())
		b, err := db.OpenBulk(t.Context(), db.Config{URL: many, Logger: slog.New(slog.DiscardHandler)})
		must(t, err)
		for _, part := range [][]db.BulkFile{files[:40], files[40:]} {
			told := 0
			must(t, b.Fill(t.Context(), slices.Values(part), func(n int) { told = n }))
			if told != len(part) {
				t.Errorf("told of %d files", told)
			}
		}
		must(t, b.Close(t.Context()))
		filled = openURL(t, many)
		same(t, "tables and indexes", shape, shapeOf(t, filled))
		recount(t, filled)

		for i := range files { // with the slugs and names that were made
			f, err := filled.FileByID(t.Context(), int64(i)+2)
			must(t, err)
			files[i].File.Slug, files[i].File.Name = f.Slug, f.Name
			upload(t, uploaded, files[i])
		}
		for _, table := range []string{"file_texts", "likes", "users", "albums", "categories"} {
			same(t, table, textOf(t, uploaded, "SELECT * FROM "+table), textOf(t, filled, "SELECT * FROM "+table))
		}
		usageUp, err := uploaded.StorageUsage(t.Context())
		must(t, err)
		usageBulk, err := filled.StorageUsage(t.Context())
		must(t, err)
		same(t, "usage", usageUp, usageBulk)
		// Tags are numbered in another order, and scores are rounded once.
		const tags = "SELECT ft.file_id, ft.position, t.name, t.name_key, t.file_count, t.listed_count FROM file_tags ft JOIN tags t ON t.id = ft.tag_id"
		same(t, "tags", textOf(t, uploaded, tags), textOf(t, filled, tags))
		const score = "SELECT f.*, CAST(round((score + 500) / 10000) AS BIGINT) AS score FROM files f"
		same(t, "files", withoutScore(textOf(t, uploaded, score)), withoutScore(textOf(t, filled, score)))
		if filled.Engine() == db.Postgres {
			same(t, "words", textOf(t, uploaded, "SELECT * FROM file_words"), textOf(t, filled, "SELECT * FROM file_words"))
		}
		for _, words := range []string{"fjord", "oslo", "東京", "ёлка", `"img 9"`, "slash", "oslo -fjord", "nowhere"} {
			q := db.FileList{Search: words, Sort: vitrine.SortNewest, Limit: 100, Now: at(400)}
			same(t, words, pages(t, uploaded, q), pages(t, filled, q))
		}
		for _, q := range []db.FileList{{Sort: vitrine.SortViews}, {Sort: vitrine.SortTrend}, {Scope: db.ScopeOwner, ID: 1, Sort: vitrine.SortTitle}, {Scope: db.ScopeAlbum, ID: 1}, {Scope: db.ScopeTag, ID: 1}} {
			q.Limit, q.Now = 7, at(400)
			same(t, fmt.Sprint(q), pages(t, uploaded, q), pages(t, filled, q))
		}
		// And life goes on.
		next := aFile()
		next.Slug, next.Name, next.Tags = "next", "next", []vitrine.Tag{{Name: "next"}}
		if createFile(t, filled, next).ID != int64(len(files))+2 {
			t.Errorf("the next file has the id %d", next.ID)
		}
	})
}

// withoutScore takes away the exact score, which has a rounded twin.
func withoutScore(rows []string) []string {
	for i, row := range rows {
		before, rest, _ := strings.Cut(row, "score=")
		_, rest, _ = strings.Cut(rest, "; ")
		rows[i] = before + rest
	}
	return rows
}

// A Bulk that ends in the middle leaves a true database, whose indexes the next one
// makes who opens it.
func TestBulkBrokenOff(t *testing.T) {
	t.Parallel()
	eachURL(t, func(t *testing.T, u, _ string) {
		d := openURL(t, u)
		files := aStreet(t, d, 30)
		shape := shapeOf(t, d)
		must(t, d.Close())
		b, err := db.OpenBulk(t.Context(), db.Config{URL: u, Logger: slog.New(slog.DiscardHandler)})
		must(t, err)
		must(t, b.Fill(t.Context(), slices.Values(files[:10]), func(int) {}))
		files[29].File.AlbumID = 999
		if err := b.Fill(t.Context(), slices.Values(files[10:]), func(int) {}); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("an album that does not exist: %v", err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.Close(ended); err == nil {
			t.Error("close after the end: no error")
		}
		d = openURL(t, u)
		same(t, "tables and indexes", shape, shapeOf(t, d))
		recount(t, d)
		if n := len(textOf(t, d, "SELECT id FROM files")); n != 11 {
			t.Errorf("%d files", n)
		}
	})
}

// A Bulk wants the database for itself.
func TestBulkWantsTheDatabase(t *testing.T) {
	t.Parallel()
	eachURL(t, func(t *testing.T, u, _ string) {
		d := openURL(t, u)
		must(t, d.Ping(t.Context()))
		if _, err := db.OpenBulk(t.Context(), db.Config{URL: u, Logger: slog.New(slog.DiscardHandler)}); !vitrine.Is(err, vitrine.CodeConflict) {
			t.Errorf("a database in use: %v", err)
		}
		aUser(t, d, "still")
		must(t, d.Close())
		b, err := db.OpenBulk(t.Context(), db.Config{URL: u, Logger: slog.New(slog.DiscardHandler)})
		must(t, err)
		must(t, b.Close(t.Context()))
	})
}
