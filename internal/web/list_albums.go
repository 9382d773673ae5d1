package web

import (
	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// albumCards is a list of albums as the partial "albums" shows it.
type albumCards struct {
	Cards []albumCard
	Next  string // path of the next part; empty: this is all
	Empty string
	Way   listLink
	Aside bool // beside a list of files, with which programs would mix them up
}

// albumCard is one album in a list.
type albumCard struct {
	Path, Name string
	Count      string        // "12 files"
	Privacy    *albumPrivacy // nil: public
	Cover      *listItem
}

// albumCards makes cards of a page of albums. next is the address of the page
// after it, if there is one.
func (q *visit) albumCards(p *catalog.AlbumPage, next string) *albumCards {
	c := &albumCards{Empty: q.texts.T("list.no_albums"), Way: q.wayOn(nil), Cards: make([]albumCard, len(p.Albums))}
	if p.Next != "" {
		c.Next = next
		if len(p.Albums) == 0 {
			c.Empty, c.Way = q.goesOn("list.goes_on", next)
		}
	}
	for i := range p.Albums {
		a := &p.Albums[i]
		card := albumCard{Path: q.Links.AlbumPath(&a.Album), Name: a.Name, Count: q.texts.N("list.files", int(a.FileCount))}
		if a.Privacy != vitrine.PrivacyPublic {
			privacy := q.albumPrivacy(a.Privacy)
			card.Privacy = &privacy
		}
		if a.Cover != nil {
			cover := q.listItem(a.Cover, nil, q.showsNSFW())
			card.Cover = &cover
		}
		c.Cards[i] = card
	}
	q.offer("albums-part", c)
	return c
}
