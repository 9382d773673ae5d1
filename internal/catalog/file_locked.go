package catalog

import (
	"context"

	"vitrine/internal/vitrine"
)

// LockedBy is the album whose password opens a file that the actor cannot see
// yet. CodeNotFound where no password would help.
func (s *Service) LockedBy(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) (*vitrine.Album, error) {
	f, err := s.c.DB.FileBySlug(ctx, slug)
	if err != nil {
		return nil, noFileOr(err, "finding a file")
	}
	if f.Privacy != vitrine.PrivacyPassword || f.AlbumID == 0 || !f.Approved || f.Expired(s.c.Clock()) || s.visible(actor, f) {
		return nil, noFile()
	}
	a, err := s.c.DB.Album(ctx, f.AlbumID)
	if err != nil {
		return nil, noFileOr(err, "finding the album of a file")
	}
	return a, nil
}
