package web

import (
	"net/http"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// coversOffered is how many of its newest files an album offers as its cover.
const coversOffered = 24

// albumEditPage is the form of an album that there is.
type albumEditPage struct {
	Layout layout
	Album  *albumHead
	Form   *albumForm
	Covers []albumCover
	Newest bool // the cover is the newest file, whichever that is
}

// albumCover is a file to choose as cover.
type albumCover struct {
	ID, Title string
	Thumb     medium
	Chosen    bool
}

// albumToChange finds an album that the visitor may change.
func (q *visit) albumToChange(slug vitrine.Slug) (*vitrine.Album, error) {
	if q.actor().Guest() {
		return nil, vitrine.Errorf(vitrine.CodeUnauthorized, "")
	}
	a, err := q.Catalog.Album(q.r.Context(), q.actor(), slug)
	if err != nil {
		return nil, err
	}
	if !q.actor().MayChange(a.OwnerID) {
		return nil, vitrine.Errorf(vitrine.CodeForbidden, "")
	}
	return a, nil
}

// albumEdit changes an album: GET asks, POST changes it.
func (q *visit) albumEdit(slug vitrine.Slug) error {
	if q.actor().Guest() && !q.wantsJSON() {
		return q.done(q.Links.SignIn(q.Links.Path(q.r.URL.RequestURI())), "")
	}
	a, err := q.albumToChange(slug)
	if err != nil {
		return err
	}
	if q.r.Method != http.MethodPost {
		return q.albumEditForm(http.StatusOK, a, *a, nil, nil)
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	asked := *a
	e := typed(&asked, form)
	changed, err := q.Catalog.EditAlbum(q.r.Context(), q.actor(), slug, e)
	if err != nil {
		return q.albumEditForm(http.StatusBadRequest, a, asked, e.Parent, err)
	}
	if q.wantsJSON() {
		return q.json(http.StatusOK, albumChoice{ID: string(changed.Slug), Name: changed.Name, Path: q.Links.AlbumPath(changed)})
	}
	return q.done(q.Links.AlbumPath(changed), "note.album_saved")
}

// albumEditForm shows the form of an album, filled with what was asked for, and
// what was wrong with that if something was.
func (q *visit) albumEditForm(status int, a *vitrine.Album, asked vitrine.Album, parent *string, wrong error) error {
	f, err := q.albumFormOf(&asked, parent)
	if err != nil {
		return err
	}
	if wrong != nil && (q.wantsJSON() || !q.refused(f, wrong)) {
		return wrong
	}
	p := &albumEditPage{Layout: q.layout(q.texts.T("album.edit.title")), Form: f, Newest: a.CoverID == 0}
	if p.Album, err = q.albumHead(a); err != nil {
		return err
	}
	if p.Covers, err = q.covers(a); err != nil {
		return err
	}
	p.Layout.NoIndex = true
	p.Layout.Entry = "settings"
	return q.render(status, "album_edit", p)
}

// covers are the newest files of an album, and its cover if that is another.
func (q *visit) covers(a *vitrine.Album) ([]albumCover, error) {
	page, err := q.Catalog.Files(q.r.Context(), catalog.FileQuery{Actor: q.actor(), Album: a.ID, Sort: vitrine.SortNewest, Limit: coversOffered})
	if err != nil {
		return nil, err
	}
	files, found := page.Files, a.CoverID == 0
	for i := range files {
		found = found || files[i].ID == a.CoverID
	}
	if !found {
		cover, err := q.Catalog.AlbumCover(q.r.Context(), q.actor(), a)
		if err != nil {
			return nil, err
		}
		if cover != nil {
			files = append([]vitrine.File{*cover}, files...)
		}
	}
	var list []albumCover
	for i := range files {
		f := &files[i]
		if !f.Thumb.Exists() {
			continue
		}
		list = append(list, albumCover{string(f.Slug), f.DisplayTitle(), q.variant(f, vitrine.Thumb), f.ID == a.CoverID})
	}
	return list, nil
}

// albumCover makes a file the cover of its album; none: the newest again.
func (q *visit) albumCover(slug vitrine.Slug) error {
	form, err := q.form()
	if err != nil {
		return err
	}
	if _, err := q.albumToChange(slug); err != nil {
		return err
	}
	cover := form.Get("file")
	a, err := q.Catalog.EditAlbum(q.r.Context(), q.actor(), slug, catalog.AlbumEdit{Cover: &cover})
	if err != nil {
		return err
	}
	if q.wantsJSON() {
		return q.json(http.StatusOK, struct{}{})
	}
	return q.done(q.Links.AlbumPath(a), "note.album_cover")
}
