package web

import (
	"net/http"
	"net/url"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// albumsShown is how many albums within an album its page shows, before it leads
// to a list of its own.
const albumsShown = 12

// albumPage shows an album: what is known about it, the albums within it, its
// files.
type albumPage struct {
	Layout layout
	Album  *albumHead
	OEmbed *oembed // nil: it is not for everybody
	Albums *albumCards
	Within string // path of the list of all albums within it; empty: all are shown
	List   *listing
}

// albumPage serves an album. Its right address is that of links.AlbumPath; the
// short one, without the name, is good as well.
func (q *visit) albumPage(route string, slug vitrine.Slug) error {
	a, err := q.Catalog.Album(q.r.Context(), q.actor(), slug)
	if vitrine.Is(err, vitrine.CodePassword) {
		return q.albumPrompt(http.StatusOK, slug, "")
	}
	if err != nil {
		return err
	}
	if q.albumMoved(route, a, "") {
		return nil
	}
	order := vitrine.ParseSort(q.r.URL.Query().Get("sort"), albumSort(a))
	files, err := q.Catalog.Files(q.r.Context(), catalog.FileQuery{
		Actor: q.actor(), Album: a.ID, Sort: order, After: q.r.URL.Query().Get("after"),
	})
	if err != nil {
		return err
	}
	head, err := q.albumHead(a)
	if err != nil {
		return err
	}
	p := &albumPage{Layout: q.albumLayout(a), Album: head}
	if p.Layout.Feed != "" {
		p.OEmbed = &oembed{q.Links.OEmbed(head.Address, "json"), q.Links.OEmbed(head.Address, "xml")}
	}
	if q.r.URL.Query().Get("after") == "" {
		if p.Albums, p.Within, err = q.albumsWithin(a); err != nil {
			return err
		}
	}
	o := listOptions{
		Path: q.Links.AlbumPath(a), Sort: order, Usual: albumSort(a), Sorts: usualSorts,
		Empty: q.texts.T("album.empty"), Album: a, One: true,
	}
	if head.May.Upload != "" {
		o.Way = &listLink{Path: head.May.Upload, Text: q.texts.T("album.upload")}
	}
	p.List = q.listing(files, o)
	q.Catalog.CountAlbumView(q.actor(), a, q.r.UserAgent())
	return q.render(http.StatusOK, "album", p)
}

// albumWithin serves the list of all albums within an album.
func (q *visit) albumWithin(route string, slug vitrine.Slug) error {
	a, err := q.Catalog.Album(q.r.Context(), q.actor(), slug)
	if vitrine.Is(err, vitrine.CodePassword) {
		return q.albumPrompt(http.StatusOK, slug, "")
	}
	if err != nil {
		return err
	}
	if q.albumMoved(route, a, "/sub") {
		return nil
	}
	page, err := q.Catalog.AlbumList(q.r.Context(), catalog.AlbumQuery{Actor: q.actor(), Parent: a.ID, After: q.r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	head, err := q.albumHead(a)
	if err != nil {
		return err
	}
	p := &albumPage{Layout: q.albumLayout(a), Album: head}
	p.Layout.Canonical = q.Links.On(q.Links.AlbumPath(a) + "/sub")
	p.Albums = q.albumCards(page, q.Links.AlbumPath(a)+"/sub?after="+url.QueryEscape(page.Next))
	p.Albums.Empty = q.texts.T("album.no_albums")
	p.Albums.Way = listLink{Path: head.Path, Text: q.texts.T("album.back")}
	return q.render(http.StatusOK, "album_sub", p)
}

// albumsWithin are the first albums within an album, and the path of the list of
// all if there are more; nil where there are none.
func (q *visit) albumsWithin(a *vitrine.Album) (*albumCards, string, error) {
	page, err := q.Catalog.AlbumList(q.r.Context(), catalog.AlbumQuery{Actor: q.actor(), Parent: a.ID, Limit: albumsShown})
	if err != nil || len(page.Albums) == 0 {
		return nil, "", err
	}
	more := ""
	if page.Next != "" {
		page.Next, more = "", q.Links.AlbumPath(a)+"/sub"
	}
	cards := q.albumCards(page, "")
	cards.Aside = true
	return cards, more, nil
}

// albumMoved leads to the right address of an album, or of a page below it, as
// filePage does for files, and reports whether it had to.
func (q *visit) albumMoved(route string, a *vitrine.Album, below string) bool {
	right, here := q.Links.AlbumPath(a)+below, q.Links.Path(q.r.URL.Path)
	decoded, err := url.PathUnescape(right)
	if here == q.albumShort(a.Slug)+below || err == nil && here == decoded {
		return false
	}
	status := http.StatusFound
	if route != q.settings.RouteAlbum {
		status = http.StatusMovedPermanently
	}
	if query := q.r.URL.RawQuery; query != "" {
		right += "?" + query
	}
	q.w.Header().Set("Location", right)
	q.w.Header().Set("Cache-Control", "private, no-cache")
	q.w.WriteHeader(status)
	return true
}

// albumLayout is the layout of the pages that show an album.
func (q *visit) albumLayout(a *vitrine.Album) layout {
	l := q.layout(a.Name)
	l.Description = cut(a.Description, 300)
	l.Canonical = q.Links.Album(a)
	if a.Privacy == vitrine.PrivacyPublic || a.Privacy == vitrine.PrivacyUnlisted {
		l.Feed = q.Links.Feed(q.Links.AlbumPath(a))
	}
	if a.Privacy != vitrine.PrivacyPublic {
		l.NoIndex = true
		q.w.Header().Set("X-Robots-Tag", "noindex")
	}
	l.Entry = "list"
	return l
}

// albumShort is the path of an album's page without its name.
func (q *visit) albumShort(slug vitrine.Slug) string {
	return q.Links.Path("/" + q.settings.RouteAlbum + "/" + string(slug))
}

// albumSort is the order in which an album begins.
func albumSort(a *vitrine.Album) vitrine.Sort {
	return vitrine.ParseSort(string(a.Sort), vitrine.SortNewest)
}
