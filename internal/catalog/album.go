package catalog

import (
	"context"
	"crypto/rand"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

const (
	albumPage           = 500
	slugTries           = 5
	maxAlbumDescription = 65535 // bytes
)

// NewAlbum is what an album is made of.
type NewAlbum struct {
	OwnerID     int64
	Name        string          // 1 to 100 characters
	Description string          // at most 65,535 bytes
	Privacy     vitrine.Privacy // empty: that of Parent, or public
	Password    string          // for PrivacyPassword: 1 to 128 characters
	Parent      vitrine.Slug    // an album of the same owner; empty: top level
}

// CreateAlbum makes an album. It returns CodeInvalid with the field that is
// wrong, CodeStopWord, or CodeNotFound if the owner has no such parent.
func (s *Service) CreateAlbum(ctx context.Context, n NewAlbum) (*vitrine.Album, error) {
	a, err := s.newAlbum(ctx, n)
	if err != nil {
		return nil, err
	}
	for range slugTries {
		a.ID, a.Slug = 0, vitrine.NewSlug(func(b []byte) { _, _ = rand.Read(b) })
		err = s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) })
		if !vitrine.Is(err, vitrine.CodeConflict) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("creating an album: %w", err)
	}
	return a, nil
}

func (s *Service) newAlbum(ctx context.Context, n NewAlbum) (*vitrine.Album, error) {
	name, err := vitrine.ParseAlbumName(n.Name)
	if err != nil {
		return nil, err
	}
	privacy, err := vitrine.ParsePrivacy(string(n.Privacy))
	if err != nil {
		return nil, err
	}
	if len(n.Description) > maxAlbumDescription {
		return nil, vitrine.Invalid("description", "Invalid description: use at most %d bytes", maxAlbumDescription)
	}
	if n.OwnerID == 0 {
		return nil, vitrine.Invalid("owner", "An album needs an owner")
	}
	if err := s.c.Settings.Current().StopWords.Check(name, n.Description); err != nil {
		return nil, err
	}
	a := &vitrine.Album{OwnerID: n.OwnerID, Name: name, Description: n.Description, Privacy: privacy, CreatedAt: s.c.Clock().UTC()}
	if n.Parent == "" {
		return a, nil
	}
	parent, err := s.c.DB.AlbumBySlug(ctx, n.Parent)
	switch {
	case vitrine.Is(err, vitrine.CodeNotFound), err == nil && parent.OwnerID != n.OwnerID:
		return nil, vitrine.NotFound("album")
	case err != nil:
		return nil, fmt.Errorf("finding the parent album: %w", err)
	}
	a.ParentID = parent.ID
	return a, nil
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
