package catalog

import (
	"context"
	"fmt"
	"path"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// walkPage is how many files or albums a walk holds at once.
const walkPage = 200

// WalkAlbum calls fn for every file of the album and of those within it that the
// actor may see, oldest first, with the folders that its path in an archive has.
// Names are unique within an archive and safe on every system. Albums within are
// those that AlbumList shows there. Rights are asked page by page, so that a walk
// that takes long ends where they do.
func (s *Service) WalkAlbum(ctx context.Context, actor vitrine.Actor, a *vitrine.Album, fn func(path string, c *Content) error) error {
	if !actor.MaySee(a.Privacy, a.OwnerID, a.Pass) {
		return noAlbum()
	}
	w := &walk{s: s, actor: actor, fn: fn}
	return w.album(ctx, a, "", 1)
}

// walk is one walk through an album.
type walk struct {
	s     *Service
	actor vitrine.Actor
	fn    func(path string, c *Content) error
}

func (w *walk) album(ctx context.Context, a *vitrine.Album, folder string, depth int) error {
	names := newArchiveNames()
	if err := w.files(ctx, a, folder, names); err != nil {
		return err
	}
	if depth == maxDepth {
		return nil
	}
	list := db.AlbumList{Parent: a.ID, Limit: walkPage}
	for {
		rows, next, err := w.s.c.DB.AlbumList(ctx, list)
		if err != nil {
			return fmt.Errorf("listing the albums within one: %w", err)
		}
		for i := range rows {
			sub := &rows[i].Album
			if !showsWithin(w.actor, a.Privacy, sub) {
				continue
			}
			if err := w.album(ctx, sub, path.Join(folder, names.folder(sub)), depth+1); err != nil {
				return err
			}
		}
		if next == 0 {
			return nil
		}
		list.Before = next
	}
}

func (w *walk) files(ctx context.Context, a *vitrine.Album, folder string, names *archiveNames) error {
	var after int64
	for {
		files, err := w.s.c.DB.FilesOfAlbum(ctx, a.ID, after, walkPage)
		if err != nil {
			return fmt.Errorf("listing the files of an album: %w", err)
		}
		if len(files) == 0 {
			return nil
		}
		after = files[len(files)-1].ID
		for i := range files {
			f := &files[i]
			if !w.s.visible(w.actor, f) {
				continue
			}
			if err := w.fn(path.Join(folder, names.file(f)), originalOf(f)); err != nil {
				return err
			}
		}
	}
}
