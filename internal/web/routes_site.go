package web

import "net/http"

// siteRoutes are the pages about the site itself.
var siteRoutes = area{
	"api-v1": func(q *visit, rest string) error {
		if rest != "" {
			return q.nothing()
		}
		return q.pattern("/api-v1", q.apiPage, http.MethodGet)
	},
}
