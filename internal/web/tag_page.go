package web

import (
	"net/http"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// tagPage shows the files with one tag.
type tagPage struct {
	Layout  layout
	Heading string
	Count   string // "12 files"
	All     string // path of the list of tags
	List    *listing
}

// datedSorts are the orders of lists that know no others.
var datedSorts = []vitrine.Sort{vitrine.SortNewest, vitrine.SortOldest}

func (q *visit) tagPage(name string) error {
	tag, err := q.Catalog.Tag(q.r.Context(), q.actor(), name)
	if err != nil {
		return err
	}
	path := q.Links.Tag(tag.Name)
	list, err := q.datedList(catalog.FileQuery{Tag: tag.ID}, listOptions{Path: path, Empty: q.texts.T("list.empty")})
	if err != nil {
		return err
	}
	p := &tagPage{
		Layout: q.layout("#" + tag.Name), Heading: tag.Name, Count: q.texts.N("list.files", int(tag.ListedCount)),
		All: q.Links.Explore("tags"), List: list,
	}
	p.Layout.Entry = "list"
	p.Layout.Description = q.texts.T("explore.tag_about", "Tag", tag.Name)
	p.Layout.Canonical = q.Links.On(path)
	p.Layout.Feed = q.Links.Feed(path)
	p.Layout.NoIndex = tag.ListedCount == 0
	if tag.ListedCount > 0 {
		p.Layout.Feed = q.Links.Feed(path)
	}
	return q.render(http.StatusOK, "tag", p)
}

// datedList is a list that is sorted by date alone, as the address asks.
func (q *visit) datedList(ask catalog.FileQuery, o listOptions) (*listing, error) {
	query := q.r.URL.Query()
	ask.Actor, ask.After = q.actor(), query.Get("after")
	ask.Sort = vitrine.SortNewest
	if vitrine.ParseSort(query.Get("sort"), vitrine.SortNewest) == vitrine.SortOldest {
		ask.Sort = vitrine.SortOldest
	}
	page, err := q.Catalog.Files(q.r.Context(), ask)
	if err != nil {
		return nil, err
	}
	o.Sort, o.Sorts = ask.Sort, datedSorts
	return q.listing(page, o), nil
}
