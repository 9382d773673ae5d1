package catalog

import (
	"context"

	"vitrine/internal/vitrine"
)

// Tag finds a tag by its name; CodeNotFound where no file that anybody may see,
// and none of the actor's own, has it.
func (s *Service) Tag(ctx context.Context, actor vitrine.Actor, name string) (*vitrine.Tag, error) {
	return nil, errNotBuilt
}

// CompleteTags are up to limit public tags that begin so, in any case, the most
// used first.
func (s *Service) CompleteTags(ctx context.Context, prefix string, limit int) ([]vitrine.Tag, error) {
	return nil, errNotBuilt
}

// PopularTags are the public tags, the most used first.
func (s *Service) PopularTags(ctx context.Context, limit int) ([]vitrine.Tag, error) {
	return nil, errNotBuilt
}

// Category finds a category by its URL key, or CodeNotFound.
func (s *Service) Category(ctx context.Context, urlKey string) (*vitrine.Category, error) {
	return nil, errNotBuilt
}
