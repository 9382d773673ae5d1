package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// AlbumList asks for one page of a list of albums, newest first.
type AlbumList struct {
	Owner  int64  // 0: of all
	Parent int64  // albums within this one
	Top    bool   // without those that stand in another
	Listed bool   // public ones only
	Search string // words and phrases in name and description
	Before int64  // the id after which the page begins; 0: the first
	Limit  int
}

// AlbumRow is an album with the file that lists show for it.
type AlbumRow struct {
	vitrine.Album
	Cover *vitrine.File // as Files returns it; nil: the album is empty
}

// AlbumList returns one page of a list and the Before of the next one, 0 if it is the
// last.
func (d *DB) AlbumList(ctx context.Context, q AlbumList) (list []AlbumRow, next int64, err error) {
	return nil, 0, errNotBuilt
}
