package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

// filePage shows one picture or film.
type filePage struct {
	Layout   layout
	Heading  string
	Text     string // the description; empty: none
	Film     *medium
	Shown    medium // what stands on the page of a picture
	Preview  medium // what stands for the file elsewhere: the picture, the poster of a film
	Original string // address of the bytes
	Filename string
	FullSize string // what leads to the original where something lighter is shown; else empty
	NSFW     bool
	Date     date
	Tags     []string
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
	slug, ok := vitrine.ParseSlug(links.SlugOf(segment))
	if !ok {
		return vitrine.NotFound("file")
	}
	f, err := q.Catalog.File(q.r.Context(), q.actor(), slug)
	if err != nil {
		return err
	}
	right := q.Links.ViewerPath(f)
	here := q.Links.Path(q.r.URL.Path)
	if decoded, err := url.PathUnescape(right); here != q.Links.ShortPath(f) && (err != nil || here != decoded) {
		status := http.StatusFound
		if route != q.settings.RouteImage && route != q.settings.RouteVideo {
			status = http.StatusMovedPermanently
		}
		if query := q.r.URL.RawQuery; query != "" {
			right += "?" + query
		}
		q.w.Header().Set("Location", right)
		q.w.Header().Set("Cache-Control", "private, no-cache")
		q.w.WriteHeader(status)
		return nil
	}
	if hidden(f) {
		q.w.Header().Set("X-Robots-Tag", "noindex")
	}
	ago, look, common := q.texts.Ago(f.CreatedAt, q.Clock()), q.look(), q.common()
	if common {
		if html, ok := q.memo.find(f, q.settings, look, ago); ok {
			q.send(http.StatusOK, html)
			return nil
		}
	}
	return q.compose("file", q.fileOf(f, ago), func(html []byte) {
		if common {
			q.memo.keep(f, q.settings, look, ago, html)
		}
		q.send(http.StatusOK, html)
	})
}

// hidden reports whether the page is only for those who have its link.
func hidden(f *vitrine.File) bool {
	return f.Privacy != vitrine.PrivacyPublic || !f.ExpiresAt.IsZero()
}

// fileOf is the page of a file that was uploaded so long ago.
func (q *visit) fileOf(f *vitrine.File, ago string) *filePage {
	p := &filePage{
		Layout:   q.layout(f.DisplayTitle()),
		Heading:  f.DisplayTitle(),
		Text:     f.Description,
		Original: q.Links.Original(f),
		Filename: f.Filename(),
		NSFW:     f.NSFW,
		Date: date{
			Machine: f.CreatedAt.UTC().Format(time.RFC3339),
			Full:    q.when(f.CreatedAt),
			Ago:     ago,
		},
		EXIF: exifRows(f.EXIF),
	}
	p.Layout.Description = cut(f.Description, 300)
	p.Layout.Canonical = q.Links.Viewer(f)
	p.Layout.NoIndex = hidden(f)
	for _, t := range f.Tags {
		p.Tags = append(p.Tags, t.Name)
	}
	original := medium{p.Original, f.Format.MIME(), f.Width, f.Height}
	p.Shown, p.Preview = original, original
	if f.Kind() == vitrine.KindVideo {
		p.Film, p.Preview = &original, q.poster(f)
	} else if vitrine.Size(f.Size) > q.settings.LoaderSize && f.Medium.Exists() {
		p.Shown = q.variant(f, vitrine.Medium)
		p.FullSize = q.texts.T("file.load_full", "Size", vitrine.Size(f.Size).String())
	}
	p.Codes = q.codes(f, "")
	p.Facts = q.facts(f)
	return p
}

// poster is the picture of a film.
func (q *visit) poster(f *vitrine.File) medium {
	if f.Frame.Exists() {
		return q.variant(f, vitrine.Frame)
	}
	return q.variant(f, vitrine.Thumb)
}

func (q *visit) variant(f *vitrine.File, k vitrine.VariantKind) medium {
	v := f.Variant(k)
	return medium{q.Links.Variant(f, k), f.VariantFormat().MIME(), v.Width, v.Height}
}

// facts are the rows of the table about the file.
func (q *visit) facts(f *vitrine.File) []code {
	t := q.texts
	format := strings.ToUpper(string(f.Format))
	if f.Animated {
		format += ", " + t.T("file.animated")
	}
	rows := []code{
		{t.T("file.name"), f.OriginalFilename},
		{t.T("file.format"), format},
		{t.T("file.dimensions"), t.T("file.pixels", "Width", f.Width, "Height", f.Height)},
		{t.T("file.size"), vitrine.Size(f.Size).String()},
	}
	if f.Duration > 0 {
		rows = append(rows, code{t.T("file.duration"), clock(f.Duration)})
	}
	rows = append(rows, code{t.T("file.date"), q.when(f.CreatedAt)})
	if !f.ExpiresAt.IsZero() {
		rows = append(rows, code{t.T("file.expires"), q.when(f.ExpiresAt)})
	}
	return rows
}

// when writes an instant in the site's zone.
func (q *visit) when(t time.Time) string {
	return t.In(q.settings.Location).Format("2006-01-02 15:04:05 MST")
}

// clock writes a duration as M:SS, or H:MM:SS from an hour on.
func clock(d time.Duration) string {
	s := max(int(d.Round(time.Second)/time.Second), 1)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// cut shortens a text to at most n characters.
func cut(s string, n int) string {
	count := 0
	for i := range s {
		if count++; count > n {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}
