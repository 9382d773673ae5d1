package catalog

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// deleteBatch is how many files one transaction deletes, and one query lists.
const deleteBatch = 200

// CheckToken finds the file that a delete link names, without deleting it. An
// unknown slug, a wrong or used token and an expired file give the same
// CodeNotFound. The token is all the right that is needed: privacy does not
// matter.
func (s *Service) CheckToken(ctx context.Context, slug, token string) (*vitrine.File, error) {
	id, ok := vitrine.ParseSlug(slug)
	if !ok {
		return nil, noFile()
	}
	f, err := s.c.DB.FileBySlug(ctx, id)
	if err != nil {
		return nil, noFileOr(err, "finding a file")
	}
	want, err := s.c.DB.DeleteToken(ctx, f.ID)
	if err != nil {
		return nil, noFileOr(err, "reading a delete token")
	}
	given := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(given[:], want) != 1 || f.Expired(s.c.Clock()) {
		return nil, noFile()
	}
	return f, nil
}

// DeleteByToken deletes the file that a delete link names and returns it as it
// was. The refusals are those of CheckToken; of two at the same moment one
// succeeds.
func (s *Service) DeleteByToken(ctx context.Context, slug, token string) (*vitrine.File, error) {
	f, err := s.CheckToken(ctx, slug, token)
	if err != nil {
		return nil, err
	}
	return s.deleteOne(ctx, f.ID)
}

// Delete deletes a file on behalf of an actor: its owner, a manager or an admin.
// It returns CodeNotFound for what the actor cannot see, CodeForbidden for what
// is another's.
func (s *Service) Delete(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) error {
	f, err := s.File(ctx, actor, slug)
	if err != nil {
		return err
	}
	if !actor.MayChange(f.OwnerID) {
		return vitrine.Errorf(vitrine.CodeForbidden, "This file is not yours to delete")
	}
	_, err = s.deleteOne(ctx, f.ID)
	return err
}

// DeleteFilesOf deletes every file of a user, in batches, and returns how many.
// It is safe to repeat.
func (s *Service) DeleteFilesOf(ctx context.Context, userID int64) (int, error) {
	var total int
	var after int64
	for {
		ids, err := s.c.DB.FilesOfOwner(ctx, userID, after, deleteBatch)
		if err != nil {
			return total, fmt.Errorf("listing a user's files: %w", err)
		}
		if len(ids) == 0 {
			return total, nil
		}
		files, err := s.deleteRows(ctx, ids)
		total += len(files)
		if err != nil {
			return total, err
		}
		after = ids[len(ids)-1]
	}
}

func (s *Service) deleteOne(ctx context.Context, id int64) (*vitrine.File, error) {
	files, err := s.deleteRows(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, noFile() // somebody else was faster
	}
	return files[0], nil
}

// deleteRows deletes the rows in one transaction, which also orders the removal
// of their objects: row first, bytes later, so that no row is ever without
// bytes. Rows that are gone already are passed over.
func (s *Service) deleteRows(ctx context.Context, ids []int64) ([]*vitrine.File, error) {
	var files []*vitrine.File
	err := s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		files = nil
		for _, id := range ids {
			f, err := tx.DeleteFile(ctx, id)
			if vitrine.Is(err, vitrine.CodeNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			files = append(files, f)
		}
		if len(files) == 0 || s.c.Jobs == nil {
			return nil
		}
		return s.c.Jobs.Enqueue(ctx, tx, RemoveObjects{})
	})
	if err != nil {
		return nil, fmt.Errorf("deleting files: %w", err)
	}
	s.cache.forget(files...)
	return files, nil
}

// noFileOr hides why a row is not there, and passes on every other error.
func noFileOr(err error, doing string) error {
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return noFile()
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// PurgeExpired deletes every file that has expired, in batches, and returns how
// many. It is safe to repeat and to run on several nodes at once.
func (s *Service) PurgeExpired(ctx context.Context) (int, error) {
	now, total := s.c.Clock(), 0
	for {
		ids, err := s.c.DB.ExpiredFiles(ctx, now, deleteBatch)
		if err != nil {
			return total, fmt.Errorf("listing expired files: %w", err)
		}
		if len(ids) == 0 {
			return total, nil
		}
		files, err := s.deleteRows(ctx, ids)
		total += len(files)
		if err != nil {
			return total, err
		}
		// Another node is at the same rows: let it, or try again next time.
		if len(files) == 0 {
			return total, nil
		}
	}
}
