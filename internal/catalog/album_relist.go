package catalog

import (
	"context"
	"fmt"
	"math"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

const (
	relistAlbums = 100 // asked for at a time
	// relistFiles is how many files follow in one transaction: few enough for uploads not
	// to notice that they wait for it.
	relistFiles = 200
)

// RelistAlbums lets the files of large albums follow a privacy that was changed: lists
// and counters that everybody sees. Nobody sees a closed album meanwhile. It works in
// parts, and may work on several nodes at once; what was broken off begins anew. albums is
// how many were done.
func (s *Service) RelistAlbums(ctx context.Context) (albums int, err error) {
	var after int64
	for {
		list, err := s.c.DB.Relists(ctx, after, relistAlbums)
		if err != nil {
			return albums, fmt.Errorf("finding albums that were opened or closed: %w", err)
		}
		for _, r := range list {
			after = r.AlbumID
			switch err := s.relistAlbum(ctx, r); {
			case vitrine.Is(err, vitrine.CodeConflict):
				// It was changed again, which has ordered this anew, or another node was faster.
			case err != nil:
				return albums, fmt.Errorf("listing the files of an album: %w", err)
			default:
				albums++
			}
		}
		if len(list) == 0 {
			return albums, nil
		}
	}
}

func (s *Service) relistAlbum(ctx context.Context, r db.Relist) error {
	for before := int64(math.MaxInt64); before > 0; {
		err := s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			before, err = tx.RelistPart(ctx, r, before, relistFiles)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
