package cluster_test

import (
	"context"
	"fmt"
)

// counters are the queries that find a counter that is not what its rows say: what
// it belongs to, and both values as texts.
var counters = map[string]string{
	"files of users": `SELECT u.username, u.file_count || ' files, ' || u.byte_count || ' bytes, ' || u.listed_count || ' listed',
			count(f.id) || ' files, ' || coalesce(sum(f.size + f.thumb_size + f.medium_size + f.frame_size), 0) || ' bytes, ' || count(f.id) FILTER (WHERE f.listed) || ' listed'
		FROM users u LEFT JOIN files f ON f.owner_id = u.id GROUP BY u.id
		HAVING (u.file_count, u.byte_count, u.listed_count) <>
			(count(f.id), coalesce(sum(f.size + f.thumb_size + f.medium_size + f.frame_size), 0), count(f.id) FILTER (WHERE f.listed))`,
	"files of albums": `SELECT a.name, a.file_count::text, count(f.id)::text
		FROM albums a LEFT JOIN files f ON f.album_id = a.id GROUP BY a.id HAVING a.file_count <> count(f.id)`,
	"files of categories": `SELECT c.name, c.file_count || ', ' || c.listed_count || ' listed', count(f.id) || ', ' || count(f.id) FILTER (WHERE f.listed) || ' listed'
		FROM categories c LEFT JOIN files f ON f.category_id = c.id GROUP BY c.id
		HAVING (c.file_count, c.listed_count) <> (count(f.id), count(f.id) FILTER (WHERE f.listed))`,
	"files of tags": `SELECT t.name, t.file_count || ', ' || t.listed_count || ' listed', count(f.id) || ', ' || count(f.id) FILTER (WHERE f.listed) || ' listed'
		FROM tags t LEFT JOIN file_tags ft ON ft.tag_id = t.id LEFT JOIN files f ON f.id = ft.file_id GROUP BY t.id
		HAVING (t.file_count, t.listed_count) <> (count(f.id), count(f.id) FILTER (WHERE f.listed))`,
	"bytes in storages": `SELECT coalesce(u.storage, f.storage), coalesce(u.files, 0) || ' files, ' || coalesce(u.bytes, 0) || ' bytes', coalesce(f.files, 0) || ' files, ' || coalesce(f.bytes, 0) || ' bytes'
		FROM (SELECT storage, sum(file_count) AS files, sum(byte_count) AS bytes FROM storage_usage GROUP BY storage) u
		FULL JOIN (SELECT storage, count(*) AS files, sum(size + thumb_size + medium_size + frame_size) AS bytes FROM files GROUP BY storage) f ON f.storage = u.storage
		WHERE (coalesce(u.files, 0), coalesce(u.bytes, 0)) <> (coalesce(f.files, 0), coalesce(f.bytes, 0))`,
	"ties to files that are gone": `SELECT ft.file_id::text, count(*)::text, '0' FROM file_tags ft
		WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.id = ft.file_id) GROUP BY ft.file_id`,
	"words of files that are gone": `SELECT w.rowid::text, '1', '0' FROM file_words w WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.id = w.rowid)`,
	"files without words":          `SELECT f.title, '0', '1' FROM files f WHERE NOT EXISTS (SELECT 1 FROM file_words w WHERE w.rowid = f.id)`,
}

// auditCounters computes every counter from the rows.
func (s *site) auditCounters(ctx context.Context, a *audit) error {
	for what, query := range counters {
		wrong, err := s.texts(ctx, query)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		for _, w := range wrong {
			a.complain("%s: %s: %s counted, %s are there", what, w[0], w[1], w[2])
		}
	}
	return nil
}

// texts runs a query that gives rows of three texts.
func (s *site) texts(ctx context.Context, query string) (list [][3]string, err error) {
	rows, err := s.postgres.audit.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r [3]string
		if err := rows.Scan(&r[0], &r[1], &r[2]); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
