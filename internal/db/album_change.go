package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"vitrine/internal/vitrine"
)

const (
	updateAlbum = `UPDATE albums SET owner_id = $2, parent_id = $3, cover_id = $4, slug = $5, privacy = $6, name = $7, description = $8,
		pass = $9, sort = $10 WHERE id = $1`
	updateAlbumPassword = `UPDATE albums SET password_hash = $2 WHERE id = $1`
	updateAlbumToken    = `UPDATE albums SET token_hash = $2 WHERE id = $1`
	selectAlbumSecrets  = `SELECT password_hash, token_hash FROM albums WHERE id = $1`
	deleteAlbum         = `DELETE FROM albums WHERE id = $1 RETURNING file_count, parent_id`
	updateAlbumsUp      = `UPDATE albums SET parent_id = $2 WHERE parent_id > 0 AND parent_id = $1`
)

// UpdateAlbum writes the whole album by its ID, but its counters and dates. A changed
// privacy decides at once who may list its files; where they are many, counters of what
// is listed follow with Relists. CodeNotFound if there is no such album, or owner;
// CodeConflict with Field "slug" if that is taken.
func (t *Tx) UpdateAlbum(ctx context.Context, a *vitrine.Album) error {
	old, err := t.Album(ctx, a.ID)
	if err != nil {
		return err
	}
	public := a.Privacy == vitrine.PrivacyPublic
	flips := func() bool { return public != (old.Privacy == vitrine.PrivacyPublic) }
	// The files first, as all lock them before their album. What comes into the album
	// before it is locked is still counted by its old privacy, and follows below.
	if flips() && old.FileCount <= t.db.relistAtOnce {
		if err := t.relist(ctx, a.ID, public); err != nil {
			return err
		}
	}
	if a.OwnerID != 0 && a.OwnerID != old.OwnerID {
		if err := t.change(ctx, "user", lockUser, a.OwnerID); err != nil {
			return err
		}
	}
	if err := t.change(ctx, "album", lockAlbum, a.ID); err != nil {
		return err
	}
	if old, err = t.Album(ctx, a.ID); err != nil {
		return err
	}
	if err := t.change(ctx, "album", updateAlbum, a.ID, a.OwnerID, a.ParentID, a.CoverID, string(a.Slug), string(a.Privacy),
		a.Name, a.Description, a.Pass, string(a.Sort)); err != nil {
		return err
	}
	switch {
	case !flips():
	case old.FileCount > t.db.relistAtOnce:
		if err := t.change(ctx, "album", bumpRelist, a.ID); err != nil {
			return err
		}
	default:
		if err := t.relist(ctx, a.ID, public); err != nil {
			return err
		}
	}
	if a.Name == old.Name && a.Description == old.Description {
		return nil
	}
	if err := t.forget(ctx, albumWords, a.ID); err != nil {
		return err
	}
	return t.index(ctx, albumWords, albumEntry(a))
}

// SetAlbumSecrets stores the password hash and the SHA-256 of the token by which a
// guest proves to have made the album. What is nil stays as it is, what is empty is
// taken away. CodeNotFound if there is no such album.
func (t *Tx) SetAlbumSecrets(ctx context.Context, id int64, passwordHash *string, tokenHash []byte) error {
	if passwordHash != nil {
		if err := t.change(ctx, "album", updateAlbumPassword, id, *passwordHash); err != nil {
			return err
		}
	}
	if tokenHash != nil {
		return t.change(ctx, "album", updateAlbumToken, id, orNull(tokenHash))
	}
	return nil
}

// AlbumSecrets returns what SetAlbumSecrets stored, or CodeNotFound.
func (d *DB) AlbumSecrets(ctx context.Context, id int64) (passwordHash string, tokenHash []byte, err error) {
	err = d.reader.row(ctx, selectAlbumSecrets, id).Scan(&passwordHash, &tokenHash)
	return passwordHash, tokenHash, d.found("album", err)
}

// DeleteAlbum removes an album without files: CodeConflict if there are any. Albums in
// it move up to where it stood. CodeNotFound if there is no such album.
func (t *Tx) DeleteAlbum(ctx context.Context, id int64) error {
	// The row is locked and its counter is true: a file that comes now finds no album.
	var files, parent int64
	switch err := t.row(ctx, deleteAlbum, id).Scan(&files, &parent); {
	case errors.Is(err, sql.ErrNoRows):
		return vitrine.NotFound("album")
	case err != nil:
		return t.fail("delete an album", err)
	case files > 0:
		return vitrine.Errorf(vitrine.CodeConflict, "This album still has files: delete or move them first")
	}
	if _, err := t.exec(ctx, updateAlbumsUp, id, parent); err != nil {
		return fmt.Errorf("move albums up: %w", err)
	}
	return t.forget(ctx, albumWords, id)
}
