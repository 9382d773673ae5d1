package web

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// albumDeletePage asks whether to delete an album, and whether its files go too.
type albumDeletePage struct {
	Layout layout
	Album  *albumHead
	Files  string // "3 files"; empty: there are none
	Closed bool   // not public: its files cannot stay without becoming so
}

// albumDelete deletes an album: GET asks, POST does it.
func (q *visit) albumDelete(slug vitrine.Slug) error {
	if q.actor().Guest() && !q.wantsJSON() {
		return q.done(q.Links.SignIn(q.Links.Path(q.r.URL.RequestURI())), "")
	}
	a, err := q.albumToChange(slug)
	if err != nil {
		return err
	}
	if q.r.Method != http.MethodPost {
		p := &albumDeletePage{Layout: q.layout(q.texts.T("album.delete.title"))}
		if p.Album, err = q.albumHead(a); err != nil {
			return err
		}
		if a.FileCount > 0 {
			p.Files = q.texts.N("album.delete.files", int(a.FileCount))
			p.Closed = a.Privacy != vitrine.PrivacyPublic
		}
		p.Layout.NoIndex = true
		return q.render(http.StatusOK, "album_delete", p)
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	next, err := q.albumAround(a)
	if err != nil {
		return err
	}
	note := "note.album_deleted"
	withFiles := form.Get("files") == "delete"
	if withFiles {
		note = "note.album_deleted_files"
	}
	if err := q.Catalog.DeleteAlbum(q.r.Context(), q.actor(), slug, withFiles); err != nil {
		return err
	}
	if q.wantsJSON() {
		return q.json(http.StatusOK, struct{}{})
	}
	return q.done(next, note)
}

// albumAround is where a visitor goes when an album is gone: to the album in
// which it stood, or to its owner's albums.
func (q *visit) albumAround(a *vitrine.Album) (string, error) {
	h := &albumHead{}
	if err := q.albumOwner(a, h); err != nil {
		return "", err
	}
	parents, err := q.Catalog.AlbumPath(q.r.Context(), q.actor(), a)
	switch {
	case err != nil:
		return "", err
	case len(parents) > 0:
		return q.Links.AlbumPath(&parents[len(parents)-1]), nil
	case len(h.Crumbs) > 0:
		return h.Crumbs[0].Path, nil
	}
	return q.Links.Path("/"), nil
}
