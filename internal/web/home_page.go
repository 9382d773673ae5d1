package web

import (
	"errors"
	"net/http"

	"vitrine/internal/vitrine"
)

// homePage is where files are handed in: the home page, and "/upload".
type homePage struct {
	Layout layout
	Lead   string // the site about itself; empty: nothing
	Guest  bool
	SignIn string // path
	Denied string // why the visitor may not upload; empty: they may
	Upload uploadOptions
	// The fields of options: for all files of the queue, and for one of them.
	All, One uploadFields
}

// uploadFields are fields of options. Their ids begin with ID.
type uploadFields struct {
	ID      string
	Options *uploadOptions
}

func (q *visit) home() error {
	p := &homePage{
		Layout: q.layout(""), Lead: q.settings.SiteDescription, Guest: q.actor().Guest(),
		SignIn: q.Links.SignIn(q.Links.Path("/upload")),
	}
	p.Layout.Description = q.settings.SiteDescription
	p.Layout.Canonical = q.Links.Home()
	p.Layout.Feed = q.Links.Feed(q.Links.Path("/"))
	p.Layout.Entry = "upload"
	if err := q.actor().MayUpload(q.settings); err != nil {
		e, _ := errors.AsType[*vitrine.Error](err) // its refusals are all of this kind
		p.Denied = q.explain(e)
	} else if p.Upload, err = q.uploadOptions(); err != nil {
		return err
	}
	p.All, p.One = uploadFields{"all", &p.Upload}, uploadFields{"one", &p.Upload}
	return q.render(http.StatusOK, "home", p)
}
