package web

import (
	"net/url"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// listOptions say how a list is shown.
type listOptions struct {
	Path  string         // of the page, with the base path
	Query url.Values     // of the page, without "after"; nil: none
	Sort  vitrine.Sort   // in force
	Sorts []vitrine.Sort // offered; nil: no choice
	Empty string         // what stands there where nothing is
	Album *vitrine.Album // whose page it is; nil: another page
}

// listing is a list of files as the partial of that name shows it.
type listing struct {
	Items []listItem
	Next  string // address of the next part; empty: this is all
	Empty string
}

// listItem is one file in a list.
type listItem struct {
	ID, Title, Viewer string
}

// listing makes a list of a page of files.
func (q *visit) listing(p *catalog.FilePage, o listOptions) *listing {
	l := &listing{Empty: o.Empty}
	for i := range p.Files {
		f := &p.Files[i]
		l.Items = append(l.Items, listItem{string(f.Slug), f.DisplayTitle(), q.Links.ViewerPath(f)})
	}
	return l
}
