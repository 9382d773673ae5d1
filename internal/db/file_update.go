package db

import (
	"context"
	"errors"
	"time"
)

var errNotBuilt = errors.New("not built yet")

// FileChange is what changes of a file. What is nil stays as it is; an id of 0 is none,
// the zero ExpiresAt is never.
type FileChange struct {
	Title, Description, Alt      *string
	Tags                         *[]string
	AlbumID, CategoryID, OwnerID *int64
	NSFW                         *bool
	ExpiresAt                    *time.Time
}

// UpdateFile changes a file and keeps everything true that depends on it: counters, who
// may list it, the keys of orders and the search. CodeNotFound if the file, or what it
// is moved to, does not exist.
func (t *Tx) UpdateFile(ctx context.Context, id int64, c FileChange) error { return errNotBuilt }
