package web

import (
	"net/http"
	"slices"
	"strings"

	"vitrine/internal/vitrine"
)

// defaultRoutes are the first path segments that viewer pages have on some
// sites. They lead to the right address wherever the settings name another.
var defaultRoutes = []string{"image", "video", "clip"}

// ServeHTTP finds the page of a path. Viewer routes are settings, which may
// change at any time, so that a fixed table will not do.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := d.newVisit(w, r)
	if err := q.route(); err != nil {
		q.fail(err)
	}
}

func (q *visit) route() error {
	path := strings.TrimPrefix(q.r.URL.Path, "/")
	first, rest, _ := strings.Cut(path, "/")
	if first == "assets" {
		return q.pattern("/assets/", q.asset, http.MethodGet)
	}
	if q.settings.Maintenance {
		return vitrine.Errorf(vitrine.CodeMaintenance, "")
	}
	switch {
	case path == "":
		return q.pattern("/", q.home, http.MethodGet)
	case first == "api-v1" && rest == "":
		return q.pattern("/api-v1", q.apiPage, http.MethodGet)
	case first == q.settings.RouteImage, first == q.settings.RouteVideo, slices.Contains(defaultRoutes, first):
		segment, rest, _ := strings.Cut(rest, "/")
		if token, ok := strings.CutPrefix(rest, "delete/"); ok {
			return q.pattern("/file/delete", func() error { return q.deletePage(segment, token) }, http.MethodGet, http.MethodPost)
		}
		if rest == "" {
			return q.pattern("/file", func() error { return q.filePage(first, segment) }, http.MethodGet)
		}
	}
	q.r.Pattern = "/unknown"
	return vitrine.NotFound("page")
}

// pattern names the route for the metrics and serves it, if the method is one
// of those it has. HEAD is where GET is.
func (q *visit) pattern(name string, serve func() error, methods ...string) error {
	q.r.Pattern = name
	method := q.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if !slices.Contains(methods, method) {
		q.w.Header().Set("Allow", strings.Join(append(methods, http.MethodHead), ", "))
		return vitrine.Invalid("method", "")
	}
	return serve()
}
