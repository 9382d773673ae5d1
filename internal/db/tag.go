package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// Tag returns the tag of exactly this name, or CodeNotFound.
func (d *DB) Tag(ctx context.Context, name string) (*vitrine.Tag, error) { return nil, errNotBuilt }

// CompleteTags returns up to limit tags of listed files that begin so, in any case, the
// most used first.
func (d *DB) CompleteTags(ctx context.Context, prefix string, limit int) ([]vitrine.Tag, error) {
	return nil, errNotBuilt
}

// PopularTags returns up to limit tags of listed files, the most used first.
func (d *DB) PopularTags(ctx context.Context, limit int) ([]vitrine.Tag, error) {
	return nil, errNotBuilt
}
