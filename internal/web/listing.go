package web

import (
	"cmp"
	"net/url"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// listOptions say how a list is shown.
type listOptions struct {
	Path  string         // of the page, with the base path
	Query url.Values     // of the page, without "after" and "page"; nil: none
	Sort  vitrine.Sort   // in force
	Usual vitrine.Sort   // in force where the address names none; empty: the newest first
	Sorts []vitrine.Sort // offered; nil: no choice
	Empty string         // what stands there where nothing is
	Way   *listLink      // leads on from there; nil: to explore
	Album *vitrine.Album // whose page it is; nil: another page
	One   bool           // all are of one person, who need not be named at each
}

// listLink leads to another form of a list, or on from an empty one.
type listLink struct {
	Path, Text string
	Current    bool
}

// listing is a list of files as the partial of that name shows it.
type listing struct {
	Items []listItem
	Here  string // path of this part with its query, where forms lead back to
	Next  string // path of the next part; empty: this is all
	Empty string
	Way   listLink

	Sorts   []listLink
	Sort    string // name of the order in force
	Mine    bool   // the visitor may change some of the items
	Bulk    string // where the form of all items leads to
	Album   string // slug of the album whose page it is; empty: of another page
	Covered bool   // there are items that are covered, or would be
	Shown   bool   // the visitor sees what is not safe for work
	Switch  string // where the form that covers and uncovers leads to
}

// usualSorts are the orders that most lists offer.
var usualSorts = []vitrine.Sort{vitrine.SortNewest, vitrine.SortOldest, vitrine.SortViews, vitrine.SortTitle}

// listing makes a list of a page of files.
func (q *visit) listing(p *catalog.FilePage, o listOptions) *listing {
	l := &listing{
		Here: q.Links.Path(q.r.URL.RequestURI()), Empty: o.Empty, Way: q.wayOn(o.Way),
		Bulk: q.Links.Path("/-/files"), Switch: q.Links.Path("/-/nsfw"), Shown: q.showsNSFW(),
	}
	if p.Next != "" {
		l.Next = o.address(o.Sort, p.Next)
	}
	for _, s := range o.Sorts {
		link := listLink{o.address(s, ""), q.texts.T(sortNames[s]), s == o.Sort}
		if link.Current {
			l.Sort = link.Text
		}
		l.Sorts = append(l.Sorts, link)
	}
	l.Items = make([]listItem, len(p.Files))
	owners := q.owners(p.Files, o.One)
	for i := range p.Files {
		f := &p.Files[i]
		l.Items[i] = q.listItem(f, owners[f.OwnerID], l.Shown)
		l.Mine = l.Mine || l.Items[i].Mine
		l.Covered = l.Covered || f.NSFW
	}
	if p.GoesOn && len(p.Files) == 0 {
		l.Empty, l.Way = q.goesOn("list.goes_on", l.Next)
	}
	if o.Album != nil {
		l.Album = string(o.Album.Slug)
	}
	q.part = part{"listing-part", l}
	return l
}

var sortNames = map[vitrine.Sort]string{
	vitrine.SortNewest: "list.newest", vitrine.SortOldest: "list.oldest",
	vitrine.SortViews: "list.most_viewed", vitrine.SortTitle: "list.by_title",
}

// goesOn is what stands there where nothing was found yet, and the way on.
func (q *visit) goesOn(text, next string) (said string, way listLink) {
	return q.texts.T(text), listLink{Path: next, Text: q.texts.T("list.next")}
}

// wayOn leads on from an empty list.
func (q *visit) wayOn(given *listLink) listLink {
	if given != nil {
		return *given
	}
	return listLink{Path: q.Links.Explore("recent"), Text: q.texts.T("list.way_explore")}
}

// address is the path of the list in an order, from a place on. The place stands
// first: some programs that follow such links lose what comes after.
func (o listOptions) address(s vitrine.Sort, after string) string {
	query := ""
	add := func(k, v string) {
		if query != "" {
			query += "&"
		}
		query += k + "=" + url.QueryEscape(v)
	}
	if after != "" {
		add("after", after)
	}
	if s != cmp.Or(o.Usual, vitrine.SortNewest) && s != "" {
		add("sort", string(s))
	}
	for _, k := range sortedKeys(o.Query) {
		if k == "after" || k == "sort" || k == "page" {
			continue
		}
		for _, v := range o.Query[k] {
			add(k, v)
		}
	}
	if query == "" {
		return o.Path
	}
	return o.Path + "?" + query
}
