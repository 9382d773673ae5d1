package feeds

import (
	"strings"
	"time"
)

// closed are the paths that are nothing for search engines: forms, answers for
// scripts, and lists that repeat what stands elsewhere. Words that a username may
// begin with are closed with and without a query only.
var closed = []string{
	"/-/", "/api/", "/albums/", "/zip/", "/settings/",
	"/settings$", "/login$", "/login?", "/logout$", "/upload$", "/upload?", "/search$", "/search?", "/search/", "/random$",
}

// robots serves robots.txt by RFC 9309. Pages themselves say whether they are to
// be listed.
func (q *request) robots() error {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, path := range closed {
		b.WriteString("Disallow: " + q.Links.Path(path) + "\n")
	}
	b.WriteString("Allow: " + q.Links.Path("/") + "\n\n")
	b.WriteString("Sitemap: " + q.Links.Absolute("/sitemap.xml") + "\n")
	return q.send("text/plain; charset=utf-8", keepSitemap, time.Time{}, []byte(b.String()))
}
