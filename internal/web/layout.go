package web

import "net/http"

// layout is what every page has. It is a field of page structs, not embedded:
// templates find promoted fields slowly.
type layout struct {
	Lang, Dir   string
	Site        string
	Title       string // empty: the site's name alone
	Description string // empty: none
	Canonical   string // address; empty: none
	NoIndex     bool
	Feed        string // path of the page's Atom feed; empty: none
	Entry       string // of scripts: "list", "viewer", "upload", "settings"; empty: "base"

	Home, APIPage, Style, Icon string // paths
	Frame                      *frame
}

// code is a piece of code with a label for those who cannot see it.
type code struct{ Label, Text string }

func (q *visit) layout(title string) layout {
	f := q.frames()
	l := layout{
		Lang:    q.texts.Lang(),
		Dir:     q.texts.Dir(),
		Site:    q.settings.SiteName,
		Title:   title,
		Home:    f.home,
		APIPage: f.api,
		Style:   q.assets.style,
		Icon:    q.assets.icon,
		Frame:   f.usual[q.texts.Lang()],
	}
	// The answer to a form has no address that could be asked for again.
	if q.r.Method == http.MethodPost {
		l.Frame = f.afterForm[q.texts.Lang()]
	}
	return l
}
