package web

import (
	"net/http"

	"vitrine/internal/locale"
)

// layout is what every page has.
type layout struct {
	*locale.Localizer // T, N, Lang and Dir for the templates

	Site        string
	Title       string // empty: the site's name alone
	Description string // empty: none
	Canonical   string // address; empty: none
	NoIndex     bool
	AtAPI       bool // the API page itself

	Home, APIPage, Style, Icon string // paths
	Languages                  []languageLink
}

// languageLink is a language that the visitor may choose.
type languageLink struct {
	Tag, Name string
	Current   bool
}

// code is a piece of code with a label for those who cannot see it.
type code struct{ Label, Text string }

func (q *visit) layout(title string) layout {
	l := layout{
		Localizer: q.texts,
		Site:      q.settings.SiteName,
		Title:     title,
		Home:      q.Links.Path("/"),
		APIPage:   q.Links.Path("/api-v1"),
		Style:     q.assets.style,
		Icon:      q.assets.icon,
	}
	// The answer to a form has no address that could be asked for again.
	if len(q.settings.Languages) > 1 && q.r.Method != http.MethodPost {
		l.Languages = make([]languageLink, len(q.settings.Languages))
		for i, tag := range q.settings.Languages {
			l.Languages[i] = languageLink{tag, q.Locale.For(tag).T("language.name"), tag == q.texts.Lang()}
		}
	}
	return l
}
