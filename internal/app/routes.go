package app

import (
	"net/http"
	"strings"

	"vitrine/internal/feeds"
)

// routes is which door a request goes to. Paths are those below the base path.
// It does not tidy paths by redirects, as http.ServeMux does: a redirected POST
// loses its body.
type routes struct {
	api, files, archives, web http.Handler
	feeds                     *feeds.Door
	mediaHost                 string // host of raw files, if it is not that of the pages
	mediaPath                 string // what stands before /images/ on that host
}

// ServeHTTP implements http.Handler.
func (h *routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if h.mediaHost != "" && strings.EqualFold(r.Host, h.mediaHost) {
		// Nothing but bytes on the host that must not have cookies or scripts.
		path = strings.TrimPrefix(path, h.mediaPath)
		if !strings.HasPrefix(path, "/images/") {
			http.NotFound(w, r)
			return
		}
	}
	switch {
	case path == "/api" || strings.HasPrefix(path, "/api/"):
		r.Pattern = "/api/"
		h.api.ServeHTTP(w, r)
	case strings.HasPrefix(path, "/images/"):
		r.Pattern = "/images/"
		h.files.ServeHTTP(w, below(r, path, "/images"))
	case h.feeds.Serves(path):
		h.feeds.ServeHTTP(w, r)
	case strings.HasPrefix(path, "/zip/"):
		r.Pattern = "/zip/"
		h.archives.ServeHTTP(w, below(r, path, "/zip"))
	default:
		h.web.ServeHTTP(w, r)
	}
}

// below is the request with a prefix of its path removed.
func below(r *http.Request, path, prefix string) *http.Request {
	u := *r.URL
	u.Path, u.RawPath = strings.TrimPrefix(path, prefix), ""
	next := *r
	next.URL = &u
	return &next
}
