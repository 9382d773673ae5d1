package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"

	"vitrine/internal/vitrine"
)

// fillVersion is the migration that follows 0002_site.sql in Go: what no SQL can
// compute, for rows that were there before. A new database has none.
const fillVersion = 3

// goMigrations are those that are not in a file.
func (d *DB) goMigrations() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(fillVersion, &goose.GoFunc{RunTx: d.fillSite}, nil),
		goose.NewGoMigration(wordsVersion, &goose.GoFunc{RunDB: d.fillWords}, nil),
	}
}

// fillBatch is how many rows are read at a time.
const fillBatch = 500

const (
	fillReadFiles = `SELECT f.id, f.title, f.name, f.extension, f.original_filename FROM files f WHERE f.id > $1 ORDER BY f.id LIMIT $2`
	fillReadTags  = `SELECT t.id, t.name FROM tags t WHERE t.id > $1 ORDER BY t.id LIMIT $2`
	fillTitleKey  = `UPDATE files SET title_key = $2 WHERE id = $1`
	fillNameKey   = `UPDATE tags SET name_key = $2 WHERE id = $1`
)

func (d *DB) fillSite(ctx context.Context, tx *sql.Tx) error {
	t := &Tx{db: d, tx: tx, built: d.dialect.builtOn(tx)}
	if err := fill(ctx, t, fillReadTags, scanTag, func(tag vitrine.Tag) (int64, error) {
		return tag.ID, t.change(ctx, "tag", fillNameKey, tag.ID, strings.ToLower(tag.Name))
	}); err != nil {
		return fmt.Errorf("fill in tags: %w", err)
	}
	if err := fill(ctx, t, fillReadFiles, func(s scanner) (f vitrine.File, err error) {
		return f, s.Scan(&f.ID, &f.Title, &f.Name, &f.Extension, &f.OriginalFilename)
	}, func(f vitrine.File) (int64, error) {
		return f.ID, t.change(ctx, "file", fillTitleKey, f.ID, titleKey(f.DisplayTitle()))
	}); err != nil {
		return fmt.Errorf("fill in files: %w", err)
	}
	return nil
}

// fill gives each row that the text reads to change, which returns its id.
func fill[T any](ctx context.Context, t *Tx, text string, scan func(scanner) (T, error), change func(T) (int64, error)) error {
	for after := int64(0); ; {
		rows, err := t.tx.QueryContext(ctx, text, after, fillBatch)
		list, err := collect(rows, err, scan)
		if err != nil {
			return err
		}
		for _, row := range list {
			if after, err = change(row); err != nil {
				return err
			}
		}
		if len(list) < fillBatch {
			return nil
		}
	}
}
