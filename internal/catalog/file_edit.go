package catalog

import (
	"context"
	"fmt"
	"slices"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// FileEdit changes one file. What is nil stays as it is.
type FileEdit struct {
	Title       *string // at most 100 characters; empty: none
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
	f, err := s.File(ctx, actor, slug)
	if err != nil {
		return nil, err
	}
	if !actor.MayChange(f.OwnerID) {
		return nil, vitrine.Errorf(vitrine.CodeForbidden, "This file is not yours to change")
	}
	c, err := s.fileChange(ctx, actor, f, e)
	if err != nil {
		return nil, err
	}
	n, err := s.updateFiles(ctx, []*vitrine.File{f}, func(*vitrine.File) db.FileChange { return c })
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, noFile()
	}
	if f, err = s.c.DB.FileByID(ctx, f.ID); err != nil {
		return nil, noFileOr(err, "finding a changed file")
	}
	return f, nil
}

// fileChange checks the edit, text by text.
func (s *Service) fileChange(ctx context.Context, actor vitrine.Actor, f *vitrine.File, e FileEdit) (c db.FileChange, err error) {
	set := s.c.Settings.Current()
	texts := make([]string, 0, 3)
	for _, t := range []struct {
		given *string
		parse func(string) (string, error)
		to    **string
	}{
		{e.Title, func(v string) (string, error) { return parseLine("title", v, vitrine.MaxTitle) }, &c.Title},
		{e.Description, parseDescription, &c.Description},
		{e.Alt, func(v string) (string, error) { return parseLine("alt", v, vitrine.MaxAlt) }, &c.Alt},
	} {
		if t.given == nil {
			continue
		}
		text, err := t.parse(*t.given)
		if err != nil {
			return c, err
		}
		*t.to, texts = &text, append(texts, text)
	}
	if e.Tags != nil {
		tags := vitrine.ParseTags(*e.Tags)
		if err := tagsFit(set, len(tags)); err != nil {
			return c, err
		}
		c.Tags, texts = &tags, append(texts, tags...)
	}
	if err := set.StopWords.Check(texts...); err != nil {
		return c, err
	}
	if e.Album != nil {
		a, err := s.chosenAlbum(ctx, actor, *e.Album)
		if err != nil {
			return c, err
		}
		if a.ID != 0 && a.OwnerID != f.OwnerID {
			return c, noChosenAlbum()
		}
		c.AlbumID = &a.ID
	}
	if e.Category != nil {
		if c.CategoryID, err = s.categoryID(ctx, *e.Category); err != nil {
			return c, err
		}
	}
	if e.Expiration != nil {
		if !set.ExpirableUploads && !e.Expiration.IsZero() {
			return c, vitrine.Invalid("expiration", "Files do not expire on this site")
		}
		at := e.Expiration.After(s.c.Clock())
		c.ExpiresAt = &at
	}
	c.NSFW = e.NSFW
	return c, nil
}

func tagsFit(set *vitrine.Settings, n int) error {
	if n > set.TagsPerFile {
		return vitrine.Invalid("tags", "Invalid tags: there would be %d, use at most %d", n, set.TagsPerFile)
	}
	return nil
}

// chosenAlbum finds an album that files may be moved to, if it is of their owner.
// Empty means none: an album without id.
func (s *Service) chosenAlbum(ctx context.Context, actor vitrine.Actor, given string) (*vitrine.Album, error) {
	if given == "" {
		return &vitrine.Album{}, nil
	}
	slug, ok := vitrine.ParseSlug(given)
	if !ok {
		return nil, noChosenAlbum()
	}
	a, err := s.c.DB.AlbumBySlug(ctx, slug)
	if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && !actor.MaySee(a.Privacy, a.OwnerID, a.Pass) {
		return nil, noChosenAlbum()
	}
	if err != nil {
		return nil, fmt.Errorf("finding an album: %w", err)
	}
	return a, nil
}

// noChosenAlbum does not tell an album that is not there from another's.
func noChosenAlbum() error {
	return vitrine.Invalid("album", "The owner of the file has no such album")
}

func (s *Service) categoryID(ctx context.Context, urlKey string) (*int64, error) {
	none := int64(0)
	if urlKey == "" {
		return &none, nil
	}
	c, err := s.Category(ctx, urlKey)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, vitrine.Invalid("category", "There is no such category")
	}
	if err != nil {
		return nil, err
	}
	return &c.ID, nil
}

// updateSize is how many files one transaction changes.
const updateSize = 100

// updateFiles changes files, in batches, and returns how many. A file that is
// gone, or whose new album or category is, is passed over.
func (s *Service) updateFiles(ctx context.Context, files []*vitrine.File, change func(*vitrine.File) db.FileChange) (int, error) {
	total := 0
	for batch := range slices.Chunk(files, updateSize) {
		n, err := s.updateBatch(ctx, batch, change)
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}

func (s *Service) updateBatch(ctx context.Context, batch []*vitrine.File, change func(*vitrine.File) db.FileChange) (int, error) {
	err := s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, f := range batch {
			if err := tx.UpdateFile(ctx, f.ID, change(f)); err != nil {
				return err
			}
		}
		return nil
	})
	s.cache.forget(batch...)
	switch {
	case err == nil:
		return len(batch), nil
	case !vitrine.Is(err, vitrine.CodeNotFound):
		return 0, fmt.Errorf("changing files: %w", err)
	case len(batch) == 1:
		return 0, nil
	}
	total := 0
	for i := range batch { // to find out which
		n, err := s.updateBatch(ctx, batch[i:i+1], change)
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}
