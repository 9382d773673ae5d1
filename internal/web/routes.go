package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"vitrine/internal/vitrine"
)

// area is a table of routes: the first segment of a path, and who serves what
// stands below it. rest is the remainder without its leading slash.
type area map[string]func(q *visit, rest string) error

// allAreas puts the tables together that stand in the files routes_*.go. Names
// that settings give (viewer and albums) are looked for after them, and users'
// names last.
func allAreas() area {
	all := make(area)
	for _, a := range []area{siteRoutes, uploadRoutes, accountRoutes, albumRoutes, exploreRoutes, scriptRoutes} {
		maps.Copy(all, a)
	}
	return all
}

// The first segments that pages of files and albums have on some sites. They
// lead to the right address wherever the settings name another.
var (
	fileNames  = []string{"image", "video", "clip", "img", "i", "videos"}
	albumNames = []string{"album", "a"}
)

// ServeHTTP finds the page of a path. Routes of files and albums are settings,
// which may change at any time, so that a fixed table will not do.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := d.newVisit(w, r)
	if err := q.route(); err != nil {
		q.fail(err)
	}
}

func (q *visit) route() error {
	first, rest, _ := strings.Cut(strings.TrimPrefix(q.r.URL.Path, "/"), "/")
	if first == "assets" {
		return q.pattern("/assets/", q.asset, http.MethodGet)
	}
	if q.chooseTheme() {
		return nil
	}
	if q.settings.Maintenance && !q.actor().Admin() && first != "login" {
		return vitrine.Errorf(vitrine.CodeMaintenance, "")
	}
	if serve, ok := q.areas[first]; ok {
		return serve(q, rest)
	}
	switch {
	case first == q.settings.RouteImage, first == q.settings.RouteVideo, slices.Contains(fileNames, first):
		return q.fileRoute(first, rest)
	case first == q.settings.RouteAlbum, slices.Contains(albumNames, first):
		return q.albumRoute(first, rest)
	}
	if name, err := vitrine.ParseUsername(first); err == nil {
		return q.profileRoute(name, rest)
	}
	return q.nothing()
}

// nothing is for paths that lead nowhere.
func (q *visit) nothing() error {
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
