package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vitrine/internal/vitrine"
)

// FileChange is what changes of a file. What is nil stays as it is; an id of 0 is none,
// the zero ExpiresAt is never.
type FileChange struct {
	Title, Description, Alt      *string
	Tags                         *[]string
	AlbumID, CategoryID, OwnerID *int64
	NSFW                         *bool
	ExpiresAt                    *time.Time
}

// lockFile is deleteFile without the end.
var lockFile = `UPDATE files SET listed = listed WHERE id = $1 RETURNING id, ` + strings.Join(fileColumns, ", ") + `, listed`

const (
	updateFile = `UPDATE files SET owner_id = $2, album_id = $3, category_id = $4, expires_at = $5, nsfw = $6, title = $7, title_key = $8,
		listed = $9, tag_count = $10 WHERE id = $1`
	selectTexts = `SELECT description, alt FROM file_texts WHERE file_id = $1`
	upsertTexts = `INSERT INTO file_texts (file_id, description, alt, exif) VALUES ($1, $2, $3, '')
		ON CONFLICT (file_id) DO UPDATE SET description = excluded.description, alt = excluded.alt`
	selectPrivacy = `SELECT privacy FROM albums WHERE id = $1`
	upsertTag     = `INSERT INTO tags (file_count, listed_count, name, name_key) VALUES (1, $1, $2, $3) ON CONFLICT (name) DO UPDATE
		SET file_count = tags.file_count + 1, listed_count = tags.listed_count + excluded.listed_count RETURNING id`
	insertFileTag = `INSERT INTO file_tags (file_id, tag_id, position) VALUES ($1, $2, $3)`
)

// UpdateFile changes a file and keeps everything true that depends on it: counters, who
// may list it, the keys of orders and the search. CodeNotFound if the file, or what it
// is moved to, does not exist.
func (t *Tx) UpdateFile(ctx context.Context, id int64, c FileChange) error {
	var s fileScan
	var was bool
	err := t.row(ctx, lockFile, id).Scan(append(s.targets(), &was)...)
	if errors.Is(err, sql.ErrNoRows) {
		return vitrine.NotFound("file")
	}
	if err != nil {
		return fmt.Errorf("lock a file: %w", err)
	}
	f := s.done()
	old := *f
	c.applyTo(f)
	listed := was
	moves := f.AlbumID != old.AlbumID
	if moves {
		if listed, err = t.listedIn(ctx, f); err != nil {
			return err
		}
	}
	if f.Tags, err = t.updateTags(ctx, id, s.tagCount, c.Tags, was, listed); err != nil {
		return err
	}
	if _, err := t.exec(ctx, updateFile, id, f.OwnerID, f.AlbumID, f.CategoryID, micros(f.ExpiresAt), f.NSFW, f.Title,
		titleKey(f.DisplayTitle()), listed, len(f.Tags)); err != nil {
		return fmt.Errorf("change a file: %w", err)
	}
	if c.Title != nil || c.Description != nil || c.Alt != nil || c.Tags != nil || f.CategoryID != old.CategoryID {
		if err := t.updateTexts(ctx, f, c); err != nil {
			return err
		}
	}
	n := counts{public: listed, checked: moves && f.Approved}
	n.add(&old, was, -1)
	n.add(f, listed, 1)
	return t.count(ctx, &n)
}

func (c FileChange) applyTo(f *vitrine.File) {
	set(&f.Title, c.Title)
	set(&f.AlbumID, c.AlbumID)
	set(&f.CategoryID, c.CategoryID)
	set(&f.OwnerID, c.OwnerID)
	set(&f.NSFW, c.NSFW)
	set(&f.ExpiresAt, c.ExpiresAt)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// listedIn says whether the file is listed in the album that it is moved to.
func (t *Tx) listedIn(ctx context.Context, f *vitrine.File) (bool, error) {
	if f.AlbumID == 0 {
		return f.Approved, nil
	}
	var privacy vitrine.Privacy
	err := t.row(ctx, selectPrivacy, f.AlbumID).Scan(&privacy)
	return f.Approved && privacy == vitrine.PrivacyPublic, t.db.found("album", err)
}

// updateTexts writes the long texts of a file, and its words with what they belong to.
func (t *Tx) updateTexts(ctx context.Context, f *vitrine.File, c FileChange) error {
	err := t.row(ctx, selectTexts, f.ID).Scan(&f.Description, &f.Alt)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the texts of a file: %w", err)
	}
	if c.Description != nil || c.Alt != nil {
		set(&f.Description, c.Description)
		set(&f.Alt, c.Alt)
		if _, err := t.exec(ctx, upsertTexts, f.ID, f.Description, f.Alt); err != nil {
			return fmt.Errorf("change the texts of a file: %w", err)
		}
	}
	if err := t.forget(ctx, fileWords, f.ID); err != nil {
		return err
	}
	return t.index(ctx, fileWords, fileEntry(f))
}

// updateTags replaces the tags of a file, of which there are n, unless names is nil,
// and counts what changes: was and listed say how it was listed and will be. It returns
// the tags that the file has then, in their order.
func (t *Tx) updateTags(ctx context.Context, id, n int64, names *[]string, was, listed bool) ([]vitrine.Tag, error) {
	var had []vitrine.Tag
	if n > 0 {
		rows, err := t.tx.QueryContext(ctx, selectFileTags, id)
		if had, err = collect(rows, err, scanTag); err != nil {
			return nil, fmt.Errorf("read the tags of a file: %w", err)
		}
	}
	tags := had
	if names != nil {
		given := make([]vitrine.Tag, len(*names))
		for i, name := range *names {
			given[i].Name = name
		}
		tags = distinctTags(given)
	}
	if err := t.recountTags(ctx, had, tags, was, listed); err != nil {
		return nil, fmt.Errorf("count the tags of a file: %w", err)
	}
	if names == nil || slices.Equal(had, tags) {
		return tags, nil
	}
	if _, err := t.exec(ctx, deleteTags, id); err != nil {
		return nil, fmt.Errorf("untag a file: %w", err)
	}
	for i, tag := range tags {
		if _, err := t.exec(ctx, insertFileTag, id, tag.ID, i); err != nil {
			return nil, fmt.Errorf("tag a file: %w", err)
		}
	}
	return tags, nil
}

// recountTags counts a file whose tags change, in the order of their names, finds or
// creates the new ones, and sets the ids of tags.
func (t *Tx) recountTags(ctx context.Context, had, tags []vitrine.Tag, was, listed bool) error {
	byName := make(map[string][2]*vitrine.Tag, len(had)+len(tags)) // before, after
	for i := range had {
		byName[had[i].Name] = [2]*vitrine.Tag{&had[i], nil}
	}
	for i := range tags {
		byName[tags[i].Name] = [2]*vitrine.Tag{byName[tags[i].Name][0], &tags[i]}
	}
	for _, name := range sortedKeys(byName) {
		before, after := byName[name][0], byName[name][1]
		var err error
		switch {
		case before == nil:
			after.ID, err = scanID(t.row(ctx, upsertTag, oneIf(listed), name, strings.ToLower(name)))
		case after == nil:
			_, err = t.exec(ctx, countTag, before.ID, -1, -oneIf(was))
		default:
			if after.ID = before.ID; was != listed {
				_, err = t.exec(ctx, countTag, before.ID, 0, oneIf(listed)-oneIf(was))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
