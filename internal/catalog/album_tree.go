package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// maxDepth is how many levels albums have.
const maxDepth = 8

// findParent finds the album that an album is to stand in, and how many levels it
// needs there.
func (s *Service) findParent(ctx context.Context, a *vitrine.Album, c *albumChange) error {
	if c.Parent == nil || *c.Parent == "" {
		return nil
	}
	unknown := vitrine.Invalid("parent", "The owner of the album has no such album")
	slug, ok := vitrine.ParseSlug(*c.Parent)
	if !ok || a.OwnerID == 0 {
		return unknown
	}
	p, err := s.c.DB.AlbumBySlug(ctx, slug)
	if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && p.OwnerID != a.OwnerID {
		return unknown
	}
	if err != nil {
		return fmt.Errorf("finding the parent album: %w", err)
	}
	c.parent = p.ID
	if p.ID == a.ParentID {
		return nil // it stands there already
	}
	c.height, err = s.height(ctx, a)
	return err
}

// height is how many levels an album and those within it take.
func (s *Service) height(ctx context.Context, a *vitrine.Album) (int, error) {
	all, err := s.Albums(ctx, a.OwnerID)
	if err != nil {
		return 0, err
	}
	within := make(map[int64][]int64)
	for i := range all {
		within[all[i].ParentID] = append(within[all[i].ParentID], all[i].ID)
	}
	level, height := []int64{a.ID}, 0
	for len(level) > 0 && height <= maxDepth {
		height++
		var next []int64
		for _, id := range level {
			next = append(next, within[id]...)
		}
		level = next
	}
	return height, nil
}

// move puts the album where it is to stand. The lock on the owner's albums keeps
// two moves from making a circle together.
func (c *albumChange) move(ctx context.Context, tx *db.Tx, a *vitrine.Album) error {
	if c.Parent == nil || c.parent == a.ParentID {
		return nil
	}
	if c.parent != 0 {
		depth, err := depthOf(ctx, tx, c.parent, a)
		if err != nil {
			return err
		}
		if depth+c.height > maxDepth {
			return tooDeep()
		}
	}
	a.ParentID = c.parent
	return nil
}

// depthOf is at which level an album stands; the top is 1. It refuses one that
// stands in the album "within", or is it.
func depthOf(ctx context.Context, tx *db.Tx, id int64, within *vitrine.Album) (int, error) {
	depth := 0
	for id != 0 {
		if within != nil && id == within.ID {
			return 0, vitrine.Invalid("parent", "An album cannot stand within itself")
		}
		if depth++; depth > maxDepth {
			return 0, tooDeep()
		}
		p, err := tx.Album(ctx, id)
		if vitrine.Is(err, vitrine.CodeNotFound) && depth > 1 {
			return depth, nil
		}
		if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && within != nil && p.OwnerID != within.OwnerID {
			return 0, vitrine.Invalid("parent", "The owner of the album has no such album")
		}
		if err != nil {
			return 0, fmt.Errorf("finding an album: %w", err)
		}
		id = p.ParentID
	}
	return depth, nil
}

// roomWithin refuses a new album where the one that it would stand in is gone, or on
// the last level. It lets nobody move that until the transaction ends.
func roomWithin(ctx context.Context, tx *db.Tx, parentID int64) error {
	if parentID == 0 {
		return nil
	}
	p, err := tx.LockAlbum(ctx, parentID)
	if err != nil {
		return noAlbumOr(err, "locking the parent album")
	}
	depth, err := depthOf(ctx, tx, p.ID, nil)
	if err == nil && depth >= maxDepth {
		return tooDeep()
	}
	return err
}

func tooDeep() error {
	return vitrine.Invalid("parent", "Albums cannot stand more than %d levels deep", maxDepth)
}
