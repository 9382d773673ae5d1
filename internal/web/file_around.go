package web

import (
	"vitrine/internal/vitrine"
)

// around is where a file stands: its album, its neighbours there, whose it is.
type around struct {
	Album      *crumb  // nil: none, or not for the visitor
	Above      []crumb // the albums that Album stands in, the outermost first, and Album; nil: it stands alone
	Prev, Next *neighbour
	Owner      *crumb // nil: a guest's, or somebody's who does not want to be shown
	Category   *crumb

	owner *vitrine.User // as Owner; admins see everybody
}

// neighbour leads to the file before or after one in its album.
type neighbour struct {
	Path, Title string
	Picture     string // to be loaded in advance; empty: none
}

func (q *visit) around(f *vitrine.File) (*around, error) {
	a := &around{}
	for _, step := range []func(*vitrine.File, *around) error{q.fileAlbum, q.fileOwner, q.fileCategory} {
		if err := step(f, a); err != nil && !vitrine.Is(err, vitrine.CodeNotFound) && !vitrine.Is(err, vitrine.CodePassword) {
			return nil, err
		}
	}
	return a, nil
}

func (q *visit) fileAlbum(f *vitrine.File, a *around) error {
	if f.AlbumID == 0 {
		return nil
	}
	ctx := q.r.Context()
	album, err := q.Catalog.AlbumByID(ctx, q.actor(), f.AlbumID)
	if err != nil {
		return err
	}
	above, err := q.Catalog.AlbumPath(ctx, q.actor(), album)
	if err != nil {
		return err
	}
	a.Album = &crumb{album.Name, q.Links.AlbumPath(album)}
	for i := range above {
		a.Above = append(a.Above, crumb{above[i].Name, q.Links.AlbumPath(&above[i])})
	}
	if a.Above != nil {
		a.Above = append(a.Above, *a.Album)
	}
	prev, next, err := q.Catalog.Neighbours(ctx, q.actor(), f)
	a.Prev, a.Next = q.neighbour(prev), q.neighbour(next)
	return err
}

func (q *visit) neighbour(f *vitrine.File) *neighbour {
	if f == nil {
		return nil
	}
	n := &neighbour{Path: q.Links.ViewerPath(f), Title: f.DisplayTitle()}
	switch {
	case f.NSFW && !q.showsNSFW():
	case f.Kind() == vitrine.KindVideo:
		n.Picture = q.poster(f).URL
	case f.Medium.Exists():
		n.Picture = q.Links.Variant(f, vitrine.Medium)
	}
	return n
}

func (q *visit) fileOwner(f *vitrine.File, a *around) error {
	if f.OwnerID == 0 {
		return nil
	}
	u, err := q.Account.UserByID(q.r.Context(), f.OwnerID)
	if err != nil {
		return err
	}
	if u.Private && !q.actor().Owns(u.ID) && !q.actor().Admin() {
		return nil
	}
	a.Owner, a.owner = &crumb{u.DisplayName(), q.Links.Profile(u.Username)}, u
	return nil
}

func (q *visit) fileCategory(f *vitrine.File, a *around) error {
	if f.CategoryID == 0 {
		return nil
	}
	c, err := q.Catalog.CategoryByID(q.r.Context(), f.CategoryID)
	if err != nil {
		return err
	}
	a.Category = &crumb{c.Name, q.Links.Category(c.URLKey)}
	return nil
}
