package db

import (
	"context"

	"vitrine/internal/vitrine"
)

const (
	albumColumns      = `a.id, a.owner_id, a.parent_id, a.cover_id, a.file_count, a.created_at, a.slug, a.privacy, a.name, a.description, a.views, a.pass, a.sort`
	selectAlbum       = `SELECT ` + albumColumns + ` FROM albums a WHERE a.id = $1`
	selectAlbumBySlug = `SELECT ` + albumColumns + ` FROM albums a WHERE a.slug = $1`
	selectAlbums      = `SELECT ` + albumColumns + ` FROM albums a WHERE a.id > $1 ORDER BY a.id LIMIT $2`

	selectAlbumsOfOwner = `SELECT ` + albumColumns + ` FROM albums a WHERE a.owner_id = $3 AND a.id > $1 ORDER BY a.id LIMIT $2`

	insertAlbum = `INSERT INTO albums (owner_id, parent_id, cover_id, created_at, slug, privacy, name, description, pass, sort)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`
)

// scanAlbum reads albumColumns, and more that follow them.
func scanAlbum(s scanner, more ...any) (vitrine.Album, error) {
	var (
		a       vitrine.Album
		created int64
	)
	err := s.Scan(append([]any{&a.ID, &a.OwnerID, &a.ParentID, &a.CoverID, &a.FileCount, &created, &a.Slug, &a.Privacy, &a.Name, &a.Description,
		&a.Views, &a.Pass, &a.Sort}, more...)...)
	a.CreatedAt = instant(created)
	return a, err
}

// Album returns the album with the id, or CodeNotFound.
func (d *DB) Album(ctx context.Context, id int64) (*vitrine.Album, error) {
	a, err := scanAlbum(d.reader.row(ctx, selectAlbum, id))
	if err := d.found("album", err); err != nil {
		return nil, err
	}
	return &a, nil
}

// AlbumBySlug returns the album with the slug, or CodeNotFound.
func (d *DB) AlbumBySlug(ctx context.Context, slug vitrine.Slug) (*vitrine.Album, error) {
	a, err := scanAlbum(d.reader.row(ctx, selectAlbumBySlug, string(slug)))
	if err := d.found("album", err); err != nil {
		return nil, err
	}
	return &a, nil
}

// Albums returns up to limit albums with an id above after, lowest id first: those of
// one owner, or all if ownerID is 0.
func (d *DB) Albums(ctx context.Context, ownerID, after int64, limit int) ([]vitrine.Album, error) {
	text, args := selectAlbums, []any{after, limit}
	if ownerID != 0 {
		text, args = selectAlbumsOfOwner, append(args, ownerID)
	}
	rows, err := d.reader.query(ctx, text, args...)
	list, err := collect(rows, err, func(s scanner) (vitrine.Album, error) { return scanAlbum(s) })
	if err != nil {
		return nil, d.fail("list albums", err)
	}
	return list, nil
}

// CreateAlbum adds an album and sets its ID; its counters begin at 0. CodeConflict
// with Field "slug" if that is taken, CodeNotFound if its owner does not exist.
func (t *Tx) CreateAlbum(ctx context.Context, a *vitrine.Album) error {
	if a.OwnerID != 0 {
		// The lock keeps the owner there until the album is.
		if err := t.change(ctx, "user", lockUser, a.OwnerID); err != nil {
			return err
		}
	}
	id, err := scanID(t.row(ctx, insertAlbum, a.OwnerID, a.ParentID, a.CoverID, micros(a.CreatedAt),
		string(a.Slug), string(a.Privacy), a.Name, a.Description, a.Pass, string(a.Sort)))
	if err != nil {
		return t.fail("create an album", err)
	}
	a.ID, a.FileCount, a.Views = id, 0, 0
	return t.index(ctx, albumWords, albumEntry(a))
}
