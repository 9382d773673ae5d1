package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// Like makes the actor like a file, or not any more, and returns how many do.
// CodeUnauthorized for guests, CodeNotFound for what they cannot see.
func (s *Service) Like(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, on bool) (int64, error) {
	if actor.Guest() {
		return 0, vitrine.Errorf(vitrine.CodeUnauthorized, "Sign in to like files")
	}
	f, err := s.File(ctx, actor, slug)
	if err != nil {
		return 0, err
	}
	var likes int64
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		likes, err = tx.SetLike(ctx, actor.UserID(), f.ID, on, s.c.Clock())
		return err
	})
	if err != nil {
		return 0, noFileOr(err, "liking a file")
	}
	return likes, nil
}

// Liked reports whether the actor likes the file.
func (s *Service) Liked(ctx context.Context, actor vitrine.Actor, fileID int64) (bool, error) {
	if actor.Guest() {
		return false, nil
	}
	liked, err := s.c.DB.Liked(ctx, actor.UserID(), fileID)
	if err != nil {
		return false, fmt.Errorf("looking for a like: %w", err)
	}
	return liked, nil
}
