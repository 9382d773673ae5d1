package db

import (
	"context"
	"fmt"
	"time"
)

// A block are as many ids as the sitemap has in one part. Each is found from the one
// above it by its key, within one statement: as many steps as there are blocks.
const blockSteps = `WITH RECURSIVE p (n) AS (
		SELECT (SELECT (%[1]s.id - 1) / CAST($1 AS BIGINT) FROM %[2]s WHERE %[3]s ORDER BY %[1]s.id DESC LIMIT 1) UNION ALL
		SELECT (SELECT (%[1]s.id - 1) / CAST($1 AS BIGINT) FROM %[2]s WHERE %[3]s AND %[1]s.id <= p.n * CAST($1 AS BIGINT) ORDER BY %[1]s.id DESC LIMIT 1)
		FROM p WHERE p.n > 0)
	SELECT p.n FROM p WHERE p.n IS NOT NULL LIMIT $2`

func fileBlocks(di dialect) string {
	return fmt.Sprintf(blockSteps, "f", "files f"+di.use("files_listed"), "f.listed AND (f.expires_at = 0 OR f.expires_at > $3)")
}

func albumBlocks(di dialect) string {
	return fmt.Sprintf(blockSteps, "a", "albums a"+di.use("albums_public"), "a.privacy = 'public' AND a.file_count > 0")
}

// FileBlocks returns the numbers of up to limit blocks of size ids in which there are
// files that everybody may see, the newest first. Block n begins after the id n * size.
func (d *DB) FileBlocks(ctx context.Context, size int64, limit int, now time.Time) ([]int64, error) {
	return d.blocks(ctx, d.texts.fileBlocks, size, limit, micros(now))
}

// AlbumBlocks is FileBlocks for public albums with files.
func (d *DB) AlbumBlocks(ctx context.Context, size int64, limit int) ([]int64, error) {
	return d.blocks(ctx, d.texts.albumBlocks, size, limit)
}

func (d *DB) blocks(ctx context.Context, text string, size int64, limit int, more ...any) ([]int64, error) {
	rows, err := d.reader.query(ctx, text, append([]any{size, limit}, more...)...)
	list, err := collect(rows, err, scanID)
	if err != nil {
		return nil, d.fail("list blocks of ids", err)
	}
	return list, nil
}
