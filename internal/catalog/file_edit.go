package catalog

import (
	"context"

	"vitrine/internal/vitrine"
)

// FileEdit changes one file. What is nil stays as it is.
type FileEdit struct {
	Title       *string // at most 255 characters; empty: none
	Description *string // at most 65,535 bytes
	Alt         *string // at most 500 characters
	Tags        *string // by comma; replaces all
	Album       *string // slug of an album of the file's owner; empty: none
	Category    *string // URL key; empty: none
	NSFW        *bool
	// Expiration counts from now; the zero Expiration is never.
	Expiration *vitrine.Expiration
}

// EditFile changes a file on behalf of its owner, a manager or an admin and
// returns it as it is then. CodeNotFound for what the actor cannot see,
// CodeForbidden for what is another's, CodeInvalid with the field, CodeStopWord.
func (s *Service) EditFile(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, e FileEdit) (*vitrine.File, error) {
	return nil, errNotBuilt
}

// FilesEdit changes many files at once.
type FilesEdit struct {
	AddTags, RemoveTags string  // by comma
	Album               *string // as in FileEdit
	Category            *string
	NSFW                *bool
}

// EditFiles changes those of the files that the actor may change, at most 1000,
// and returns how many. Others are passed over.
func (s *Service) EditFiles(ctx context.Context, actor vitrine.Actor, slugs []vitrine.Slug, e FilesEdit) (int, error) {
	return 0, errNotBuilt
}

// DeleteFiles deletes those of the files that the actor may delete, at most
// 1000, and returns how many.
func (s *Service) DeleteFiles(ctx context.Context, actor vitrine.Actor, slugs []vitrine.Slug) (int, error) {
	return 0, errNotBuilt
}
