package catalog

import (
	"context"
	"crypto/rand"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

const (
	albumPage = 500
	slugTries = 5
)

// NewAlbum is what an album is made of.
type NewAlbum struct {
	OwnerID     int64
	Name        string          // 1 to 100 characters
	Description string          // at most 65,535 bytes
	Privacy     vitrine.Privacy // empty: that of Parent, or public
	Password    string          // for PrivacyPassword: 1 to 128 characters; empty: that of Parent, if it has one
	Parent      vitrine.Slug    // an album of the same owner; empty: top level
}

// CreateAlbum makes an album. It returns CodeInvalid with the field that is
// wrong, CodeStopWord, or CodeNotFound if the owner has no such parent.
func (s *Service) CreateAlbum(ctx context.Context, n NewAlbum) (*vitrine.Album, error) {
	if n.OwnerID == 0 {
		return nil, vitrine.Invalid("owner", "An album needs an owner")
	}
	d, err := s.newAlbum(ctx, n)
	if err != nil {
		return nil, err
	}
	if err := s.createAlbum(ctx, d, func(context.Context, *db.Tx) error { return nil }); err != nil {
		return nil, err
	}
	return d.album, nil
}

// albumDraft is an album that is not made yet.
type albumDraft struct {
	album *vitrine.Album
	hash  string // of its password; empty: none
	token []byte // SHA-256 of a guest's token; nil: none
}

// createAlbum makes the album with its secrets, and then does what else belongs to
// the same transaction.
func (s *Service) createAlbum(ctx context.Context, d *albumDraft, then func(context.Context, *db.Tx) error) error {
	var err error
	for range slugTries {
		err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			d.album.ID, d.album.Slug = 0, vitrine.NewSlug(func(b []byte) { _, _ = rand.Read(b) })
			if err := roomWithin(ctx, tx, d.album.ParentID); err != nil {
				return err
			}
			if err := tx.CreateAlbum(ctx, d.album); err != nil {
				return err
			}
			if d.hash != "" || d.token != nil {
				if err := tx.SetAlbumSecrets(ctx, d.album.ID, &d.hash, d.token); err != nil {
					return err
				}
			}
			return then(ctx, tx)
		})
		if !vitrine.Is(err, vitrine.CodeConflict) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("creating an album: %w", err)
	}
	return nil
}

// newAlbum checks what an album is made of.
func (s *Service) newAlbum(ctx context.Context, n NewAlbum) (*albumDraft, error) {
	name, err := vitrine.ParseAlbumName(vitrine.CleanLine(n.Name))
	if err != nil {
		return nil, err
	}
	text, err := parseDescription(n.Description)
	if err != nil {
		return nil, err
	}
	if err := s.c.Settings.Current().StopWords.Check(name, text); err != nil {
		return nil, err
	}
	d := &albumDraft{album: &vitrine.Album{
		OwnerID: n.OwnerID, Name: name, Description: text, Sort: vitrine.SortNewest, CreatedAt: s.c.Clock().UTC(),
	}}
	var parent *vitrine.Album
	if n.Parent != "" {
		parent, err = s.c.DB.AlbumBySlug(ctx, n.Parent)
		if err != nil {
			return nil, noAlbumOr(err, "finding the parent album")
		}
		if parent.OwnerID != n.OwnerID || n.OwnerID == 0 {
			return nil, noAlbum()
		}
		d.album.ParentID = parent.ID
	}
	return d, s.newPrivacy(ctx, d, n, parent)
}

// newPrivacy settles who may see the album. One with a password within one with a
// password has the same, where it is given none of its own.
func (s *Service) newPrivacy(ctx context.Context, d *albumDraft, n NewAlbum, parent *vitrine.Album) error {
	if n.Privacy == "" && parent != nil {
		n.Privacy = parent.Privacy
	}
	if n.Privacy == vitrine.PrivacyPassword && n.Password == "" && parent != nil && parent.Privacy == vitrine.PrivacyPassword {
		hash, _, err := s.c.DB.AlbumSecrets(ctx, parent.ID)
		if err != nil {
			return noAlbumOr(err, "reading the password of the parent album")
		}
		d.album.Privacy, d.album.Pass, d.hash = parent.Privacy, parent.Pass, hash
		return nil
	}
	privacy, err := vitrine.ParsePrivacy(string(n.Privacy))
	if err != nil {
		return err
	}
	if err := privacyFits(n.OwnerID, privacy); err != nil {
		return err
	}
	d.album.Privacy = privacy
	if privacy == vitrine.PrivacyPassword {
		if d.hash, err = s.hashAlbumPassword(ctx, n.Password); err != nil {
			return err
		}
		d.album.Pass = newPass()
	}
	return nil
}

// Albums are the albums of an owner, oldest first; of everybody for owner 0.
func (s *Service) Albums(ctx context.Context, ownerID int64) ([]vitrine.Album, error) {
	var all []vitrine.Album
	var after int64
	for {
		page, err := s.c.DB.Albums(ctx, ownerID, after, albumPage)
		if err != nil {
			return nil, fmt.Errorf("listing albums: %w", err)
		}
		all = append(all, page...)
		if len(page) < albumPage {
			return all, nil
		}
		after = page[len(page)-1].ID
	}
}
