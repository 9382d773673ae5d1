package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// UpdateAlbum writes the whole album by its ID, but its counters. A changed privacy
// decides at once who may list its files. CodeNotFound if there is no such album.
func (t *Tx) UpdateAlbum(ctx context.Context, a *vitrine.Album) error { return errNotBuilt }

// SetAlbumSecrets stores the password hash and the SHA-256 of the token by which a
// guest proves to have made the album. What is nil stays as it is, what is empty is
// taken away.
func (t *Tx) SetAlbumSecrets(ctx context.Context, id int64, passwordHash *string, tokenHash []byte) error {
	return errNotBuilt
}

// AlbumSecrets returns what SetAlbumSecrets stored, or CodeNotFound.
func (d *DB) AlbumSecrets(ctx context.Context, id int64) (passwordHash string, tokenHash []byte, err error) {
	return "", nil, errNotBuilt
}

// DeleteAlbum removes an album without files: CodeConflict if there are any. Albums in
// it move up to where it stood.
func (t *Tx) DeleteAlbum(ctx context.Context, id int64) error { return errNotBuilt }
