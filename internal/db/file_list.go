package db

import (
	"context"
	"time"

	"vitrine/internal/vitrine"
)

// ListScope says whose or which files a list shows.
type ListScope int

// The scopes. FileList.ID is the id of what they name.
const (
	ScopeAll ListScope = iota
	ScopeOwner
	ScopeAlbum
	ScopeCategory
	ScopeTag
	ScopeLikedBy
)

// FileList asks for one page of a list of files.
type FileList struct {
	Scope ListScope
	ID    int64 // of the owner, album, category, tag or user who likes
	// All lists also what is not for everybody: an owner's own files, an album whose
	// access was checked. Scopes other than those two and likes ignore it.
	All    bool
	Kind   vitrine.ListKind
	Search string       // words, "phrases", -exclusions; such a list is newest first
	Sort   vitrine.Sort // SortTrend for ScopeAll only; categories, tags and likes know newest and oldest
	After  *Position    // nil: the first page
	Limit  int
	Now    time.Time // what has expired by then is left out
}

// Position is where in a list a page ends. What the fields mean depends on the order.
type Position struct {
	Number int64
	Text   string
	ID     int64
}

// Files returns one page of a list and where it ends, nil if it is the last. Files come
// with the privacy and pass of their album and their placeholder, without long texts
// and tags.
func (d *DB) Files(ctx context.Context, q FileList) ([]vitrine.File, *Position, error) {
	return nil, nil, errNotBuilt
}

// FileBeside returns the file that follows f in its album in this order, or precedes
// it if not forward; nil, nil at the end.
func (d *DB) FileBeside(ctx context.Context, albumID int64, sort vitrine.Sort, f *vitrine.File, forward bool, now time.Time) (*vitrine.File, error) {
	return nil, errNotBuilt
}

// RandomFile returns any file that everybody may see, or CodeNotFound.
func (d *DB) RandomFile(ctx context.Context, now time.Time) (*vitrine.File, error) {
	return nil, errNotBuilt
}

// FilesBySlugs returns those of the files that exist, with their tags, in the order of
// the slugs, each once.
func (d *DB) FilesBySlugs(ctx context.Context, slugs []vitrine.Slug) ([]vitrine.File, error) {
	return nil, errNotBuilt
}

// FilesOfAlbum returns up to limit files of the album with an id above after, lowest id
// first, as Files does.
func (d *DB) FilesOfAlbum(ctx context.Context, albumID, after int64, limit int) ([]vitrine.File, error) {
	return nil, errNotBuilt
}
