package web

import (
	"net/http"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// albumNewPage is the form of a new album.
type albumNewPage struct {
	Layout layout
	Form   *albumForm
	Back   string // where those lead who do not want one
}

// albumNew makes an album: GET asks, POST makes it. "parent" in the query is the
// album in which it begins to stand.
func (q *visit) albumNew() error {
	if q.actor().Guest() {
		return q.done(q.Links.SignIn(q.Links.Path(q.r.URL.RequestURI())), "")
	}
	owner := q.actor().User
	a := &vitrine.Album{OwnerID: owner.ID, Privacy: vitrine.PrivacyPublic}
	parent, back, shares := q.r.URL.Query().Get("parent"), q.albumsOf(owner), false
	if slug, ok := vitrine.ParseSlug(parent); ok {
		in, err := q.Catalog.Album(q.r.Context(), q.actor(), slug)
		if err != nil {
			return err
		}
		if !q.actor().Owns(in.OwnerID) {
			return vitrine.Errorf(vitrine.CodeForbidden, "")
		}
		a.Privacy, back, shares = in.Privacy, q.Links.AlbumPath(in), in.Privacy == vitrine.PrivacyPassword
	}
	if q.r.Method != http.MethodPost {
		return q.albumNewForm(http.StatusOK, a, &parent, back, shares, nil)
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	e := typed(a, form)
	if e.Parent == nil {
		e.Parent = &parent
	}
	made, err := q.Catalog.CreateAlbum(q.r.Context(), catalog.NewAlbum{
		OwnerID: owner.ID, Name: a.Name, Description: a.Description, Privacy: a.Privacy,
		Password: form.Get("password"), Parent: vitrine.Slug(*e.Parent),
	})
	if err == nil && albumSort(a) != vitrine.SortNewest {
		made, err = q.Catalog.EditAlbum(q.r.Context(), q.actor(), made.Slug, catalog.AlbumEdit{Sort: e.Sort})
	}
	if err != nil {
		return q.albumNewForm(http.StatusBadRequest, a, e.Parent, back, shares, err)
	}
	if q.wantsJSON() {
		return q.json(http.StatusOK, albumChoice{ID: string(made.Slug), Name: made.Name, Path: q.Links.AlbumPath(made)})
	}
	return q.done(q.Links.AlbumPath(made), "note.album_made")
}

// albumNewForm shows the form, with what was wrong if something was. shares: an
// empty password is that of the album in which it begins to stand.
func (q *visit) albumNewForm(status int, a *vitrine.Album, parent *string, back string, shares bool, wrong error) error {
	f, err := q.albumFormOf(a, parent)
	if err != nil {
		return err
	}
	if wrong != nil && (q.wantsJSON() || !q.refused(f, wrong)) {
		return wrong
	}
	f.Shares = shares
	p := &albumNewPage{Layout: q.layout(q.texts.T("album.new.title")), Form: f, Back: back}
	p.Layout.NoIndex = true
	p.Layout.Entry = "settings"
	return q.render(status, "album_new", p)
}
