package catalog

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// AlbumEdit changes an album. What is nil stays as it is.
type AlbumEdit struct {
	Name        *string
	Description *string
	Privacy     *vitrine.Privacy
	Password    *string // 1 to 128 characters; needed where Privacy becomes password; empty: as it is
	Sort        *vitrine.Sort
	Parent      *string // slug of another album of the owner; empty: top level
	Cover       *string // slug of a file in it; empty: the newest
}

// EditAlbum changes an album on behalf of its owner, a manager or an admin. A new
// privacy holds for its files at once, and a new password takes away what the old
// one opened. CodeInvalid with the field; Field "parent" where an album would stand
// within itself or more than 8 levels deep.
func (s *Service) EditAlbum(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug, e AlbumEdit) (*vitrine.Album, error) {
	a, err := s.ownAlbum(ctx, actor, slug)
	if err != nil {
		return nil, err
	}
	c, err := s.albumChange(ctx, a, e)
	if err != nil {
		return nil, err
	}
	opens := c.Privacy != nil && *c.Privacy != a.Privacy // or closes
	var before vitrine.Album
	err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if opens {
			if err := tx.RelistAlbum(ctx, a.ID, *c.Privacy); err != nil {
				return err
			}
		}
		// Others may have changed it since: this changes what it is now.
		now, err := tx.LockAlbum(ctx, a.ID)
		if err != nil {
			return err
		}
		if now.OwnerID != a.OwnerID {
			return noAlbum() // claimed a moment ago
		}
		a, before = now, *now
		if err := c.apply(a); err != nil {
			return err
		}
		if err := c.move(ctx, tx, a); err != nil {
			return err
		}
		if err := tx.UpdateAlbum(ctx, a); err != nil {
			return err
		}
		if hash, changed := c.secret(&before, a); changed {
			if err := tx.SetAlbumSecrets(ctx, a.ID, &hash, nil); err != nil {
				return err
			}
		}
		if a.Privacy == before.Privacy || s.c.Jobs == nil {
			return nil
		}
		return s.c.Jobs.Enqueue(ctx, tx, RelistAlbums{})
	})
	if err != nil {
		return nil, fmt.Errorf("changing an album: %w", err)
	}
	if a.Privacy != before.Privacy || a.Pass != before.Pass {
		s.cache.forgetAll()
	}
	return a, nil
}

// ownAlbum finds an album that the actor may change.
func (s *Service) ownAlbum(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) (*vitrine.Album, error) {
	a, err := s.Album(ctx, actor, slug)
	if err != nil {
		return nil, err
	}
	if !actor.MayChange(a.OwnerID) {
		return nil, vitrine.Errorf(vitrine.CodeForbidden, "This album is not yours to change")
	}
	return a, nil
}

// albumChange is a checked AlbumEdit.
type albumChange struct {
	AlbumEdit
	cover  int64  // if Cover is set
	parent int64  // if Parent is set
	hash   string // of Password, if there is one
	height int    // levels that the album and those in it take, if it moves
}

// albumChange checks what can be checked before the album is locked.
func (s *Service) albumChange(ctx context.Context, a *vitrine.Album, e AlbumEdit) (*albumChange, error) {
	c := &albumChange{AlbumEdit: e}
	for _, step := range []func() error{
		func() error { return s.albumTexts(c) },
		func() error { return c.checkWords(a) },
		func() error { return s.findCover(ctx, a, c) },
		func() error { return s.findParent(ctx, a, c) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	wanted := a.Privacy
	if e.Privacy != nil {
		wanted = *e.Privacy
	}
	if e.Password != nil && *e.Password != "" && wanted == vitrine.PrivacyPassword {
		var err error
		if c.hash, err = s.hashAlbumPassword(ctx, *e.Password); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (s *Service) albumTexts(c *albumChange) error {
	var texts []string
	if c.Name != nil {
		name, err := vitrine.ParseAlbumName(vitrine.CleanLine(*c.Name))
		if err != nil {
			return err
		}
		c.Name, texts = &name, append(texts, name)
	}
	if c.Description != nil {
		text, err := parseDescription(*c.Description)
		if err != nil {
			return err
		}
		c.Description, texts = &text, append(texts, text)
	}
	return s.c.Settings.Current().StopWords.Check(texts...)
}

// checkWords checks what is one of a few words.
func (c *albumChange) checkWords(a *vitrine.Album) error {
	if c.Privacy != nil {
		p, err := vitrine.ParsePrivacy(string(*c.Privacy))
		if err != nil {
			return err
		}
		if err := privacyFits(a.OwnerID, p); err != nil {
			return err
		}
		c.Privacy = &p
	}
	if c.Sort != nil && vitrine.ParseSort(string(*c.Sort), "") == "" {
		return vitrine.Invalid("sort", "Invalid order %q: use date_desc, date_asc, views_desc or name_asc", string(*c.Sort))
	}
	return nil
}

// privacyFits refuses to hide an album from everybody: without an owner there is
// nobody for whom it would be private.
func privacyFits(ownerID int64, p vitrine.Privacy) error {
	if ownerID == 0 && p != vitrine.PrivacyPublic && p != vitrine.PrivacyUnlisted {
		return vitrine.Invalid("privacy", "The album of a guest can be public or unlisted")
	}
	return nil
}

func (s *Service) findCover(ctx context.Context, a *vitrine.Album, c *albumChange) error {
	if c.Cover == nil || *c.Cover == "" {
		return nil
	}
	elsewhere := vitrine.Invalid("cover", "The cover must be a file of the album")
	slug, ok := vitrine.ParseSlug(*c.Cover)
	if !ok {
		return elsewhere
	}
	f, err := s.c.DB.FileBySlug(ctx, slug)
	if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && f.AlbumID != a.ID {
		return elsewhere
	}
	if err != nil {
		return fmt.Errorf("finding a cover: %w", err)
	}
	c.cover = f.ID
	return nil
}

// apply changes the album's values. A privacy of password without a password is
// good only where there is one already.
func (c *albumChange) apply(a *vitrine.Album) error {
	was := a.Privacy
	if c.Name != nil {
		a.Name = *c.Name
	}
	if c.Description != nil {
		a.Description = *c.Description
	}
	if c.Sort != nil {
		a.Sort = *c.Sort
	}
	if c.Cover != nil {
		a.CoverID = c.cover
	}
	if c.Privacy != nil {
		a.Privacy = *c.Privacy
	}
	switch {
	case a.Privacy != vitrine.PrivacyPassword:
		a.Pass = ""
	case c.hash != "":
		a.Pass = newPass()
	case was != vitrine.PrivacyPassword:
		return vitrine.Invalid("password", "An album with a password needs one: use 1 to %d characters", maxPassword)
	}
	return nil
}

// secret is the password hash that goes with a new pass; empty where there is no
// password any more.
func (c *albumChange) secret(before, a *vitrine.Album) (hash string, changed bool) {
	if a.Pass == before.Pass {
		return "", false
	}
	if a.Pass == "" {
		return "", true
	}
	return c.hash, true
}
