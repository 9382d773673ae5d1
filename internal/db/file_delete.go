package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// Deleting returns the row as it was last committed, so that two who delete the same
// file at once cannot both count it down.
var deleteFile = `DELETE FROM files WHERE id = $1 RETURNING id, ` + strings.Join(fileColumns, ", ") + `, listed`

const (
	deleteTexts = `DELETE FROM file_texts WHERE file_id = $1`
	deleteLikes = `DELETE FROM likes WHERE file_id = $1`
	deleteTags  = `DELETE FROM file_tags WHERE file_id = $1`

	// Tags are locked in the order of their names, as by all who change their counts.
	lockFileTags = `SELECT t.id, t.name FROM file_tags ft JOIN tags t ON t.id = ft.tag_id WHERE ft.file_id = $1 ORDER BY t.name`
)

// DeleteFile removes a file with its token, texts, tags and likes, counts it off everywhere, and
// leaves a Removal for its objects. It returns the file's row as it was,
// which lacks tags, privacy and long texts, or CodeNotFound. Tags stay when their last
// file goes.
func (t *Tx) DeleteFile(ctx context.Context, id int64) (*vitrine.File, error) {
	var s fileScan
	var listed bool
	err := t.row(ctx, deleteFile, id).Scan(append(s.targets(), &listed)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, vitrine.NotFound("file")
	}
	if err != nil {
		return nil, fmt.Errorf("delete a file: %w", err)
	}
	f := s.done()
	if _, err := t.exec(ctx, deleteTexts, id); err != nil {
		return nil, fmt.Errorf("delete the texts of a file: %w", err)
	}
	if err := t.forget(ctx, fileWords, id); err != nil {
		return nil, err
	}
	if f.Likes > 0 {
		if _, err := t.exec(ctx, deleteLikes, id); err != nil {
			return nil, fmt.Errorf("delete the likes of a file: %w", err)
		}
	}
	if s.tagCount > 0 {
		if err := t.untagFile(ctx, id, listed); err != nil {
			return nil, err
		}
	}
	t.useFile(f, -1)
	var c counts
	c.add(f, listed, -1)
	if err := t.count(ctx, &c); err != nil {
		return nil, err
	}
	return f, t.CreateRemoval(ctx, f.Storage, nameOf(f), f.Keys(), time.Time{})
}

// untagFile takes all its tags off a file that was listed or not.
func (t *Tx) untagFile(ctx context.Context, id int64, listed bool) error {
	rows, err := t.tx.QueryContext(ctx, lockFileTags, id)
	tags, err := collect(rows, err, scanTag)
	if err != nil {
		return fmt.Errorf("read the tags of a file: %w", err)
	}
	less := 0
	if listed {
		less = -1
	}
	for _, tag := range tags {
		if _, err := t.exec(ctx, countTag, tag.ID, -1, less); err != nil {
			return fmt.Errorf("count a tag down: %w", err)
		}
	}
	if _, err := t.exec(ctx, deleteTags, id); err != nil {
		return fmt.Errorf("untag a file: %w", err)
	}
	return nil
}
