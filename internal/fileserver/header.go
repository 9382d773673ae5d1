package fileserver

import (
	"mime"
	"net/http"
	"strconv"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// Values of headers that every answer has. They are shared, never changed.
var (
	nosniff     = []string{"nosniff"}
	sandbox     = []string{"sandbox; default-src 'none'"}
	crossOrigin = []string{"cross-origin"}
	sameOrigin  = []string{"same-origin"}
	anyOrigin   = []string{"*"}
)

// safe makes sure that no browser takes the answer for a page or script of the
// site, whatever the bytes are, and that other sites may show it.
func safe(h http.Header) {
	h["X-Content-Type-Options"] = nosniff
	h["Content-Security-Policy"] = sandbox
	h["Cross-Origin-Resource-Policy"] = crossOrigin
	h["Access-Control-Allow-Origin"] = anyOrigin
}

// keepHere takes back that other sites may show what not everybody may see.
func keepHere(h http.Header) {
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h.Del("Access-Control-Allow-Origin")
}

// secret reports whether not everybody with the address may see the file.
func secret(p vitrine.Privacy) bool {
	return p == vitrine.PrivacyPrivate || p == vitrine.PrivacyPassword
}

func describe(h http.Header, c *catalog.Content) {
	h["Content-Type"] = []string{c.MIME}
	h["Content-Disposition"] = []string{disposition(c.Filename)}
}

// year is how long caches may keep what never changes, in seconds.
const year = 31536000

// cacheControl lets public files be kept for as long as they exist at most.
func cacheControl(f *vitrine.File, now time.Time) string {
	switch {
	case f.Privacy != vitrine.PrivacyPublic:
		return "private, no-store"
	case f.ExpiresAt.IsZero():
		return "public, max-age=31536000, immutable"
	}
	left := int64(f.ExpiresAt.Sub(now) / time.Second)
	return "public, max-age=" + strconv.FormatInt(min(max(left, 0), year), 10)
}

// disposition proposes the name for "save as".
func disposition(name string) string {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '-', c == '_':
		default:
			if v := mime.FormatMediaType("inline", map[string]string{"filename": name}); v != "" {
				return v
			}
			return "inline"
		}
	}
	return `inline; filename="` + name + `"`
}
