package db

import (
	"context"

	"vitrine/internal/vitrine"
)

const lockAlbum = `UPDATE albums SET file_count = file_count WHERE id = $1`

// Album is DB.Album within the transaction.
func (t *Tx) Album(ctx context.Context, id int64) (*vitrine.Album, error) {
	a, err := scanAlbum(t.row(ctx, selectAlbum, id))
	if err := t.db.found("album", err); err != nil {
		return nil, err
	}
	return &a, nil
}

// LockAlbum returns the album as it is, or CodeNotFound, and lets nobody change it, or
// any album of its owner, until the transaction ends.
func (t *Tx) LockAlbum(ctx context.Context, id int64) (*vitrine.Album, error) {
	a, err := t.Album(ctx, id)
	if err != nil {
		return nil, err
	}
	// All who lock both begin with the user. One who is gone has no albums to move.
	if a.OwnerID != 0 {
		if err := t.change(ctx, "user", lockUser, a.OwnerID); err != nil && !vitrine.Is(err, vitrine.CodeNotFound) {
			return nil, err
		}
	}
	if err := t.change(ctx, "album", lockAlbum, id); err != nil {
		return nil, err
	}
	return t.Album(ctx, id)
}
