package app

import (
	"net/http"
	"net/netip"
	"strings"

	"vitrine/internal/vitrine"
)

// routes is which door a request goes to. Paths are those below the base path.
// It does not tidy paths by redirects, as http.ServeMux does: a redirected POST
// loses its body.
type routes struct {
	api, files, web http.Handler
	mediaHost       string // host of raw files, if it is not that of the pages
	mediaPath       string // what stands before /images/ on that host
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

// identify says who asks for a raw file: the holder of the key in X-API-Key, so
// that owners can fetch private files, else a guest.
func (a *App) identify(r *http.Request) vitrine.Actor {
	var from netip.Addr
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		from = peer.Addr().Unmap()
	}
	if key := r.Header.Get("X-API-Key"); key != "" {
		if actor, err := a.Account.Authenticate(r.Context(), key, from); err == nil {
			return actor
		}
	}
	return vitrine.Actor{Address: from}
}
