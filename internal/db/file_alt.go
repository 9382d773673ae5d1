package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// FillAlt reads what the pictures of files show, for lists of them, which come
// without. Few files have such a text.
func (d *DB) FillAlt(ctx context.Context, files []vitrine.File) error {
	at := make(map[int64]*vitrine.File, len(files))
	ids := make([]int64, len(files))
	for i := range files {
		at[files[i].ID], ids[i] = &files[i], files[i].ID
	}
	return inBatches(ids, func(batch []int64) error {
		text, args := altsOfFiles(batch)
		rows, err := d.reader.sql.QueryContext(ctx, text, args...)
		_, err = collect(rows, err, func(s scanner) (struct{}, error) {
			var id int64
			var alt string
			err := s.Scan(&id, &alt)
			if err == nil {
				at[id].Alt = alt
			}
			return struct{}{}, err
		})
		if err != nil {
			return d.fail("read what pictures show", err)
		}
		return nil
	})
}

func altsOfFiles(ids []int64) (string, []any) {
	with, args := valueList("BIGINT", ids)
	return with + ` SELECT x.file_id, x.alt FROM n JOIN file_texts x ON x.file_id = n.v WHERE x.alt <> ''`, args
}
