package web

import (
	"net/http"
	"strings"
)

// exploreRoutes are the ways around: explore, search, categories, tags.
var exploreRoutes = area{
	"explore": func(q *visit, rest string) error {
		return q.pattern("/explore", func() error { return q.explorePage(strings.TrimSuffix(rest, "/")) }, http.MethodGet)
	},
	"search": func(q *visit, rest string) error {
		return q.pattern("/search", func() error { return q.search(rest) }, http.MethodGet)
	},
	"category": func(q *visit, rest string) error {
		key := strings.TrimSuffix(rest, "/")
		if key == "" {
			q.redirect(http.StatusFound, q.Links.Explore("recent"))
			return nil
		}
		return q.pattern("/category", func() error { return q.categoryPage(key) }, http.MethodGet)
	},
	"tag": func(q *visit, rest string) error {
		name := strings.TrimSuffix(rest, "/")
		if name == "" {
			q.redirect(http.StatusFound, q.Links.Explore("tags"))
			return nil
		}
		return q.pattern("/tag", func() error { return q.tagPage(name) }, http.MethodGet)
	},
	"random": func(q *visit, rest string) error {
		if rest != "" {
			return q.nothing()
		}
		return q.pattern("/random", q.random, http.MethodGet)
	},
}
