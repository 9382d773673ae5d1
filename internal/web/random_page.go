package web

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// random leads to any file; where there is none, to the list that says so.
func (q *visit) random() error {
	path := q.Links.Explore("recent")
	f, err := q.Catalog.Random(q.r.Context())
	switch {
	case err == nil:
		path = q.Links.ViewerPath(f)
	case !vitrine.Is(err, vitrine.CodeNotFound):
		return err
	}
	q.w.Header().Set("Cache-Control", "no-store")
	q.w.Header().Set("X-Robots-Tag", "noindex")
	q.redirect(http.StatusFound, path)
	return nil
}

// redirect leads to a path with the base path.
func (q *visit) redirect(status int, path string) {
	q.w.Header().Set("Location", path)
	q.w.WriteHeader(status)
}
