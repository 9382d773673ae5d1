package catalog

import (
	"context"

	"vitrine/internal/vitrine"
)

// AlbumQuery asks for one page of a list of albums, newest first: those of an
// owner, those within another, those that a search finds, or everybody's.
type AlbumQuery struct {
	Actor  vitrine.Actor
	Owner  int64
	Parent int64  // albums within this one, which the actor must have got from Album
	Top    bool   // with Owner: without those that stand in another
	Search string // in name and description
	After  string // AlbumPage.Next
	Limit  int    // 1 to 500; 0: 48
}

// AlbumCard is an album as lists show it.
type AlbumCard struct {
	vitrine.Album
	Cover *vitrine.File // nil: empty
}

// AlbumPage is a part of a list.
type AlbumPage struct {
	Albums []AlbumCard
	Next   string // empty: this is the last
}

// AlbumList lists the albums that the actor may see listed: public ones, and of
// their own all.
func (s *Service) AlbumList(ctx context.Context, q AlbumQuery) (*AlbumPage, error) {
	return nil, errNotBuilt
}

// Album finds an album by its slug. CodeNotFound for what the actor may not know
// of; the album and CodePassword for one whose password must be given first.
func (s *Service) Album(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) (*vitrine.Album, error) {
	return nil, errNotBuilt
}

// AlbumByID is Album for a file's AlbumID.
func (s *Service) AlbumByID(ctx context.Context, actor vitrine.Actor, id int64) (*vitrine.Album, error) {
	return nil, errNotBuilt
}

// AlbumPath are the albums that an album stands in, outermost first, without
// itself. Those that the actor may not see are left out.
func (s *Service) AlbumPath(ctx context.Context, actor vitrine.Actor, a *vitrine.Album) ([]vitrine.Album, error) {
	return nil, errNotBuilt
}

// UnlockAlbum returns the pass that opens a password album, for Actor.Passes.
// CodePassword for a wrong password, CodeFlood with RetryAfter after too many.
func (s *Service) UnlockAlbum(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, password string) (pass string, err error) {
	return "", errNotBuilt
}

// WalkAlbum calls fn for every file of the album and of those within it that the
// actor may see, oldest first, with the folders that its path in an archive has.
// Names are unique within an archive and safe on every system.
func (s *Service) WalkAlbum(ctx context.Context, actor vitrine.Actor, a *vitrine.Album, fn func(path string, c *Content) error) error {
	return errNotBuilt
}
