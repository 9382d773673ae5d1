package web

import "net/http"

// uploadRoutes are the pages on which files are handed in.
var uploadRoutes = area{
	"": func(q *visit, rest string) error {
		if rest != "" {
			return q.nothing()
		}
		if q.r.URL.RawQuery != "" && q.r.URL.Query().Has("random") {
			return q.pattern("/random", q.random, http.MethodGet)
		}
		return q.pattern("/", q.home, http.MethodGet)
	},
	"upload": func(q *visit, rest string) error {
		if rest != "" {
			return q.nothing()
		}
		return q.pattern("/upload", func() error {
			if q.r.Method == http.MethodPost {
				return q.uploadForm()
			}
			return q.home()
		}, http.MethodGet, http.MethodPost)
	},
}
