package catalog

import (
	"context"

	"vitrine/internal/vitrine"
)

// Like makes the actor like a file, or not any more, and returns how many do.
// CodeUnauthorized for guests, CodeNotFound for what they cannot see.
func (s *Service) Like(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, on bool) (int64, error) {
	return 0, errNotBuilt
}

// Liked reports whether the actor likes the file.
func (s *Service) Liked(ctx context.Context, actor vitrine.Actor, fileID int64) (bool, error) {
	return false, errNotBuilt
}
