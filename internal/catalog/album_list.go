package catalog

import (
	"context"
	"fmt"
	"slices"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// AlbumQuery asks for one page of a list of albums, newest first: those of an
// owner, those within another, those that a search finds, or everybody's.
type AlbumQuery struct {
	Actor  vitrine.Actor
	Owner  int64
	Parent int64  // albums within this one, which the actor must have got from Album
	Top    bool   // with Owner: without those that stand in another
	Search string // in name and description
	After  string // AlbumPage.Next
	Limit  int    // 1 to 500; 0: 48
}

// AlbumCard is an album as lists show it.
type AlbumCard struct {
	vitrine.Album
	Cover *vitrine.File // nil: empty
}

// AlbumPage is a part of a list.
type AlbumPage struct {
	Albums []AlbumCard
	Next   string // empty: this is the last
}

const (
	defaultAlbums = 48
	mostAlbums    = 500
)

// AlbumList lists the albums that the actor may see listed: public ones, and of
// their own all. Within an album that is not public, those that open to whoever
// has come so far are listed too: unlisted ones, and those whose password was
// given.
func (s *Service) AlbumList(ctx context.Context, q AlbumQuery) (*AlbumPage, error) {
	l := db.AlbumList{
		Owner: q.Owner, Parent: q.Parent, Top: q.Top, Search: searchText(q.Search),
		Before: parseIDCursor(q.After), Limit: pageSize(q.Limit, defaultAlbums, mostAlbums),
		Listed: !q.Actor.Admin() && !q.Actor.Owns(q.Owner) || q.Owner == 0,
	}
	within := vitrine.PrivacyPublic
	if q.Parent != 0 {
		parent, err := s.c.DB.Album(ctx, q.Parent)
		if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && !q.Actor.MaySee(parent.Privacy, parent.OwnerID, parent.Pass) {
			return &AlbumPage{}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("finding an album: %w", err)
		}
		within, l.Listed = parent.Privacy, false
	}
	page, want := &AlbumPage{}, l.Limit
	for range refills {
		rows, next, err := s.c.DB.AlbumList(ctx, l)
		if err != nil {
			return nil, fmt.Errorf("listing albums: %w", err)
		}
		for _, r := range rows {
			if showsWithin(q.Actor, within, &r.Album) {
				page.Albums = append(page.Albums, s.card(q.Actor, r))
			}
		}
		page.Next = idCursor(next)
		short := len(rows) < l.Limit // a search that took too long
		if l.Limit = want - len(page.Albums); next == 0 || l.Limit <= 0 || short {
			break
		}
		l.Before = next
	}
	return page, nil
}

// showsWithin reports whether an actor who looks at something of the privacy
// "within" is shown the album: what is public, what is open to them by who they are
// or what they know, and unlisted ones only where the way there is not public either.
func showsWithin(actor vitrine.Actor, within vitrine.Privacy, a *vitrine.Album) bool {
	if a.Privacy == vitrine.PrivacyUnlisted {
		return within != vitrine.PrivacyPublic || actor.Owns(a.OwnerID) || actor.Admin()
	}
	return actor.MaySee(a.Privacy, a.OwnerID, a.Pass)
}

func (s *Service) card(actor vitrine.Actor, r db.AlbumRow) AlbumCard {
	c := AlbumCard{Album: r.Album}
	if r.Cover != nil && r.Cover.AlbumID == r.ID && s.visible(actor, r.Cover) {
		c.Cover = r.Cover
	}
	return c
}

// Album finds an album by its slug. CodeNotFound for what the actor may not know
// of; the album's name and address, and CodePassword, for one whose password must
// be given first.
func (s *Service) Album(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) (*vitrine.Album, error) {
	a, err := s.c.DB.AlbumBySlug(ctx, slug)
	return seenAlbum(actor, a, err)
}

// AlbumByID is Album for a file's AlbumID.
func (s *Service) AlbumByID(ctx context.Context, actor vitrine.Actor, id int64) (*vitrine.Album, error) {
	if id == 0 {
		return nil, noAlbum()
	}
	a, err := s.c.DB.Album(ctx, id)
	return seenAlbum(actor, a, err)
}

// seenAlbum is what the actor gets of what was found.
func seenAlbum(actor vitrine.Actor, a *vitrine.Album, err error) (*vitrine.Album, error) {
	switch {
	case vitrine.Is(err, vitrine.CodeNotFound):
		return nil, noAlbum()
	case err != nil:
		return nil, fmt.Errorf("finding an album: %w", err)
	case actor.MaySee(a.Privacy, a.OwnerID, a.Pass):
		return a, nil
	case a.Privacy != vitrine.PrivacyPassword:
		return nil, noAlbum()
	}
	door := &vitrine.Album{ID: a.ID, Slug: a.Slug, OwnerID: a.OwnerID, Name: a.Name, Privacy: a.Privacy}
	return door, vitrine.Errorf(vitrine.CodePassword, "This album needs a password")
}

// noAlbum is the one answer for everything that is not there for the actor.
func noAlbum() error { return vitrine.NotFound("album") }

// AlbumPath are the albums that an album stands in, outermost first, without
// itself. Those that the actor may not see are left out, and so are unlisted ones
// of others: knowing an album does not tell the address of what it stands in.
func (s *Service) AlbumPath(ctx context.Context, actor vitrine.Actor, a *vitrine.Album) ([]vitrine.Album, error) {
	var path []vitrine.Album
	for id, depth := a.ParentID, 0; id != 0 && depth < maxDepth; depth++ {
		parent, err := s.c.DB.Album(ctx, id)
		if vitrine.Is(err, vitrine.CodeNotFound) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("finding the parent of an album: %w", err)
		}
		if showsWithin(actor, vitrine.PrivacyPublic, parent) {
			path = append(path, *parent)
		}
		id = parent.ParentID
	}
	slices.Reverse(path)
	return path, nil
}
