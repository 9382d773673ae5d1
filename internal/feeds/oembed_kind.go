package feeds

import (
	"fmt"
	"html"
	"net/url"
	"strconv"

	"vitrine/internal/vitrine"
)

// bounds are the largest width and height that the asker has room for; 0: any.
type bounds struct{ width, height int }

// boundsOf reads maxwidth and maxheight. The original spelled the second one
// maxHeight. What is no number is no bound.
func boundsOf(query url.Values) bounds {
	read := func(names ...string) int {
		for _, name := range names {
			if n, err := strconv.Atoi(query.Get(name)); err == nil && n > 0 {
				return n
			}
		}
		return 0
	}
	return bounds{read("maxwidth", "maxWidth"), read("maxheight", "maxHeight")}
}

func (b bounds) fit(width, height int) bool {
	return (b.width == 0 || width <= b.width) && (b.height == 0 || height <= b.height)
}

// shrink reduces a size until it fits, and keeps its shape.
func (b bounds) shrink(width, height int) (int, int) {
	if b.width > 0 && width > b.width {
		width, height = b.width, max(1, height*b.width/width)
	}
	if b.height > 0 && height > b.height {
		width, height = max(1, width*b.height/height), b.height
	}
	return width, height
}

// embedOf says how to embed a page.
func (q *request) embedOf(address string, b bounds) (*embed, error) {
	ctx := q.r.Context()
	switch kind, slug := q.pageOf(address); kind {
	case filePage:
		f, err := q.Catalog.File(ctx, nobody, slug)
		if err != nil {
			return nil, err
		}
		return q.embedFile(f, b), nil
	case albumPage:
		a, err := q.Catalog.Album(ctx, nobody, slug)
		if err != nil {
			return nil, err
		}
		return q.embedAlbum(a, b)
	}
	return nil, vitrine.NotFound("page")
}

// embedFile embeds a picture as a photo and a film as a video.
func (q *request) embedFile(f *vitrine.File, b bounds) *embed {
	e := q.embed(f.DisplayTitle(), q.Links.Viewer(f), f.OwnerID)
	q.addThumbnail(e, f, b)
	if f.Kind() == vitrine.KindVideo {
		e.Type = "video"
		e.Width, e.Height = b.shrink(f.Width, f.Height)
		e.HTML = fmt.Sprintf(`<video controls playsinline preload="metadata" width="%d" height="%d" poster="%s"><source src="%s" type="%s"></video>`,
			e.Width, e.Height, html.EscapeString(q.light(f).url), html.EscapeString(q.Links.Original(f)), f.Format.MIME())
		return e
	}
	p := q.fitting(f, b)
	e.Type, e.URL, e.Width, e.Height = "photo", p.url, p.width, p.height
	return e
}

// fitting is the largest picture of a file that fits and is not too heavy to be
// shown at once. Where none fits it is the thumb, to be shown smaller than it is.
func (q *request) fitting(f *vitrine.File, b bounds) picture {
	if b.fit(f.Width, f.Height) && (vitrine.Size(f.Size) <= q.settings.LoaderSize || !f.Medium.Exists()) {
		return q.original(f)
	}
	smallest := q.original(f)
	for _, k := range []vitrine.VariantKind{vitrine.Medium, vitrine.Thumb} {
		if !f.Variant(k).Exists() {
			continue
		}
		smallest = q.variant(f, k)
		if b.fit(smallest.width, smallest.height) {
			return smallest
		}
	}
	smallest.width, smallest.height = b.shrink(smallest.width, smallest.height)
	return smallest
}

// addThumbnail adds the best preview that fits; without one that fits there is
// none.
func (q *request) addThumbnail(e *embed, f *vitrine.File, b bounds) {
	for _, k := range []vitrine.VariantKind{vitrine.Medium, vitrine.Frame, vitrine.Thumb} {
		if v := f.Variant(k); v.Exists() && b.fit(v.Width, v.Height) {
			e.ThumbnailURL, e.ThumbnailWidth, e.ThumbnailHeight = q.Links.Variant(f, k), v.Width, v.Height
			return
		}
	}
}

// embedAlbum embeds an album as a link with its cover.
func (q *request) embedAlbum(a *vitrine.Album, b bounds) (*embed, error) {
	e := q.embed(a.Name, q.Links.Album(a), a.OwnerID)
	e.Type = "link"
	cover, err := q.Catalog.AlbumCover(q.r.Context(), nobody, a)
	if err != nil {
		return nil, err
	}
	if cover != nil {
		q.addThumbnail(e, cover, b)
	}
	return e, nil
}

// embed is what all kinds have. Owners with a private profile are not named.
func (q *request) embed(title, page string, ownerID int64) *embed {
	e := &embed{
		Version: "1.0", ProviderName: q.settings.SiteName, ProviderURL: q.Links.Home(),
		Title: title, WebPage: page, CacheAge: cacheAge,
	}
	if ownerID == 0 {
		return e
	}
	if u, err := q.Account.UserByID(q.r.Context(), ownerID); err == nil && !u.Private {
		e.AuthorName, e.AuthorURL = u.DisplayName(), q.Links.On(q.Links.Profile(u.Username))
	}
	return e
}
