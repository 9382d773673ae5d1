package feeds

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

// serve answers one kind of request.
type serve func(*request) error

// fixed are the addresses that never change.
var fixed = map[string]serve{
	"/feed.atom":            (*request).siteFeed,
	"/oembed":               (*request).oembed,
	"/oembed/":              (*request).oembed, // as the original has it
	"/sitemap.xml":          (*request).sitemap,
	"/sitemap/site.xml":     (*request).sitemapOfSite,
	"/robots.txt":           (*request).robots,
	"/manifest.webmanifest": (*request).manifest,
	"/webmanifest":          (*request).manifest, // as the original has it
	"/opensearch.xml":       (*request).opensearch,
}

// Serves reports whether a path, without the base path, is one of this door's.
func (d *Door) Serves(path string) bool {
	_, serve := route(d.Settings.Current(), path)
	return serve != nil
}

// ServeHTTP implements http.Handler.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := &request{Door: d, w: w, r: r, settings: d.Settings.Current()}
	q.texts = d.Locale.For(q.settings.Language)
	pattern, serve := route(q.settings, r.URL.Path)
	if serve == nil {
		r.Pattern = "/unknown"
		q.fail(vitrine.NotFound("page"))
		return
	}
	r.Pattern = pattern
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		q.refuse(http.StatusMethodNotAllowed)
		return
	}
	if err := serve(q); err != nil {
		q.fail(err)
	}
}

// route finds what serves a path, and its name for the metrics. Routes of albums
// are settings, which may change at any time.
func route(s *vitrine.Settings, path string) (pattern string, _ serve) {
	if serve, ok := fixed[path]; ok {
		return strings.TrimSuffix(path, "/"), serve
	}
	if name, ok := strings.CutPrefix(path, "/sitemap/"); ok {
		return "/sitemap/", sitemapPage(name)
	}
	if page, ok := strings.CutSuffix(path, "/feed.atom"); ok {
		return feedRoute(s, strings.TrimPrefix(page, "/"))
	}
	return "", nil
}

// sitemapPage serves a part of the sitemap: "files-3.xml".
func sitemapPage(name string) serve {
	name, ok := strings.CutSuffix(name, ".xml")
	kind, number, cut := strings.Cut(name, "-")
	n, err := strconv.ParseInt(number, 10, 32)
	if !ok || !cut || err != nil || n < 0 || number != strconv.FormatInt(n, 10) {
		return nil
	}
	switch kind {
	case "files":
		return func(q *request) error { return q.sitemapOfFiles(n) }
	case "albums":
		return func(q *request) error { return q.sitemapOfAlbums(n) }
	}
	return nil
}

// fileRoutes and albumRoutes are the first segments that pages of files and
// albums have on some sites, as the pages know them.
var (
	fileRoutes  = []string{"image", "video", "clip", "img", "i", "videos"}
	albumRoutes = []string{"album", "a"}
)

func isFileRoute(s *vitrine.Settings, first string) bool {
	return first == s.RouteImage || first == s.RouteVideo || first != s.RouteAlbum && slices.Contains(fileRoutes, first)
}

func isAlbumRoute(s *vitrine.Settings, first string) bool {
	return first == s.RouteAlbum || first != s.RouteImage && first != s.RouteVideo && slices.Contains(albumRoutes, first)
}

// feedRoute serves the feed of a page, which is named by its path. What looks like
// a feed may be a file or an album of the id "atom" with the title "feed".
func feedRoute(s *vitrine.Settings, page string) (string, serve) {
	first, rest, deep := strings.Cut(page, "/")
	switch {
	case strings.Contains(rest, "/"):
		return "", nil
	case deep && first == "tag":
		return "/tag/feed", func(q *request) error { return q.tagFeed(rest) }
	case deep && isAlbumRoute(s, first):
		slug, ok := vitrine.ParseSlug(links.SlugOf(rest))
		if !ok {
			return "", nil
		}
		return "/album/feed", func(q *request) error { return q.albumFeed(slug) }
	case deep, first == "tag", first == "category", isFileRoute(s, first), isAlbumRoute(s, first):
		return "", nil
	}
	name, err := vitrine.ParseUsername(first)
	if err != nil {
		return "", nil
	}
	return "/profile/feed", func(q *request) error { return q.userFeed(name) }
}
