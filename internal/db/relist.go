package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"vitrine/internal/vitrine"
)

// relistAtOnce is how many files an album may have for all of them to be listed, or
// taken off everybody's lists, by the transaction that changes its privacy. Of larger
// ones they follow in transactions of their own, so that nobody waits for them: what a
// list shows meanwhile is decided by the album (listFiles); docs/adr/0024 has the reasons.
const relistAtOnce = 500

const (
	updateListed = `UPDATE files SET listed = $2 WHERE album_id > 0 AND album_id = $1 AND id >= $3 AND id < $4 AND approved AND listed <> $2
		RETURNING id, owner_id, category_id, tag_count`

	selectRelists = `SELECT a.id, a.privacy = 'public', a.relist FROM albums a WHERE a.relist > 0 AND a.id > $1 ORDER BY a.id LIMIT $2`
	// The last of a part of an album, from the newest on.
	selectRelistEnd = `SELECT f.id FROM files f WHERE f.album_id > 0 AND f.album_id = $1 AND f.id < $2 ORDER BY f.album_id DESC, f.id DESC LIMIT 1 OFFSET $3`
	// The number never comes again, so that who works for an older one sees it.
	bumpRelist   = `UPDATE albums SET relist = abs(relist) + 1 WHERE id = $1`
	updateRelist = `UPDATE albums SET relist = $2 WHERE id = $1 AND relist = $3 AND (privacy = 'public') = $4`
)

// Relist is an album whose privacy not all of its files follow yet.
type Relist struct {
	AlbumID int64
	public  bool
	turn    int64
}

// Relists returns up to limit of them with an id above after, lowest id first.
func (d *DB) Relists(ctx context.Context, after int64, limit int) ([]Relist, error) {
	rows, err := d.reader.query(ctx, selectRelists, after, limit)
	list, err := collect(rows, err, func(s scanner) (r Relist, err error) { return r, s.Scan(&r.AlbumID, &r.public, &r.turn) })
	if err != nil {
		return nil, d.fail("list albums whose files follow", err)
	}
	return list, nil
}

// RelistPart lets up to limit files of the album with ids below before follow, and
// returns the before of the next part: 0 if that was all. Begin with math.MaxInt64.
// CodeConflict: the privacy was changed again, or the album is gone; ask Relists anew.
func (t *Tx) RelistPart(ctx context.Context, r Relist, before int64, limit int) (rest int64, err error) {
	rest, err = scanID(t.row(ctx, selectRelistEnd, r.AlbumID, before, limit-1))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, t.fail("look for a part of an album", err)
	}
	c, err := t.relistFiles(ctx, r.AlbumID, r.public, rest, before)
	if err != nil {
		return 0, err
	}
	if err := t.count(ctx, &counts{users: c.users}); err != nil {
		return 0, err
	}
	turn := r.turn
	if rest == 0 {
		turn = -turn
	}
	switch n, err := t.exec(ctx, updateRelist, r.AlbumID, turn, r.turn, r.public); {
	case err != nil:
		return 0, t.fail("note how far an album is", err)
	case n == 0:
		return 0, vitrine.Errorf(vitrine.CodeConflict, "The privacy of the album was changed meanwhile")
	}
	return rest, t.count(ctx, &counts{categories: c.categories})
}

// RelistAlbum lists the files of an album for everybody, or takes them off everybody's
// lists, ahead of UpdateAlbum in a transaction that locks the album in between: files are
// locked before their album by all who change either. Where there are too many for that
// it does nothing, and they follow later.
func (t *Tx) RelistAlbum(ctx context.Context, albumID int64, p vitrine.Privacy) error {
	a, err := t.Album(ctx, albumID)
	if err != nil || a.FileCount > t.db.relistAtOnce {
		return err
	}
	return t.relist(ctx, albumID, p == vitrine.PrivacyPublic)
}

// relist lets all files of an album follow its privacy.
func (t *Tx) relist(ctx context.Context, albumID int64, public bool) error {
	c, err := t.relistFiles(ctx, albumID, public, 0, math.MaxInt64)
	if err != nil {
		return err
	}
	return t.count(ctx, c)
}

// relistFiles lists the files of an album with ids from low on and below high, or takes
// them off everybody's lists, and counts that for their tags. What it means for owners and
// categories is returned.
func (t *Tx) relistFiles(ctx context.Context, albumID int64, public bool, low, high int64) (*counts, error) {
	n := int64(-1)
	if public {
		n = 1
	}
	c := new(counts)
	var tagged []int64
	rows, err := t.tx.QueryContext(ctx, updateListed, albumID, public, low, high)
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
		return nil, fmt.Errorf("list the files of an album: %w", err)
	}
	return c, t.relistTags(ctx, tagged, n)
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
