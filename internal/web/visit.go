package web

import (
	"net/http"
	"net/netip"
	"strings"

	"vitrine/internal/locale"
	"vitrine/internal/vitrine"
)

// languageCookie remembers the language that a visitor chose, for a year.
const languageCookie = "lang"

// visit is one request on its way to a page.
type visit struct {
	*door
	w        http.ResponseWriter
	r        *http.Request
	settings *vitrine.Settings
	texts    *locale.Localizer
	who      *vitrine.Actor // nil: not asked for yet
	part     part           // of the page, for scripts that want no more
	anywhere bool           // the page may stand in frames of other sites
}

func (d *door) newVisit(w http.ResponseWriter, r *http.Request) *visit {
	q := &visit{door: d, w: w, r: r, settings: d.Settings.Current()}
	q.texts = d.Locale.For(q.language())
	return q
}

// language is the visitor's choice: by the query, which is remembered, by
// the account, by the cookie, by the browser.
func (q *visit) language() string {
	wanted := make([]string, 0, 2)
	if strings.Contains(q.r.URL.RawQuery, "lang=") {
		asked := q.r.URL.Query().Get("lang")
		wanted = append(wanted, asked)
		if q.Locale.Match(wanted, "", q.settings.Languages, "") == asked && asked != "" {
			http.SetCookie(q.w, &http.Cookie{
				Name: languageCookie, Value: asked, Path: q.Links.Path("/"), MaxAge: 365 * 24 * 3600,
				HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(q.Links.Home(), "https:"),
			})
		}
	}
	if u := q.actor().User; u != nil {
		wanted = append(wanted, u.Language)
	}
	if c, err := q.r.Cookie(languageCookie); err == nil {
		wanted = append(wanted, c.Value)
	}
	return q.Locale.Match(wanted, q.r.Header.Get("Accept-Language"), q.settings.Languages, q.settings.Language)
}

// actor is who looks.
func (q *visit) actor() vitrine.Actor {
	if q.who == nil {
		a := q.Identify(q.r)
		q.who = &a
	}
	return *q.who
}

// guest is somebody of whom nothing but the address is known.
func guest(r *http.Request) vitrine.Actor {
	p, _ := netip.ParseAddrPort(r.RemoteAddr)
	return vitrine.Actor{Address: p.Addr().Unmap()}
}
