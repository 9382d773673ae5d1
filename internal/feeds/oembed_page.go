package feeds

import (
	"net/url"
	"strings"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

// pageKind says what a page shows.
type pageKind int

const (
	noPage pageKind = iota
	filePage
	albumPage
)

// pageOf tells which file or album an address of this site leads to. It accepts
// every route name that pages accept, http and https alike, any title and any
// query.
func (q *request) pageOf(address string) (pageKind, vitrine.Slug) {
	if len(address) > 4096 {
		return noPage, ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" || u.User != nil || !q.isOurs(u) {
		return noPage, ""
	}
	base, err := url.PathUnescape(q.Links.Path("/"))
	if err != nil {
		return noPage, ""
	}
	path, ok := strings.CutPrefix(u.Path, base)
	first, segment, deep := strings.Cut(strings.TrimSuffix(path, "/"), "/")
	if !ok || !deep || strings.Contains(segment, "/") {
		return noPage, ""
	}
	slug, ok := vitrine.ParseSlug(links.SlugOf(segment))
	switch {
	case !ok:
	case isAlbumRoute(q.settings, first):
		return albumPage, slug
	case isFileRoute(q.settings, first):
		return filePage, slug
	}
	return noPage, ""
}

// isOurs reports whether an address names this site's host. Ports of the schemes
// go without saying.
func (q *request) isOurs(u *url.URL) bool {
	if u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	own, err := url.Parse(q.Links.Origin())
	return err == nil && strings.EqualFold(u.Hostname(), own.Hostname()) && port(u) == port(own)
}

// port is the port of an address, empty for the usual one.
func port(u *url.URL) string {
	p := u.Port()
	if u.Scheme == "http" && p == "80" || u.Scheme == "https" && p == "443" {
		return ""
	}
	return p
}
