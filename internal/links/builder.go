package links

import (
	"net/url"
	"strings"

	"vitrine/internal/vitrine"
)

// Config says where the house stands.
type Config struct {
	// Base is the public address of the site, with its sub-path if it has one.
	// Nil is http://localhost.
	Base *url.URL
	// Media is the origin (and sub-path) of raw files. Nil is Base.
	Media *url.URL
	// Settings returns the settings in force. Nil is the defaults.
	Settings func() *vitrine.Settings
}

// Builder makes addresses. It is safe for many goroutines.
type Builder struct {
	origin   string // scheme and host of the site, no final slash
	path     string // base path, no final slash; empty at the root
	media    string // address above /images, no final slash
	settings func() *vitrine.Settings
}

// New returns a Builder for the site of the Config.
func New(c Config) *Builder {
	base, media := c.Base, c.Media
	if base == nil {
		base = &url.URL{Scheme: "http", Host: "localhost"}
	}
	if media == nil {
		media = base
	}
	b := &Builder{
		origin:   origin(base),
		path:     strings.TrimRight(base.EscapedPath(), "/"),
		media:    origin(media) + strings.TrimRight(media.EscapedPath(), "/"),
		settings: c.Settings,
	}
	if b.settings == nil {
		defaults := vitrine.DefaultSettings()
		b.settings = func() *vitrine.Settings { return defaults }
	}
	return b
}

// Host is the site's host, with its port if it has one.
func (b *Builder) Host() string { return b.origin[strings.Index(b.origin, "://")+3:] }

// Origin is scheme and host of the site.
func (b *Builder) Origin() string { return b.origin }

// Path puts the base path before a path that begins with a slash.
func (b *Builder) Path(p string) string { return b.path + p }

// Absolute is the full address of a path that begins with a slash.
func (b *Builder) Absolute(p string) string { return b.origin + b.path + p }

// MediaOrigin is scheme and host of raw files, for a Content-Security-Policy.
func (b *Builder) MediaOrigin() string {
	i := strings.Index(b.media, "://") + 3
	if j := strings.IndexByte(b.media[i:], '/'); j >= 0 {
		return b.media[:i+j]
	}
	return b.media
}

// Home is the address of the home page.
func (b *Builder) Home() string { return b.Absolute("/") }

// API is the address that takes uploads.
func (b *Builder) API() string { return b.Absolute("/api/1/upload") }

// APIPage is the address of the page that describes the API.
func (b *Builder) APIPage() string { return b.Absolute("/api-v1") }

// Viewer is the address of a file's page, with the title if titles are on.
func (b *Builder) Viewer(f *vitrine.File) string { return b.origin + b.ViewerPath(f) }

// ViewerPath is Viewer without scheme and host, with the base path.
func (b *Builder) ViewerPath(f *vitrine.File) string {
	s := b.settings()
	return b.path + "/" + s.RouteOf(f.Kind()) + "/" + segment(s, f.Title, f.Slug)
}

// Short is the address of a file's page without the title.
func (b *Builder) Short(f *vitrine.File) string { return b.origin + b.ShortPath(f) }

// ShortPath is Short without scheme and host, with the base path.
func (b *Builder) ShortPath(f *vitrine.File) string {
	return b.path + "/" + b.settings().RouteOf(f.Kind()) + "/" + string(f.Slug)
}

// Delete is the address that deletes the file for whoever knows the token.
func (b *Builder) Delete(f *vitrine.File, token string) string {
	return b.Short(f) + "/delete/" + url.PathEscape(token)
}

// Original is the address of the file's own bytes. What not everybody may see is
// on the host of the pages: their cookies do not get to another.
func (b *Builder) Original(f *vitrine.File) string { return b.raw(f, f.Key()) }

// Variant is the address of a variant's bytes, whether it exists or not; on the
// same host as the original's.
func (b *Builder) Variant(f *vitrine.File, k vitrine.VariantKind) string {
	return b.raw(f, f.VariantKey(k))
}

// Tag is the path of the page of a tag, with the base path.
func (b *Builder) Tag(name string) string { return b.path + "/tag/" + TagKey(name) }

// Album is the address of an album's page.
func (b *Builder) Album(a *vitrine.Album) string {
	s := b.settings()
	return b.origin + b.path + "/" + s.RouteAlbum + "/" + segment(s, a.Name, a.Slug)
}

func (b *Builder) raw(f *vitrine.File, key string) string {
	host := b.media
	if f.Privacy == vitrine.PrivacyPrivate || f.Privacy == vitrine.PrivacyPassword {
		host = b.origin + b.path
	}
	var out strings.Builder
	out.Grow(len(host) + len("/images/") + len(key))
	out.WriteString(host)
	out.WriteString("/images/")
	for i, part := range strings.Split(key, "/") {
		if i > 0 {
			out.WriteByte('/')
		}
		out.WriteString(percent(part))
	}
	return out.String()
}

func segment(s *vitrine.Settings, title string, slug vitrine.Slug) string {
	if s.TitlesInURLs {
		if t := titlePart(title); t != "" {
			return t + "." + string(slug)
		}
	}
	return string(slug)
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
