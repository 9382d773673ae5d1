package web

import (
	"net/http"
	"strings"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

// deletePage asks whether to delete, or says that it was done.
type deletePage struct {
	Layout  layout
	Done    bool
	Heading string
	Thumb   *medium
	Keep    string // path of the file's page
}

// deletePage serves a delete link. GET asks and POST deletes; with the setting
// "instant" GET deletes, as some clients expect, but never HEAD or a browser
// that only looks ahead. The address is a secret: it is told to nobody.
func (q *visit) deletePage(segment, token string) error {
	h := q.w.Header()
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "no-store")
	slug, token := links.SlugOf(segment), strings.TrimSuffix(token, "/")
	instant := q.settings.DeleteURLMode == vitrine.DeleteInstant && q.r.Method == http.MethodGet && !lookingAhead(q.r)
	if q.r.Method != http.MethodPost && !instant {
		f, err := q.Catalog.CheckToken(q.r.Context(), slug, token)
		if err != nil {
			return err
		}
		return q.askToDelete(f)
	}
	if q.r.Method == http.MethodPost {
		if err := q.sameOrigin(); err != nil {
			return err
		}
	}
	if _, err := q.Catalog.DeleteByToken(q.r.Context(), slug, token); err != nil {
		return err
	}
	p := &deletePage{Layout: q.layout(q.texts.T("delete.done")), Done: true}
	p.Layout.NoIndex = true
	return q.render(http.StatusOK, "delete", p)
}

// askToDelete asks, with the file in sight where the visitor may see it.
func (q *visit) askToDelete(f *vitrine.File) error {
	p := &deletePage{Layout: q.layout(q.texts.T("delete.title")), Heading: f.DisplayTitle(), Keep: q.Links.ViewerPath(f)}
	if f.Thumb.Exists() && q.actor().MaySee(f.Privacy, f.OwnerID, f.Pass) {
		thumb := q.variant(f, vitrine.Thumb)
		p.Thumb = &thumb
	}
	p.Layout.NoIndex = true
	q.w.Header().Set("X-Robots-Tag", "noindex")
	return q.render(http.StatusOK, "delete", p)
}

// sameOrigin refuses forms of other sites. On plain HTTP browsers send nothing
// but "Origin: null" from a page that sends no referrer, as this one; that is
// let through, since whoever sends the form must know the token anyway.
func (q *visit) sameOrigin() error {
	if q.r.Header.Get("Sec-Fetch-Site") == "" && q.r.Header.Get("Origin") == "null" {
		return nil
	}
	if err := q.origin.Check(q.r); err != nil {
		return &vitrine.Error{Code: vitrine.CodeForbidden, Field: "origin", Message: "cross-origin form", Err: err}
	}
	return nil
}

// lookingAhead reports whether a browser or a chat program only fetches the
// address in advance.
func lookingAhead(r *http.Request) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if v := r.Header.Get(name); strings.Contains(v, "prefetch") || strings.Contains(v, "preview") {
			return true
		}
	}
	return false
}
