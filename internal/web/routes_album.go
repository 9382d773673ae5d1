package web

import (
	"net/http"
	"strings"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

// albumRoutes are the pages of albums that have no album yet.
var albumRoutes = area{
	"albums": func(q *visit, rest string) error {
		if rest != "new" {
			return q.nothing()
		}
		return q.pattern("/albums/new", q.albumNew, http.MethodGet, http.MethodPost)
	},
}

// albumRoute serves what stands below "album": pages, forms.
func (q *visit) albumRoute(first, rest string) error {
	segment, rest, _ := strings.Cut(rest, "/")
	slug, ok := vitrine.ParseSlug(links.SlugOf(segment))
	if !ok {
		return q.nothing()
	}
	switch rest {
	case "":
		if q.r.Method == http.MethodPost {
			return q.pattern("/album", func() error { return q.albumUnlock(slug) }, http.MethodGet, http.MethodPost)
		}
		return q.pattern("/album", func() error { return q.albumPage(first, slug) }, http.MethodGet, http.MethodPost)
	case "sub":
		return q.pattern("/album/sub", func() error { return q.albumWithin(first, slug) }, http.MethodGet)
	case "edit":
		return q.pattern("/album/edit", func() error { return q.albumEdit(slug) }, http.MethodGet, http.MethodPost)
	case "cover":
		return q.pattern("/album/cover", func() error { return q.albumCover(slug) }, http.MethodPost)
	case "delete":
		return q.pattern("/album/delete", func() error { return q.albumDelete(slug) }, http.MethodGet, http.MethodPost)
	}
	return q.nothing()
}
