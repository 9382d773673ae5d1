package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vitrine/internal/vitrine"
)

const updateListed = `UPDATE files SET listed = $2 WHERE album_id > 0 AND album_id = $1 AND approved AND listed <> $2
	RETURNING id, owner_id, category_id, tag_count`

// RelistAlbum lists the files of an album for everybody, or takes them off everybody's
// lists, ahead of UpdateAlbum in a transaction that locks the album in between: files are
// locked before their album by all who change either.
func (t *Tx) RelistAlbum(ctx context.Context, albumID int64, p vitrine.Privacy) error {
	return t.relist(ctx, albumID, p == vitrine.PrivacyPublic)
}

// relist lists the files of an album, or takes them off everybody's lists, and counts
// that for their tags, owners and categories.
func (t *Tx) relist(ctx context.Context, albumID int64, public bool) error {
	n := int64(-1)
	if public {
		n = 1
	}
	var c counts
	var tagged []int64
	rows, err := t.tx.QueryContext(ctx, updateListed, albumID, public)
	_, err = collect(rows, err, func(s scanner) (none struct{}, err error) {
		var f vitrine.File
		var tags int64
		if err = s.Scan(&f.ID, &f.OwnerID, &f.CategoryID, &tags); err != nil {
			return none, err
		}
		c.users = count{listed: n}.addTo(c.users, f.OwnerID)
		c.categories = count{listed: n}.addTo(c.categories, f.CategoryID)
		if tags > 0 {
			tagged = append(tagged, f.ID)
		}
		return none, nil
	})
	if err != nil {
		return fmt.Errorf("list the files of an album: %w", err)
	}
	if err := t.relistTags(ctx, tagged, n); err != nil {
		return err
	}
	return t.count(ctx, &c)
}

// relistTags adds n to the tags of the files for each of them that has it.
func (t *Tx) relistTags(ctx context.Context, files []int64, n int64) error {
	type tagged struct {
		tag   vitrine.Tag
		files int64
	}
	found := map[int64]tagged{}
	err := inBatches(files, func(batch []int64) error {
		text, args := countTagsOf(batch)
		rows, err := t.tx.QueryContext(ctx, text, args...)
		list, err := collect(rows, err, func(s scanner) (c tagged, err error) { return c, s.Scan(&c.tag.ID, &c.tag.Name, &c.files) })
		for _, c := range list {
			c.files += found[c.tag.ID].files
			found[c.tag.ID] = c
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("count the tags of files: %w", err)
	}
	list := make([]tagged, 0, len(found))
	for _, c := range found {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b tagged) int { return strings.Compare(a.tag.Name, b.tag.Name) })
	for _, c := range list {
		if _, err := t.exec(ctx, countTag, c.tag.ID, 0, n*c.files); err != nil {
			return fmt.Errorf("count a tag: %w", err)
		}
	}
	return nil
}

// countTagsOf builds a statement that counts the files with each tag.
func countTagsOf(files []int64) (string, []any) {
	with, args := valueList("BIGINT", files)
	return with + ` SELECT t.id, t.name, count(*) FROM n JOIN file_tags ft ON ft.file_id = n.v JOIN tags t ON t.id = ft.tag_id
		GROUP BY t.id, t.name`, args
}
