package web

import (
	"net/http"
	"net/url"
	"strings"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// albumMade is what a script is told of an album that its files went into.
type albumMade struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	URL   string `json:"url"`
	Token string `json:"token,omitempty"` // claims a guest's album
}

// albumOf puts files that were just uploaded into an album: into the one that
// the form names, or into a new one. Guests show their delete tokens.
func (q *visit) albumOf() error {
	form, err := q.form()
	if err != nil {
		return err
	}
	var a *vitrine.Album
	var token string
	note := "note.upload_album"
	switch slug := form.Get("album"); {
	case q.actor().Guest():
		a, token, err = q.guestAlbum(form)
	case slug != "":
		note = "note.upload_added"
		a, err = q.fillAlbum(form, func() (*vitrine.Album, error) { return q.ownAlbum(slug) })
	default:
		a, err = q.fillAlbum(form, func() (*vitrine.Album, error) { return q.newAlbum(form) })
	}
	if err != nil {
		return err
	}
	if q.wantsJSON() {
		return q.json(http.StatusOK, albumMade{string(a.Slug), a.Name, q.Links.Album(a), token})
	}
	return q.done(q.Links.AlbumPath(a), note)
}

// fillAlbum puts files of the actor into the album that find gives.
func (q *visit) fillAlbum(form url.Values, find func() (*vitrine.Album, error)) (*vitrine.Album, error) {
	slugs := slugsOf(form["id"])
	if len(slugs) == 0 {
		return nil, vitrine.Invalid("files", "No files were named")
	}
	a, err := find()
	if err != nil {
		return nil, err
	}
	album := string(a.Slug)
	_, err = q.Catalog.EditFiles(q.r.Context(), q.actor(), slugs, catalog.FilesEdit{Album: &album})
	return a, err
}

// ownAlbum finds an album of the actor.
func (q *visit) ownAlbum(slug string) (*vitrine.Album, error) {
	id, ok := vitrine.ParseSlug(slug)
	if !ok {
		return nil, vitrine.NotFound("album")
	}
	a, err := q.Catalog.Album(q.r.Context(), q.actor(), id)
	if err == nil && !q.actor().Owns(a.OwnerID) {
		return nil, vitrine.NotFound("album")
	}
	return a, err
}

// newAlbum makes an album of the actor.
func (q *visit) newAlbum(form url.Values) (*vitrine.Album, error) {
	return q.Catalog.CreateAlbum(q.r.Context(), catalog.NewAlbum{
		OwnerID: q.actor().UserID(), Name: form.Get("name"),
		Privacy: vitrine.Privacy(form.Get("privacy")), Password: form.Get("password"),
	})
}

// guestAlbum makes an album of files whose tokens the guest has.
func (q *visit) guestAlbum(form url.Values) (a *vitrine.Album, token string, err error) {
	if err := q.actor().MayMakeAlbums(q.settings); err != nil {
		return nil, "", err
	}
	proofs := proofsOf(form["proof"])
	if len(proofs) == 0 {
		return nil, "", vitrine.Invalid("files", "No files were named")
	}
	return q.Catalog.CreateGuestAlbum(q.r.Context(), q.actor(), catalog.NewAlbum{
		Name: form.Get("name"), Privacy: vitrine.Privacy(form.Get("privacy")),
	}, proofs)
}

// claim gives a user what this browser uploaded before signing in.
func (q *visit) claim() error {
	form, err := q.form()
	if err != nil {
		return err
	}
	if q.actor().Guest() {
		return vitrine.Errorf(vitrine.CodeUnauthorized, "Sign in first")
	}
	n, err := q.Catalog.Claim(q.r.Context(), q.actor(), proofsOf(form["proof"]), proofsOf(form["album_proof"]))
	if err != nil {
		return err
	}
	if q.wantsJSON() {
		return q.json(http.StatusOK, struct {
			Claimed int `json:"claimed"`
		}{n})
	}
	return q.done(q.Links.Path("/upload"), "note.upload_claimed")
}

// slugsOf are those of the texts that are slugs.
func slugsOf(texts []string) []vitrine.Slug {
	var slugs []vitrine.Slug
	for _, text := range texts {
		if slug, ok := vitrine.ParseSlug(text); ok {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

// proofsOf reads what forms carry as "<slug>:<token>".
func proofsOf(texts []string) []catalog.Proof {
	var proofs []catalog.Proof
	for _, text := range texts {
		id, token, _ := strings.Cut(text, ":")
		if slug, ok := vitrine.ParseSlug(id); ok && token != "" {
			proofs = append(proofs, catalog.Proof{Slug: slug, Token: token})
		}
	}
	return proofs
}
