package feeds

import (
	"net/http"
	"net/http/httptest"

	"vitrine/internal/vitrine"
)

// SetBlock changes how many ids a part of the sitemap covers.
func (d *Door) SetBlock(n int64) { d.block = n }

// PageOf is pageOf: "file", "album" or nothing, and the slug.
func (d *Door) PageOf(address string) (string, vitrine.Slug) {
	q := &request{Door: d, r: httptest.NewRequest(http.MethodGet, "/", nil), settings: d.Settings.Current()}
	kind, slug := q.pageOf(address)
	return map[pageKind]string{filePage: "file", albumPage: "album"}[kind], slug
}
