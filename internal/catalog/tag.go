package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/vitrine"
)

// Tag finds a tag by its name; CodeNotFound where no file that anybody may see,
// and none of the actor's own, has it.
func (s *Service) Tag(ctx context.Context, actor vitrine.Actor, name string) (*vitrine.Tag, error) {
	name, ok := vitrine.ParseTag(name)
	if !ok {
		return nil, vitrine.NotFound("tag")
	}
	t, err := s.c.DB.Tag(ctx, name)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, vitrine.NotFound("tag")
	}
	if err != nil {
		return nil, fmt.Errorf("finding a tag: %w", err)
	}
	if t.ListedCount > 0 {
		return t, nil
	}
	if actor.Guest() {
		return nil, vitrine.NotFound("tag")
	}
	own, err := s.c.DB.TagOfOwner(ctx, t.ID, actor.UserID())
	if err != nil {
		return nil, fmt.Errorf("looking for a tag's files: %w", err)
	}
	if !own {
		return nil, vitrine.NotFound("tag")
	}
	return t, nil
}

// CompleteTags are up to limit public tags that begin so, in any case, the most
// used first.
func (s *Service) CompleteTags(ctx context.Context, prefix string, limit int) ([]vitrine.Tag, error) {
	prefix, ok := vitrine.ParseTag(prefix)
	if !ok {
		return nil, nil // no tag begins so
	}
	tags, err := s.c.DB.CompleteTags(ctx, prefix, pageSize(limit, 10, 100))
	if err != nil {
		return nil, fmt.Errorf("completing tags: %w", err)
	}
	return tags, nil
}

// PopularTags are the public tags, the most used first.
func (s *Service) PopularTags(ctx context.Context, limit int) ([]vitrine.Tag, error) {
	tags, err := s.c.DB.PopularTags(ctx, pageSize(limit, 50, 500))
	if err != nil {
		return nil, fmt.Errorf("listing popular tags: %w", err)
	}
	return tags, nil
}

// Category finds a category by its URL key, or CodeNotFound.
func (s *Service) Category(ctx context.Context, urlKey string) (*vitrine.Category, error) {
	if _, err := vitrine.ParseCategory("x", urlKey); urlKey == "" || err != nil {
		return nil, vitrine.NotFound("category")
	}
	c, err := s.c.DB.CategoryByKey(ctx, urlKey)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, vitrine.NotFound("category")
	}
	if err != nil {
		return nil, fmt.Errorf("finding a category: %w", err)
	}
	return c, nil
}
