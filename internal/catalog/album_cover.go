package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/vitrine"
)

// AlbumCover is the file that stands for an album, which the actor must have got
// from Album: the one that was chosen, else the newest. Nil where there is none
// that the actor may see.
func (s *Service) AlbumCover(ctx context.Context, actor vitrine.Actor, a *vitrine.Album) (*vitrine.File, error) {
	if a.CoverID != 0 {
		f, err := s.c.DB.FileByID(ctx, a.CoverID)
		if err != nil && !vitrine.Is(err, vitrine.CodeNotFound) {
			return nil, fmt.Errorf("finding a cover: %w", err)
		}
		if err == nil && f.AlbumID == a.ID && s.visible(actor, f) {
			return f, nil
		}
	}
	page, err := s.Files(ctx, FileQuery{Actor: actor, Album: a.ID, Sort: vitrine.SortNewest, Limit: 1})
	if err != nil || len(page.Files) == 0 {
		return nil, err
	}
	return &page.Files[0], nil
}
