package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// albumForm is the form of an album, new or not, as the partial "album_fields"
// shows it.
type albumForm struct {
	Name, Description string
	Privacies         []albumPrivacyChoice
	HasPassword       bool // an empty one keeps it
	Shares            bool // an empty one is that of the album in which it begins to stand
	Sorts             []formChoice
	Parents           []formChoice // the first is none; nil: no choice
	Field             string       // which one was wrong; empty: none
	Wrong             string       // and why
}

// albumPrivacyChoice is a level of privacy to choose.
type albumPrivacyChoice struct {
	albumPrivacy
	Chosen bool
}

// formChoice is an option of a field.
type formChoice struct {
	Value, Label string
	Chosen       bool
}

// albumFormOf shows an album in a form. parent is the slug of the album in which
// it is to stand, nil for the one in which it stands.
func (q *visit) albumFormOf(a *vitrine.Album, parent *string) (*albumForm, error) {
	f := &albumForm{Name: a.Name, Description: a.Description, HasPassword: a.Pass != ""}
	for _, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPrivate, vitrine.PrivacyPassword} {
		f.Privacies = append(f.Privacies, albumPrivacyChoice{q.albumPrivacy(p), p == a.Privacy})
	}
	for _, s := range usualSorts {
		f.Sorts = append(f.Sorts, formChoice{string(s), q.texts.T(sortNames[s]), s == albumSort(a)})
	}
	// Names of albums may be secrets: a manager does not move others' albums.
	if !q.actor().Owns(a.OwnerID) && !(q.actor().Admin() && a.OwnerID != 0) {
		return f, nil
	}
	all, err := q.albumsToChoose(q.r.Context(), a.OwnerID)
	if err != nil {
		return nil, err
	}
	f.Parents = []formChoice{{Label: q.texts.T("album.form.top")}}
	for i := range all {
		c := &all[i]
		if a.ID != 0 && (c.album.ID == a.ID || slices.Contains(c.above, a.ID)) {
			continue // no circles
		}
		chosen := parent == nil && c.album.ID == a.ParentID || parent != nil && c.ID == *parent
		f.Parents = append(f.Parents, formChoice{c.ID, c.Name, chosen})
	}
	return f, nil
}

// typed reads the fields of an album's form: what is not among them stays as it
// is. It also puts them into the album, so that a form that was refused comes
// back as it was sent.
func typed(a *vitrine.Album, form url.Values) (e catalog.AlbumEdit) {
	value := func(name string) *string {
		if !form.Has(name) {
			return nil
		}
		v := form.Get(name)
		return &v
	}
	if e.Name = value("name"); e.Name != nil {
		a.Name = *e.Name
	}
	if e.Description = value("description"); e.Description != nil {
		a.Description = strings.ReplaceAll(*e.Description, "\r\n", "\n")
		e.Description = &a.Description
	}
	if v := value("privacy"); v != nil {
		a.Privacy = vitrine.Privacy(*v)
		e.Privacy = &a.Privacy
	}
	if v := value("sort"); v != nil {
		a.Sort = vitrine.ParseSort(*v, vitrine.SortNewest)
		e.Sort = &a.Sort
	}
	if e.Password = value("password"); e.Password != nil && *e.Password == "" {
		e.Password = nil // keeps the one that there is
	}
	e.Parent, e.Cover = value("parent"), value("cover")
	return e
}

// albumWrong begins the keys of what is said about a field.
const albumWrong = "album.wrong"

// refused says in a form what was wrong with it, and reports whether the error is
// one that the visitor can mend there.
func (q *visit) refused(f *albumForm, err error) bool {
	e, ok := errorOf(err)
	if !ok || e.Code != vitrine.CodeInvalid && e.Code != vitrine.CodeStopWord {
		return false
	}
	f.Field, f.Wrong = e.Field, q.texts.T(albumWrong+"."+e.Field)
	if f.Wrong == albumWrong+"."+e.Field {
		f.Wrong = q.explain(e)
	}
	return true
}

// errorOf is the domain's error in a chain.
func errorOf(err error) (*vitrine.Error, bool) { return errors.AsType[*vitrine.Error](err) }
