package links

import (
	"net/url"

	"vitrine/internal/vitrine"
)

// Where nothing else is said, these are paths: without scheme and host, with the
// base path. Absolute addresses for feeds and link previews come from On.

// On puts scheme and host before a path that one of the others returned.
func (b *Builder) On(path string) string { return b.origin + path }

// AlbumPath is Album without scheme and host.
func (b *Builder) AlbumPath(a *vitrine.Album) string {
	s := b.settings()
	return b.path + "/" + s.RouteAlbum + "/" + segment(s, a.Name, a.Slug)
}

// AlbumZIP is the path of an album's archive.
func (b *Builder) AlbumZIP(a *vitrine.Album) string { return b.path + "/zip/" + string(a.Slug) }

// Profile is the path of a user's page.
func (b *Builder) Profile(username string) string { return b.path + "/" + username }

// Category is the path of a category's page.
func (b *Builder) Category(urlKey string) string { return b.path + "/category/" + urlKey }

// Explore is the path of one of the lists of everybody's things: "recent",
// "trending", "popular", "images", "videos", "animated", "albums", "tags", "users".
func (b *Builder) Explore(list string) string { return b.path + "/explore/" + list }

// Search is the path of the search for words; empty: of its empty form.
func (b *Builder) Search(words string) string {
	if words == "" {
		return b.path + "/search"
	}
	return b.path + "/search?q=" + url.QueryEscape(words)
}

// SignIn is the path of the page for signing in, which leads on to next, a path.
func (b *Builder) SignIn(next string) string {
	if next == "" {
		return b.path + "/login"
	}
	return b.path + "/login?next=" + url.QueryEscape(next)
}

// Feed is the path of the Atom feed of a page: of the home page, a user, an album
// or a tag.
func (b *Builder) Feed(page string) string {
	if page == b.path || page == b.path+"/" {
		return b.path + "/feed.atom"
	}
	return page + "/feed.atom"
}

// OEmbed is the full address of the description of a page for embedding; the
// page is named by its full address, the format is "json" or "xml".
func (b *Builder) OEmbed(page, format string) string {
	return b.Absolute("/oembed?url=" + url.QueryEscape(page) + "&format=" + format)
}
