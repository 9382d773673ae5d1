package catalog

import (
	"context"
	"fmt"
	"slices"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// mostAtOnce is how many files one deed changes or deletes.
const mostAtOnce = 1000

// FilesEdit changes many files at once.
type FilesEdit struct {
	AddTags, RemoveTags string  // by comma
	Album               *string // as in FileEdit
	Category            *string
	NSFW                *bool
}

// EditFiles changes those of the files that the actor may change, at most 1000,
// and returns how many. Others are passed over. Where the edit is refused for one
// of them, none is changed. It is safe to repeat.
func (s *Service) EditFiles(ctx context.Context, actor vitrine.Actor, slugs []vitrine.Slug, e FilesEdit) (int, error) {
	files, err := s.changeable(ctx, actor, slugs)
	if err != nil {
		return 0, err
	}
	set := s.c.Settings.Current()
	add, remove := vitrine.ParseTags(e.AddTags), vitrine.ParseTags(e.RemoveTags)
	if err := set.StopWords.Check(add...); err != nil {
		return 0, err
	}
	common := db.FileChange{NSFW: e.NSFW}
	if e.Category != nil {
		if common.CategoryID, err = s.categoryID(ctx, *e.Category); err != nil {
			return 0, err
		}
	}
	if e.Album != nil {
		a, err := s.chosenAlbum(ctx, actor, *e.Album)
		if err != nil {
			return 0, err
		}
		if a.ID != 0 { // files of others cannot go there
			files = slices.DeleteFunc(files, func(f *vitrine.File) bool { return f.OwnerID != a.OwnerID })
		}
		common.AlbumID = &a.ID
	}
	tags := make(map[int64]*[]string)
	for _, f := range files {
		list, changed := retagged(f, add, remove)
		if !changed {
			continue
		}
		if err := tagsFit(set, len(list)); err != nil && len(list) > len(f.Tags) {
			return 0, err
		}
		tags[f.ID] = &list
	}
	return s.updateFiles(ctx, files, func(f *vitrine.File) db.FileChange {
		c := common
		c.Tags = tags[f.ID]
		return c
	})
}

// changeable are those of the files that the actor sees and may change.
func (s *Service) changeable(ctx context.Context, actor vitrine.Actor, slugs []vitrine.Slug) ([]*vitrine.File, error) {
	if len(slugs) > mostAtOnce {
		return nil, vitrine.Invalid("files", "Too many files: choose at most %d at once", mostAtOnce)
	}
	if actor.Guest() || len(slugs) == 0 {
		return nil, nil
	}
	found, err := s.c.DB.FilesBySlugs(ctx, slugs)
	if err != nil {
		return nil, fmt.Errorf("finding files: %w", err)
	}
	var files []*vitrine.File
	for i := range found {
		if f := &found[i]; s.visible(actor, f) && actor.MayChange(f.OwnerID) {
			files = append(files, f)
		}
	}
	return files, nil
}

// retagged are the tags of a file after some came and some went.
func retagged(f *vitrine.File, add, remove []string) (tags []string, changed bool) {
	for _, t := range f.Tags {
		if slices.Contains(remove, t.Name) {
			changed = true
			continue
		}
		tags = append(tags, t.Name)
	}
	for _, name := range add {
		if !slices.Contains(tags, name) && !slices.Contains(remove, name) {
			tags, changed = append(tags, name), true
		}
	}
	return tags, changed
}

// DeleteFiles deletes those of the files that the actor may delete, at most
// 1000, and returns how many. It is safe to repeat.
func (s *Service) DeleteFiles(ctx context.Context, actor vitrine.Actor, slugs []vitrine.Slug) (int, error) {
	files, err := s.changeable(ctx, actor, slugs)
	if err != nil {
		return 0, err
	}
	total := 0
	for len(files) > 0 {
		batch := files[:min(len(files), deleteBatch)]
		files = files[len(batch):]
		ids := make([]int64, len(batch))
		for i, f := range batch {
			ids[i] = f.ID
		}
		deleted, err := s.deleteRows(ctx, ids)
		total += len(deleted)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
