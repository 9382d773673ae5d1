package web

import (
	"net/http"
	"slices"
	"strconv"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// explorePage shows everybody's things in one of many ways.
type explorePage struct {
	Layout     layout
	Heading    string
	Tabs       []listLink
	Categories []countedLink
	List       *listing
	Albums     *albumCards
	Users      *userCards
	Tags       *tagCloud
}

// exploreTabs are the ways, in the order of the tabs. The first is that of the
// address without any.
var exploreTabs = []struct {
	key, name string
	show      func(q *visit, p *explorePage, path string) error
}{
	{"recent", "explore.recent", exploreFiles(catalog.FileQuery{Sort: vitrine.SortNewest}, nil)},
	{"trending", "explore.trending", exploreFiles(catalog.FileQuery{Sort: vitrine.SortTrend}, nil)},
	{"popular", "explore.popular", exploreFiles(catalog.FileQuery{Sort: vitrine.SortViews}, nil)},
	{"images", "explore.images", exploreFiles(catalog.FileQuery{Kind: vitrine.ListImages}, kindSorts)},
	{"videos", "explore.videos", exploreFiles(catalog.FileQuery{Kind: vitrine.ListVideos}, kindSorts)},
	{"animated", "explore.animated", exploreFiles(catalog.FileQuery{Kind: vitrine.ListAnimated}, kindSorts)},
	{"albums", "explore.albums", exploreAlbums},
	{"tags", "explore.tags", exploreTags},
	{"users", "explore.users", exploreUsers},
}

// kindSorts are the orders of lists of everybody's files of a kind.
var kindSorts = []vitrine.Sort{vitrine.SortNewest, vitrine.SortOldest, vitrine.SortViews}

// explorePage serves one of the ways.
func (q *visit) explorePage(key string) error {
	p := &explorePage{}
	var show func(*visit, *explorePage, string) error
	for i, tab := range exploreTabs {
		current := tab.key == key || key == "" && i == 0
		link := listLink{q.Links.Explore(tab.key), q.texts.T(tab.name), current}
		if current {
			p.Heading, show, key = link.Text, tab.show, tab.key
		}
		p.Tabs = append(p.Tabs, link)
	}
	if show == nil {
		return q.nothing()
	}
	p.Layout = q.layout(p.Heading)
	p.Layout.Feed = q.Links.Feed(q.Links.Path("/"))
	p.Layout.Entry = "list"
	p.Layout.Description = q.settings.SiteDescription
	path := q.Links.Explore(key)
	p.Layout.Canonical = q.Links.On(path)
	if err := show(q, p, path); err != nil {
		return err
	}
	return q.render(http.StatusOK, "explore", p)
}

// exploreFiles shows files; sorts are the orders to choose from, nil where the
// way is the order itself.
func exploreFiles(ask catalog.FileQuery, sorts []vitrine.Sort) func(*visit, *explorePage, string) error {
	return func(q *visit, p *explorePage, path string) error {
		ask, usual := ask, ask.Sort
		query := q.r.URL.Query()
		if sorts != nil {
			usual, ask.Sort = vitrine.SortNewest, vitrine.ParseSort(query.Get("sort"), vitrine.SortNewest)
			if !slices.Contains(sorts, ask.Sort) {
				ask.Sort = usual
			}
		}
		ask.Actor, ask.After = q.actor(), query.Get("after")
		page, err := q.Catalog.Files(q.r.Context(), ask)
		if err != nil {
			return err
		}
		o := listOptions{Path: path, Sort: ask.Sort, Usual: usual, Sorts: sorts}
		o.Empty, o.Way = q.exploreEmpty(o)
		p.List = q.listing(page, o)
		p.Categories, err = q.categoryLinks("")
		return err
	}
}

// exploreEmpty is what stands where no file is. Lists by views and by trend leave out
// what nobody has looked at, so they lead to what there is.
func (q *visit) exploreEmpty(o listOptions) (said string, way *listLink) {
	switch {
	case o.Sort != vitrine.SortViews && o.Sort != vitrine.SortTrend:
		return q.texts.T("explore.empty"), q.toUpload()
	case o.Sorts != nil:
		return q.texts.T("explore.unseen"), &listLink{Path: o.address(o.Usual, ""), Text: q.texts.T("list.newest")}
	}
	return q.texts.T("explore.unseen"), &listLink{Path: q.Links.Explore("recent"), Text: q.texts.T("explore.recent")}
}

func exploreAlbums(q *visit, p *explorePage, path string) error {
	page, err := q.Catalog.AlbumList(q.r.Context(), catalog.AlbumQuery{Actor: q.actor(), After: q.r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	p.Albums = q.albumCards(page, listOptions{Path: path}.address("", page.Next))
	return nil
}

func exploreTags(q *visit, p *explorePage, _ string) error {
	tags, err := q.Catalog.PopularTags(q.r.Context(), 200)
	p.Tags = q.tagCloud(tags)
	return err
}

func exploreUsers(q *visit, p *explorePage, path string) error {
	var err error
	p.Users, err = q.userCards("", listOptions{Path: path})
	return err
}

// toUpload leads from a list where nothing is to where it can be filled.
func (q *visit) toUpload() *listLink {
	return &listLink{Path: q.Links.Path("/"), Text: q.texts.T("list.way_upload")}
}

// countedLink leads to a list of so many files.
type countedLink struct {
	Path, Name string
	Count      string
	Weight     int // 1 to 6 by the count, among others
	Current    bool
}

// categoryLinks are the categories that hold something, with the current one.
func (q *visit) categoryLinks(current string) ([]countedLink, error) {
	all, err := q.Catalog.Categories(q.r.Context())
	if err != nil {
		return nil, err
	}
	var list []countedLink
	for _, c := range all {
		if c.ListedCount > 0 || c.URLKey == current {
			list = append(list, countedLink{
				Path: q.Links.Category(c.URLKey), Name: c.Name, Count: strconv.FormatInt(c.ListedCount, 10), Current: c.URLKey == current,
			})
		}
	}
	return list, nil
}
