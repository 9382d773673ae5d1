package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// emptyTries is how often an album is emptied that files still come into.
const emptyTries = 5

// DeleteAlbum deletes an album on behalf of its owner, a manager or an admin: its
// files with it, or out of it. Out of an album that is not public they would become
// public, so that is refused with CodeInvalid and Field "files". Files of others go
// out of it in any case. Albums within it move up. Files are done in batches; it is
// safe to repeat.
func (s *Service) DeleteAlbum(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, withFiles bool) error {
	a, err := s.ownAlbum(ctx, actor, slug)
	if err != nil {
		return err
	}
	if !withFiles && a.FileCount > 0 && a.Privacy != vitrine.PrivacyPublic {
		return vitrine.Invalid("files", "The files of an album that is not public would become public: delete them too, or move them to another album first")
	}
	for range emptyTries {
		if err := s.emptyAlbum(ctx, actor, a.ID, withFiles); err != nil {
			return err
		}
		err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.LockAlbum(ctx, a.ID); err != nil { // nobody moves an album into it now
				return err
			}
			return tx.DeleteAlbum(ctx, a.ID)
		})
		if !vitrine.Is(err, vitrine.CodeConflict) {
			break
		}
	}
	if err != nil {
		return noAlbumOr(err, "deleting an album")
	}
	s.cache.forgetAll()
	return nil
}

// emptyAlbum deletes an album's files or takes them out.
func (s *Service) emptyAlbum(ctx context.Context, actor vitrine.Actor, albumID int64, withFiles bool) error {
	var after int64
	for {
		files, err := s.c.DB.FilesOfAlbum(ctx, albumID, after, deleteBatch)
		if err != nil {
			return fmt.Errorf("listing the files of an album: %w", err)
		}
		if len(files) == 0 {
			return nil
		}
		after = files[len(files)-1].ID
		var condemned []int64
		var leaving []*vitrine.File
		for i := range files {
			if withFiles && actor.MayChange(files[i].OwnerID) {
				condemned = append(condemned, files[i].ID)
			} else {
				leaving = append(leaving, &files[i])
			}
		}
		if len(condemned) > 0 {
			if _, err := s.deleteRows(ctx, condemned); err != nil {
				return err
			}
		}
		none := int64(0)
		if _, err := s.updateFiles(ctx, leaving, func(*vitrine.File) db.FileChange { return db.FileChange{AlbumID: &none} }); err != nil {
			return err
		}
	}
}
