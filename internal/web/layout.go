package web

import (
	"html/template"
	"net/http"
	"strings"
)

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
	Note        string // what a form has to say; empty: nothing

	Theme, Ground string // see theme; empty: as the system is
	Home, APIPage string // paths
	Icon, Touch   string // paths of icons
	Manifest      string // path
	SignIn        string // path, leads back here
	Frame         *frame

	heads map[string]template.HTML // by entry
}

// code is a piece of code with a label for those who cannot see it.
type code struct{ Label, Text string }

// Head is what the page needs for its styles and scripts.
func (l layout) Head() template.HTML {
	if head, ok := l.heads[l.Entry]; ok {
		return head
	}
	return l.heads["base"]
}

func (q *visit) layout(title string) layout {
	f, chosen, lang := q.frames(), q.theme(), q.texts.Lang()
	l := layout{
		Lang:     lang,
		Dir:      q.texts.Dir(),
		Site:     q.settings.SiteName,
		Title:    title,
		Note:     q.takeNote(),
		Ground:   chosen.Ground,
		Home:     f.data.Home,
		APIPage:  f.data.API,
		Icon:     f.data.Icon,
		Touch:    q.Links.Path(q.assets.iconPath("touch.png")),
		Manifest: q.Links.Path("/manifest.webmanifest?lang=" + lang),
		SignIn:   q.signInHere(),
		Frame:    q.frame(f, chosen),
		heads:    q.heads[lang],
	}
	if chosen.Name != systemTheme.Name {
		l.Theme = chosen.Name
	}
	return l
}

// signInHere is the path of signing in that leads back to this page, if one can
// come back: not to the answer of a form, nor to what a browser takes for a host.
func (q *visit) signInHere() string {
	if q.r.Method == http.MethodPost || strings.HasPrefix(q.r.URL.Path, "/login") || strings.HasPrefix(q.r.URL.Path, "//") {
		return q.Links.SignIn("")
	}
	here := q.Links.Path(q.r.URL.EscapedPath())
	if q.r.URL.RawQuery != "" {
		here += "?" + q.r.URL.RawQuery
	}
	return q.Links.SignIn(here)
}
