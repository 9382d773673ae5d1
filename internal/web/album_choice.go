package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"vitrine/internal/vitrine"
)

// maxAlbumChoices is how many albums a picker offers: the newest of them.
const maxAlbumChoices = 500

// albumChoice is an album to choose.
type albumChoice struct {
	ID   string `json:"id"`
	Name string `json:"name"` // with the albums that it stands in
	Path string `json:"path"` // of its page

	album vitrine.Album
	above []int64 // ids of the albums that it stands in
}

// albumChoices tells our scripts the visitor's albums.
func (q *visit) albumChoices() error {
	list := []albumChoice{}
	if !q.actor().Guest() {
		var err error
		if list, err = q.albumsToChoose(q.r.Context(), q.actor().UserID()); err != nil {
			return err
		}
	}
	return q.json(200, list)
}

// albumsToChoose are a user's albums, by the path of their names.
func (q *visit) albumsToChoose(ctx context.Context, ownerID int64) ([]albumChoice, error) {
	all, err := q.Catalog.Albums(ctx, ownerID)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*vitrine.Album, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	all = all[max(0, len(all)-maxAlbumChoices):]
	list := make([]albumChoice, len(all))
	keys := make(map[string]string, len(all))
	for i := range all {
		a := all[i]
		c := albumChoice{ID: string(a.Slug), Name: a.Name, Path: q.Links.AlbumPath(&a), album: a}
		for p := byID[a.ParentID]; p != nil && !slices.Contains(c.above, p.ID) && p.ID != a.ID; p = byID[p.ParentID] {
			c.Name = p.Name + " / " + c.Name
			c.above = append(c.above, p.ID)
		}
		list[i], keys[c.ID] = c, strings.ToLower(c.Name)
	}
	slices.SortFunc(list, func(a, b albumChoice) int {
		return cmp.Or(strings.Compare(keys[a.ID], keys[b.ID]), cmp.Compare(a.album.ID, b.album.ID))
	})
	return list, nil
}
