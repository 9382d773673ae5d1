package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// counterOf is whose counters.
type counterOf int

const (
	ofUsers counterOf = iota
	ofAlbums
	ofCategories
	ofTags
	ofKinds // how many there are
)

// bulkCounts are what counters gain, by id, and storages by their name.
type bulkCounts struct {
	things [ofKinds]map[int64]count
	used   map[string]count
}

func newBulkCounts() *bulkCounts {
	c := &bulkCounts{used: map[string]count{}}
	for i := range c.things {
		c.things[i] = map[int64]count{}
	}
	return c
}

func (c *bulkCounts) add(kind counterOf, id int64, f *vitrine.File, listed bool) {
	if id == 0 {
		return
	}
	n := c.things[kind][id]
	n.files++
	n.bytes += f.Bytes()
	if listed {
		n.listed++
	}
	c.things[kind][id] = n
}

func (c *bulkCounts) use(f *vitrine.File) {
	n := c.used[f.Storage]
	n.files++
	n.bytes += f.Bytes()
	c.used[f.Storage] = n
}

const (
	createBulkCounts = `CREATE TEMPORARY TABLE bulk_counts (kind BIGINT NOT NULL, id BIGINT NOT NULL, files BIGINT NOT NULL, bytes BIGINT NOT NULL, listed BIGINT NOT NULL)`
	emptyBulkCounts  = `DELETE FROM bulk_counts`
)

// addBulkCounts add bulk_counts to the counters.
var addBulkCounts = [ofKinds]string{
	ofUsers: `UPDATE users SET file_count = file_count + c.files, byte_count = byte_count + c.bytes,
		listed_count = listed_count + c.listed, has_listed = listed_count + c.listed > 0 FROM bulk_counts c WHERE c.kind = 0 AND users.id = c.id`,
	ofAlbums: `UPDATE albums SET file_count = file_count + c.files FROM bulk_counts c WHERE c.kind = 1 AND albums.id = c.id`,
	ofCategories: `UPDATE categories SET file_count = file_count + c.files, listed_count = listed_count + c.listed
		FROM bulk_counts c WHERE c.kind = 2 AND categories.id = c.id`,
	ofTags: `UPDATE tags SET file_count = file_count + c.files, listed_count = listed_count + c.listed
		FROM bulk_counts c WHERE c.kind = 3 AND tags.id = c.id`,
}

// count adds what the files of a transaction come to.
func (b *Bulk) count(ctx context.Context, batch *bulkBatch) error {
	var rows [][]any
	for kind, counts := range batch.counts.things {
		for _, id := range sortedKeys(counts) {
			n := counts[id]
			rows = append(rows, []any{kind, id, n.files, n.bytes, n.listed})
		}
	}
	if err := b.dialect.copy(ctx, b.conn, "bulk_counts", []string{"kind", "id", "files", "bytes", "listed"}, rows); err != nil {
		return err
	}
	for kind, text := range addBulkCounts {
		r, err := b.conn.ExecContext(ctx, text)
		if err != nil {
			return err
		}
		switch n, err := r.RowsAffected(); {
		case err != nil:
			return err
		case n != int64(len(batch.counts.things[kind])):
			return vitrine.NotFound([...]string{"user", "album", "category", "tag"}[kind])
		}
	}
	if _, err := b.conn.ExecContext(ctx, emptyBulkCounts); err != nil {
		return err
	}
	for _, name := range sortedKeys(batch.counts.used) {
		n := batch.counts.used[name]
		if _, err := b.conn.ExecContext(ctx, countStorage, name, 0, n.files, n.bytes); err != nil {
			return err
		}
	}
	for table, last := range map[string]int64{"files": batch.last.file, "tags": batch.last.tag} {
		if last == 0 {
			continue
		}
		if _, err := b.conn.ExecContext(ctx, b.dialect.setLastID(table), last); err != nil {
			return err
		}
	}
	return nil
}
