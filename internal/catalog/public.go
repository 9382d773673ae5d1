package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// PublicFiles are up to limit files that anybody may see, newest first, with ids
// below before; 0: from the newest. It is for lists of everything there is.
func (s *Service) PublicFiles(ctx context.Context, before int64, limit int) ([]vitrine.File, error) {
	q := db.FileList{Sort: vitrine.SortNewest, Limit: limit, Now: s.c.Clock()}
	if before > 0 {
		q.After = &db.Position{ID: before}
	}
	files, _, err := s.c.DB.Files(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("listing public files: %w", err)
	}
	return files, nil
}

// PublicAlbums is PublicFiles for albums.
func (s *Service) PublicAlbums(ctx context.Context, before int64, limit int) ([]AlbumCard, error) {
	rows, _, err := s.c.DB.AlbumList(ctx, db.AlbumList{Listed: true, Before: before, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("listing public albums: %w", err)
	}
	cards := make([]AlbumCard, len(rows))
	for i := range rows {
		cards[i] = AlbumCard{rows[i].Album, rows[i].Cover}
	}
	return cards, nil
}

// PublicFileBlocks are the numbers of up to limit blocks of size ids that have files
// which anybody may see, the newest first. Block n begins with the id n * size + 1.
func (s *Service) PublicFileBlocks(ctx context.Context, size int64, limit int) ([]int64, error) {
	blocks, err := s.c.DB.FileBlocks(ctx, size, limit, s.c.Clock())
	if err != nil {
		return nil, fmt.Errorf("listing blocks of public files: %w", err)
	}
	return blocks, nil
}

// PublicAlbumBlocks is PublicFileBlocks for albums.
func (s *Service) PublicAlbumBlocks(ctx context.Context, size int64, limit int) ([]int64, error) {
	blocks, err := s.c.DB.AlbumBlocks(ctx, size, limit)
	if err != nil {
		return nil, fmt.Errorf("listing blocks of public albums: %w", err)
	}
	return blocks, nil
}
