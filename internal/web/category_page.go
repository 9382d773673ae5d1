package web

import (
	"net/http"

	"vitrine/internal/catalog"
)

// categoryPage shows the files of one category.
type categoryPage struct {
	Layout        layout
	Heading, Text string
	Categories    []countedLink
	List          *listing
}

func (q *visit) categoryPage(key string) error {
	c, err := q.Catalog.Category(q.r.Context(), key)
	if err != nil {
		return err
	}
	p := &categoryPage{Layout: q.layout(c.Name), Heading: c.Name, Text: c.Description}
	path := q.Links.Category(c.URLKey)
	p.List, err = q.datedList(catalog.FileQuery{Category: c.ID}, listOptions{Path: path, Empty: q.texts.T("list.empty")})
	if err != nil {
		return err
	}
	if p.Categories, err = q.categoryLinks(c.URLKey); err != nil {
		return err
	}
	p.Layout.Entry = "list"
	p.Layout.Description = c.Description
	p.Layout.Canonical = q.Links.On(path)
	return q.render(http.StatusOK, "category", p)
}
