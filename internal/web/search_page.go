package web

import (
	"net/http"
	"net/url"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// searchPage finds files, albums and users by words.
type searchPage struct {
	Layout     layout
	Heading    string
	Action     string
	Words      string
	Types      []searchChoice
	Categories []searchChoice // nil where there are none to choose from
	Asked      bool
	Note       string // how far the search came; empty: to the end
	List       *listing
	Albums     *albumCards
	Users      *userCards
	Tags       *tagCloud // before anything was asked
}

// searchChoice is an option of a field of the form.
type searchChoice struct {
	Value, Text string
	Chosen      bool
}

// searchTypes are what can be looked for. All kinds of files is the empty one.
var searchTypes = []struct{ value, name string }{
	{"", "search.files"}, {"images", "explore.images"}, {"videos", "explore.videos"}, {"animated", "explore.animated"},
	{"albums", "explore.albums"}, {"users", "explore.users"},
}

// search serves the form and what it finds. Addresses of the original software
// lead to ours.
func (q *visit) search(rest string) error {
	query := q.r.URL.Query()
	if ours, other := searchFromOriginal(rest, query); other {
		q.redirect(http.StatusMovedPermanently, q.Links.Search("")+ours)
		return nil
	}
	p := &searchPage{Action: q.Links.Search(""), Words: cut(query.Get("q"), 200), Heading: q.texts.T("search.title")}
	if p.Words != "" {
		p.Heading = q.texts.T("search.title_of", "Words", p.Words)
	}
	p.Layout = q.layout(p.Heading)
	p.Layout.Entry = "list"
	p.Layout.NoIndex = true
	kind := ""
	for _, t := range searchTypes {
		chosen := t.value == query.Get("type")
		if chosen {
			kind = t.value
		}
		p.Types = append(p.Types, searchChoice{t.value, q.texts.T(t.name), chosen})
	}
	category, err := q.searchCategory(p, query.Get("category"))
	if err != nil {
		return err
	}
	p.Asked = p.Words != "" || category != nil
	if !p.Asked {
		tags, err := q.Catalog.PopularTags(q.r.Context(), 40)
		if err != nil {
			return err
		}
		p.Tags = q.tagCloud(tags)
		return q.render(http.StatusOK, "search", p)
	}
	if err := q.find(p, kind, category); err != nil {
		return err
	}
	return q.render(http.StatusOK, "search", p)
}

// searchCategory fills the choice of categories and finds the one asked for; nil
// for all.
func (q *visit) searchCategory(p *searchPage, key string) (chosen *vitrine.Category, err error) {
	all, err := q.Catalog.Categories(q.r.Context())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	p.Categories = []searchChoice{{"", q.texts.T("search.any_category"), false}}
	for i, c := range all {
		p.Categories = append(p.Categories, searchChoice{c.URLKey, c.Name, c.URLKey == key})
		if c.URLKey == key {
			chosen = &all[i]
		}
	}
	return chosen, nil
}

// find fills the page with what was found.
func (q *visit) find(p *searchPage, kind string, category *vitrine.Category) (err error) {
	query := url.Values{"q": {p.Words}}
	if kind != "" {
		query.Set("type", kind)
	}
	ask := catalog.FileQuery{Actor: q.actor(), Search: p.Words, Kind: vitrine.ParseListKind(kind), After: q.r.URL.Query().Get("after")}
	if category != nil {
		query.Set("category", category.URLKey)
		ask.Category = category.ID
	}
	o := listOptions{Path: p.Action, Query: query, Empty: q.texts.T("search.nothing"), Sort: vitrine.SortNewest}
	switch kind {
	case "albums":
		page, err := q.Catalog.AlbumList(q.r.Context(), catalog.AlbumQuery{Actor: ask.Actor, Search: p.Words, After: ask.After})
		if err != nil {
			return err
		}
		p.Albums = q.albumCards(page, o.address("", page.Next))
		p.Albums.Empty = o.Empty
		if len(p.Albums.Cards) == 0 && p.Albums.Next != "" {
			p.Albums.Empty, p.Albums.Way = q.goesOn("search.goes_on", p.Albums.Next)
		}
		return nil
	case "users":
		if p.Users, err = q.userCards(p.Words, o); err == nil && len(p.Users.Cards) == 0 && p.Users.Next != "" {
			p.Users.Empty, p.Users.Way = q.goesOn("search.goes_on", p.Users.Next)
		}
		return err
	}
	page, err := q.Catalog.Files(q.r.Context(), ask)
	if err != nil {
		return err
	}
	p.List = q.listing(page, o)
	switch {
	case page.GoesOn && len(page.Files) == 0:
		p.List.Empty, p.List.Way = q.goesOn("search.goes_on", p.List.Next)
	case page.GoesOn:
		p.Note = q.texts.T("search.goes_on")
	case page.Partial:
		p.Note = q.texts.T("search.many_words")
	}
	return nil
}
