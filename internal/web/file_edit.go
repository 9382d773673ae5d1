package web

import (
	"net/http"
	"net/url"
	"strings"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// fileEditPage is the form that changes what is said about a file.
type fileEditPage struct {
	Layout   layout
	Heading  string
	Thumb    *medium
	Back     string // path of the file's page
	Delete   string
	Complete string // path at which scripts ask for tags
	Form     *fileForm
}

// fileForm holds what the fields begin with.
type fileForm struct {
	Title, Description, Alt, Tags string
	NSFW                          bool
	Albums                        []formChoice // the first is none; nil: no choice
	Categories                    []formChoice // as Albums
	Expirations                   []formChoice
	Field                         string // which one was wrong; empty: none
	Wrong                         string // and why
}

// keepExpiration is the choice that leaves the expiry of a file as it is.
const keepExpiration = "keep"

// fileEdit changes what is said about a file: GET asks, POST does it.
func (q *visit) fileEdit(segment string) error {
	return q.changeFile(segment, func(f *vitrine.File) error {
		if q.r.Method != http.MethodPost {
			return q.fileEditForm(http.StatusOK, f, fileValues(f), nil)
		}
		form, err := q.form()
		if err != nil {
			return err
		}
		e, err := q.fileChange(form)
		var changed *vitrine.File
		if err == nil {
			changed, err = q.Catalog.EditFile(q.r.Context(), q.actor(), f.Slug, e)
		}
		switch {
		case err == nil && q.wantsJSON():
			return q.json(http.StatusOK, struct{}{})
		case err == nil:
			return q.done(q.Links.ViewerPath(changed), "note.file_saved")
		case q.wantsJSON():
			return err
		}
		return q.fileEditForm(http.StatusBadRequest, f, form, err)
	})
}

// fileValues are the fields of a form about a file, except for its choices.
func fileValues(f *vitrine.File) url.Values {
	names := make([]string, len(f.Tags))
	for i, t := range f.Tags {
		names[i] = t.Name
	}
	v := url.Values{"title": {f.Title}, "description": {f.Description}, "alt": {f.Alt}, "tags": {strings.Join(names, ", ")}}
	if f.NSFW {
		v.Set("nsfw", "1")
	}
	return v
}

// fileChange reads the form. Fields that it has not stay as they are, but for
// the box, which browsers send only if it is ticked.
func (q *visit) fileChange(form url.Values) (e catalog.FileEdit, err error) {
	value := func(name string) *string {
		if !form.Has(name) {
			return nil
		}
		v := strings.ReplaceAll(form.Get(name), "\r\n", "\n")
		return &v
	}
	e.Title, e.Description, e.Alt, e.Tags = value("title"), value("description"), value("alt"), value("tags")
	e.Album, e.Category = value("album"), value("category")
	nsfw := form.Get("nsfw") == "1"
	e.NSFW = &nsfw
	if x := value("expiration"); x != nil && *x != keepExpiration {
		expiration, err := vitrine.ParseExpiration(*x, q.Clock())
		if err != nil {
			return e, err
		}
		e.Expiration = &expiration
	}
	return e, nil
}

// fileEditForm shows the form with the values given, and what was wrong with
// them if something was.
func (q *visit) fileEditForm(status int, f *vitrine.File, values url.Values, wrong error) error {
	form := &fileForm{
		Title: values.Get("title"), Description: values.Get("description"), Alt: values.Get("alt"),
		Tags: values.Get("tags"), NSFW: values.Get("nsfw") == "1", Expirations: q.fileExpirations(f, values.Get("expiration")),
	}
	if wrong != nil {
		e, ok := errorOf(wrong)
		if !ok || e.Code != vitrine.CodeInvalid && e.Code != vitrine.CodeStopWord {
			return wrong
		}
		form.Field, form.Wrong = e.Field, q.explain(e)
	}
	if err := q.filePlaces(f, values, form); err != nil {
		return err
	}
	p := &fileEditPage{
		Layout: q.layout(q.texts.T("file.edit_title")), Heading: f.DisplayTitle(), Form: form,
		Back: q.Links.ViewerPath(f), Delete: q.Links.ShortPath(f) + "/delete", Complete: q.Links.Path("/-/tags"),
	}
	if f.Thumb.Exists() {
		thumb := q.variant(f, vitrine.Thumb)
		p.Thumb = &thumb
	}
	p.Layout.NoIndex = true
	p.Layout.Entry = "viewer"
	return q.render(status, "file_edit", p)
}

// filePlaces fills in the albums and categories to choose from. Names of albums
// may be secrets: a manager does not see others'.
func (q *visit) filePlaces(f *vitrine.File, values url.Values, form *fileForm) error {
	chosen := func(field, value string, now bool) bool {
		if values.Has(field) {
			return values.Get(field) == value
		}
		return now
	}
	if f.OwnerID != 0 && (q.actor().Owns(f.OwnerID) || q.actor().Admin()) {
		albums, err := q.albumsToChoose(q.r.Context(), f.OwnerID)
		if err != nil {
			return err
		}
		if len(albums) > 0 {
			form.Albums = []formChoice{{Label: q.texts.T("file.no_album"), Chosen: chosen("album", "", f.AlbumID == 0)}}
		}
		for _, a := range albums {
			form.Albums = append(form.Albums, formChoice{a.ID, a.Name, chosen("album", a.ID, a.album.ID == f.AlbumID)})
		}
	}
	categories, err := q.Catalog.Categories(q.r.Context())
	if err != nil {
		return err
	}
	if len(categories) > 0 {
		form.Categories = []formChoice{{Label: q.texts.T("file.no_category"), Chosen: chosen("category", "", f.CategoryID == 0)}}
	}
	for _, c := range categories {
		form.Categories = append(form.Categories, formChoice{c.URLKey, c.Name, chosen("category", c.URLKey, c.ID == f.CategoryID)})
	}
	return nil
}

// fileExpirations are the spans to choose from, counted from now; nil: no choice.
func (q *visit) fileExpirations(f *vitrine.File, chosen string) []formChoice {
	never := q.texts.T("file.never")
	list := []formChoice{{"", never, chosen == ""}}
	if !f.ExpiresAt.IsZero() {
		if chosen == "" {
			chosen = keepExpiration
		}
		list = []formChoice{
			{keepExpiration, q.texts.T("file.expires_as_now", "Date", q.when(f.ExpiresAt)), chosen == keepExpiration},
			{"0", never, chosen == "0"},
		}
	}
	if !q.settings.ExpirableUploads {
		if len(list) == 1 {
			return nil
		}
		return list
	}
	for _, e := range expirations {
		list = append(list, formChoice{e, q.texts.T("upload.expires_in", "Span", q.span(e)), chosen == e})
	}
	return list
}
