package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// FillAlt reads what the pictures of files show, for lists of them, which come
// without. Few files have such a text.
func (d *DB) FillAlt(ctx context.Context, files []vitrine.File) error {
	return d.fillIn(ctx, "read what pictures show", files, altsOfFiles, func(row scanner) (id int64, add func(*vitrine.File), err error) {
		var alt string
		err = row.Scan(&id, &alt)
		return id, func(f *vitrine.File) { f.Alt = alt }, err
	})
}

func altsOfFiles(ids []int64) (string, []any) {
	with, args := valueList("BIGINT", ids)
	return with + ` SELECT x.file_id, x.alt FROM n JOIN file_texts x ON x.file_id = n.v WHERE x.alt <> ''`, args
}
