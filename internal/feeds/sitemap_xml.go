package feeds

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// sitemapMIME is the media type of sitemaps.
const sitemapMIME = "application/xml; charset=utf-8"

// sitemap writes a part of a sitemap (sitemaps.org 0.9, with Google's extensions
// for images 1.1 and videos 1.1). It is written by hand: there are thousands of
// entries.
type sitemap struct {
	bytes.Buffer
	count  int
	newest time.Time // of the entries
}

func newSitemap() *sitemap {
	m := new(sitemap)
	m.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"` +
		` xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">` + "\n")
	return m
}

// end closes the list and returns all of it.
func (m *sitemap) end() []byte {
	m.WriteString("</urlset>\n")
	return m.Bytes()
}

// page adds a page of which no date is known.
func (m *sitemap) page(address string) {
	m.begin(address, time.Time{})
	m.close()
}

// file adds the page of a file, with its picture or its film.
func (m *sitemap) file(q *request, f *vitrine.File) {
	m.begin(q.Links.Viewer(f), f.UploadedAt)
	switch {
	case f.Kind() == vitrine.KindImage:
		m.image(q.Links.Original(f))
	case f.Frame.Exists() || f.Thumb.Exists():
		m.video(q, f)
	}
	m.close()
}

// album adds the page of an album, with its cover.
func (m *sitemap) album(q *request, a *catalog.AlbumCard) {
	m.begin(q.Links.Album(&a.Album), time.Time{})
	if c := a.Cover; c != nil && c.Listed() && c.Kind() == vitrine.KindImage {
		m.image(q.light(c).url)
	}
	m.close()
}

func (m *sitemap) begin(address string, changed time.Time) {
	m.count++
	m.WriteString("<url>")
	m.element("loc", address)
	if !changed.IsZero() {
		m.element("lastmod", instant(changed))
		if changed.After(m.newest) {
			m.newest = changed
		}
	}
}

func (m *sitemap) close() { m.WriteString("</url>\n") }

func (m *sitemap) image(address string) {
	m.WriteString("<image:image>")
	m.element("image:loc", address)
	m.WriteString("</image:image>")
}

// video adds a film. Thumbnail, title, description and content are required.
func (m *sitemap) video(q *request, f *vitrine.File) {
	m.WriteString("<video:video>")
	m.element("video:thumbnail_loc", q.light(f).url)
	m.element("video:title", f.DisplayTitle())
	m.element("video:description", f.AltText())
	m.element("video:content_loc", q.Links.Original(f))
	if s := int(f.Duration.Seconds() + 0.5); s >= 1 && s <= 28800 { // the format's bounds
		m.element("video:duration", strconv.Itoa(s))
	}
	m.element("video:publication_date", instant(f.UploadedAt))
	if f.NSFW {
		m.element("video:family_friendly", "no")
	}
	m.WriteString("</video:video>")
}

// element writes an element with a text.
func (m *sitemap) element(name, text string) {
	m.WriteString("<" + name + ">")
	_ = xml.EscapeText(&m.Buffer, []byte(text)) // a buffer takes everything
	m.WriteString("</" + name + ">")
}

// sitemapIndex writes the index of the parts.
type sitemapIndex struct{ sitemap }

func newSitemapIndex() *sitemapIndex {
	i := new(sitemapIndex)
	i.WriteString(xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	return i
}

func (i *sitemapIndex) part(address string) {
	i.WriteString("<sitemap>")
	i.element("loc", address)
	i.WriteString("</sitemap>\n")
}

func (i *sitemapIndex) end() []byte {
	i.WriteString("</sitemapindex>\n")
	return i.Bytes()
}
