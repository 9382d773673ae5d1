package db

import (
	"context"
	"time"
)

// SetLike makes a user like a file, or not any more, and returns how many do. Saying it
// twice changes nothing. CodeNotFound if there is no such file or user.
func (t *Tx) SetLike(ctx context.Context, userID, fileID int64, on bool, at time.Time) (likes int64, err error) {
	return 0, errNotBuilt
}

// Liked reports whether the user likes the file.
func (d *DB) Liked(ctx context.Context, userID, fileID int64) (bool, error) {
	return false, errNotBuilt
}
