package web

import (
	"net/http"
	"net/url"
	"strings"
)

// theme is a choice of colours. What they are stands in frontend/src/styles/themes.css.
type theme struct {
	Name   string // value of data-theme; empty: light or dark, as the system is
	Text   string // key of its name
	Ground string // its background, for the browser's own bars; empty: see layout
}

// systemTheme follows the system.
var systemTheme = theme{Name: "system", Text: "theme.system"}

// themes are those that a visitor may choose from.
var themes = []theme{
	systemTheme,
	{"light", "theme.light", "#fcfcfe"},
	{"dark", "theme.dark", "#111316"},
	{"autumn", "theme.autumn", "#f1f1f1"},
	{"caramellatte", "theme.caramellatte", "#fff7ed"},
	{"coffee", "theme.coffee", "#261b25"},
	{"cupcake", "theme.cupcake", "#faf7f5"},
	{"dim", "theme.dim", "#2a303c"},
	{"dracula", "theme.dracula", "#282a36"},
	{"forest", "theme.forest", "#1b1717"},
	{"lofi", "theme.lofi", "#ffffff"},
	{"night", "theme.night", "#0f172a"},
	{"nord", "theme.nord", "#eceff4"},
	{"sunset", "theme.sunset", "#121c22"},
	{"winter", "theme.winter", "#ffffff"},
}

// themeCookie remembers the choice, for a year.
const themeCookie = "theme"

// themeNamed is the theme of that name, else that of the system.
func themeNamed(name string) theme {
	for _, t := range themes {
		if t.Name == name {
			return t
		}
	}
	return systemTheme
}

// theme is the visitor's choice.
func (q *visit) theme() theme {
	if c, err := q.r.Cookie(themeCookie); err == nil {
		return themeNamed(c.Value)
	}
	return systemTheme
}

// look is what the same page differs in from one guest to the next.
type look struct{ lang, theme string }

func (q *visit) look() look { return look{q.texts.Lang(), q.theme().Name} }

// common reports whether a page that shows the same to all guests shows it to
// this visitor too, so that it may be remembered.
func (q *visit) common() bool {
	_, err := q.r.Cookie(noteCookie)
	return err != nil && q.actor().Guest() && q.r.URL.RawQuery == ""
}

// chooseTheme keeps the choice of a form with the field theme and leads back to
// the page it was on. It reports whether that was what was asked for.
func (q *visit) chooseTheme() bool {
	if q.r.Method == http.MethodPost || !strings.Contains(q.r.URL.RawQuery, "theme=") ||
		strings.HasPrefix(q.r.URL.Path, "//") { // a browser would take it for another host
		return false
	}
	query := q.r.URL.Query()
	name := query.Get("theme")
	if name == "" || themeNamed(name).Name != name {
		return false
	}
	seconds := 365 * 24 * 3600
	if name == systemTheme.Name {
		seconds = -1
	}
	http.SetCookie(q.w, q.cookie(themeCookie, name, seconds))
	query.Del("theme")
	back := url.URL{Path: q.Links.Path(q.r.URL.Path), RawQuery: query.Encode()}
	// The form knows nothing of the query of its page.
	if from, err := url.Parse(q.r.Referer()); err == nil && from.Scheme+"://"+from.Host == q.Links.Origin() && from.Path == back.Path {
		query = from.Query()
		query.Del("theme")
		back.RawQuery = query.Encode()
	}
	h := q.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Location", back.String())
	q.w.WriteHeader(http.StatusSeeOther)
	return true
}
