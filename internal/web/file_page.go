package web

import (
	"net/http"
	"net/url"
	"time"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

// filePage shows one picture or film.
type filePage struct {
	Layout   layout
	Heading  string
	Text     string // the description; empty: none
	Stage    stage
	Meta     fileMeta
	Around   *around
	Deeds    fileDeeds
	Filename string
	Username string // of the owner; empty: not told
	Date     date
	Brief    []string // the facts that stand beside the date
	Tags     []crumb
	Codes    []codeGroup
	Facts    []code
	EXIF     []exifRow
}

// medium is a picture or film that a page loads.
type medium struct {
	URL, MIME     string
	Width, Height int
}

// date is an instant for people and for programs.
type date struct{ Machine, Full, Ago string }

// filePage serves the viewer. Its right address is that of links.Viewer; the
// short one, without the title, is good as well. Everything else that names a
// file leads there: by 301 from a route name that is not in use here, by 302
// from a wrong title or kind, since titles change.
func (q *visit) filePage(route, segment string) error {
	return q.withFile(segment, func(f *vitrine.File) error {
		right := q.Links.ViewerPath(f)
		here := q.Links.Path(q.r.URL.Path)
		if decoded, err := url.PathUnescape(right); here != q.Links.ShortPath(f) && (err != nil || here != decoded) {
			status := http.StatusFound
			if route != q.settings.RouteImage && route != q.settings.RouteVideo {
				status = http.StatusMovedPermanently
			}
			return q.leadTo(status, right)
		}
		if hidden(f) {
			q.w.Header().Set("X-Robots-Tag", "noindex")
		}
		if q.r.Method == http.MethodGet && !lookingAhead(q.r) {
			q.Catalog.CountView(q.actor(), f, q.r.UserAgent())
		}
		return q.showFile(f)
	})
}

// withFile finds the file that a segment of a path names. Where the password of
// an album opens it, the answer leads there instead.
func (q *visit) withFile(segment string, use func(*vitrine.File) error) error {
	slug, ok := vitrine.ParseSlug(links.SlugOf(segment))
	if !ok {
		return vitrine.NotFound("file")
	}
	f, err := q.Catalog.File(q.r.Context(), q.actor(), slug)
	if err == nil {
		return use(f)
	}
	if !vitrine.Is(err, vitrine.CodeNotFound) {
		return err
	}
	album, locked := q.Catalog.LockedBy(q.r.Context(), q.actor(), slug)
	if locked != nil {
		return err
	}
	q.w.Header().Set("X-Robots-Tag", "noindex")
	return q.done(q.albumShort(album.Slug), "")
}

// showFile sends the page of a file. Guests of whom nothing is known all see the
// same one, which is remembered for a moment.
func (q *visit) showFile(f *vitrine.File) error {
	now, look := q.Clock(), q.look()
	ago := q.texts.Ago(f.CreatedAt, now)
	common := q.common() && len(q.actor().Passes) == 0 && !q.showsNSFW()
	if common {
		if html, ok := q.memo.find(f, q.settings, look, ago, now); ok {
			q.send(http.StatusOK, html)
			return nil
		}
	}
	p, err := q.fileOf(f, ago)
	if err != nil {
		return err
	}
	return q.compose("file", p, func(html []byte) {
		if common {
			q.memo.keep(f, q.settings, look, ago, now, html)
		}
		q.send(http.StatusOK, html)
	})
}

// leadTo answers with another path of the site, to which the query goes along.
func (q *visit) leadTo(status int, path string) error {
	if query := q.r.URL.RawQuery; query != "" {
		path += "?" + query
	}
	q.w.Header().Set("Location", path)
	q.w.Header().Set("Cache-Control", "private, no-cache")
	q.w.WriteHeader(status)
	return nil
}

// hidden reports whether the page is only for those who have its link.
func hidden(f *vitrine.File) bool {
	return f.Privacy != vitrine.PrivacyPublic || !f.ExpiresAt.IsZero()
}

// fileOf is the page of a file that was uploaded so long ago.
func (q *visit) fileOf(f *vitrine.File, ago string) (*filePage, error) {
	a, err := q.around(f)
	if err != nil {
		return nil, err
	}
	p := &filePage{
		Layout:   q.layout(f.DisplayTitle()),
		Heading:  f.DisplayTitle(),
		Text:     f.Description,
		Stage:    q.stage(f),
		Around:   a,
		Filename: f.Filename(),
		Date: date{
			Machine: f.CreatedAt.UTC().Format(time.RFC3339),
			Full:    f.CreatedAt.In(q.settings.Location).Format(time.DateTime),
			Ago:     ago,
		},
		Brief: q.brief(f),
		Codes: q.codes(f, ""),
		Facts: q.facts(f, a.owner),
		EXIF:  exifRows(f.EXIF),
	}
	if a.owner != nil {
		p.Username = a.owner.Username
	}
	p.Layout.Description = cut(oneLine(f.Description), 300)
	p.Layout.Canonical = q.Links.Viewer(f)
	p.Layout.NoIndex = hidden(f)
	p.Layout.Entry = "viewer"
	p.Meta = q.fileMeta(f, p)
	for _, t := range f.Tags {
		p.Tags = append(p.Tags, crumb{t.Name, q.Links.Tag(t.Name)})
	}
	p.Deeds, err = q.fileDeeds(f)
	return p, err
}
