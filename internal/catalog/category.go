package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// CreateCategory makes a category; an empty key is made from the name. It
// returns CodeInvalid, or CodeConflict if the key is taken.
func (s *Service) CreateCategory(ctx context.Context, name, urlKey string) (*vitrine.Category, error) {
	c, err := vitrine.ParseCategory(name, urlKey)
	if err != nil {
		return nil, err
	}
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, &c) })
	if err != nil {
		return nil, fmt.Errorf("creating a category: %w", err)
	}
	return &c, nil
}

// Categories are all categories.
func (s *Service) Categories(ctx context.Context) ([]vitrine.Category, error) {
	list, err := s.c.DB.Categories(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing categories: %w", err)
	}
	return list, nil
}

// CategoryByID is the category of a file's CategoryID.
func (s *Service) CategoryByID(ctx context.Context, id int64) (*vitrine.Category, error) {
	c, err := s.c.DB.Category(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("finding a category: %w", err)
	}
	return c, nil
}
