package catalog

import (
	"context"

	"vitrine/internal/vitrine"
)

// AlbumEdit changes an album. What is nil stays as it is.
type AlbumEdit struct {
	Name        *string
	Description *string
	Privacy     *vitrine.Privacy
	Password    *string // 1 to 128 characters; needed where Privacy becomes password
	Sort        *vitrine.Sort
	Parent      *string // slug of another album of the owner; empty: top level
	Cover       *string // slug of a file in it; empty: the newest
}

// EditAlbum changes an album on behalf of its owner, a manager or an admin. A new
// privacy holds for its files at once. CodeInvalid with the field; Field "parent"
// where an album would stand within itself or more than 8 levels deep.
func (s *Service) EditAlbum(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, e AlbumEdit) (*vitrine.Album, error) {
	return nil, errNotBuilt
}

// DeleteAlbum deletes an album: its files with it, or out of it. Albums within it
// move up. Files are deleted in batches; it is safe to repeat.
func (s *Service) DeleteAlbum(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, withFiles bool) error {
	return errNotBuilt
}

// Proof shows that somebody uploaded a file, or made an album, as a guest.
type Proof struct {
	Slug  vitrine.Slug
	Token string // the delete token of the file; that of CreateGuestAlbum
}

// CreateGuestAlbum puts files that a guest has just uploaded into a new unlisted
// or public album without owner. Files whose token is wrong are refused with
// CodeForbidden. The token that it returns claims the album.
func (s *Service) CreateGuestAlbum(ctx context.Context, actor vitrine.Actor, n NewAlbum, files []Proof) (a *vitrine.Album, token string, err error) {
	return nil, "", errNotBuilt
}

// Claim gives a user what they made as a guest, and returns how many files and
// albums became theirs. What is somebody's already, or has another token, is
// passed over.
func (s *Service) Claim(ctx context.Context, actor vitrine.Actor, files, albums []Proof) (int, error) {
	return 0, errNotBuilt
}
