package vitrine

// Sort is the order of a list. The words are those of the original's addresses.
type Sort string

// The orders.
const (
	SortNewest Sort = "date_desc"
	SortOldest Sort = "date_asc"
	SortViews  Sort = "views_desc"
	SortTitle  Sort = "name_asc"
	SortTrend  Sort = "trending" // lists of everybody's files only
)

// ParseSort accepts one of the orders; anything else is the fallback.
func ParseSort(s string, fallback Sort) Sort {
	switch o := Sort(s); o {
	case SortNewest, SortOldest, SortViews, SortTitle:
		return o
	}
	return fallback
}

// ListKind narrows a list to files of a kind.
type ListKind string

// The kinds; empty is all.
const (
	ListImages   ListKind = "images"   // stills and animations
	ListAnimated ListKind = "animated" // moving pictures, without films
	ListVideos   ListKind = "videos"
)

// ParseListKind accepts one of the kinds; anything else is all.
func ParseListKind(s string) ListKind {
	switch k := ListKind(s); k {
	case ListImages, ListAnimated, ListVideos:
		return k
	}
	return ""
}
