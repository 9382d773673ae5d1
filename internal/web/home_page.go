package web

import "net/http"

// homePage says what the site takes and how.
type homePage struct {
	Layout   layout
	Accepted accepted
	Call     code
	GuestKey bool // Call works as it stands
}

func (q *visit) home() error {
	p := &homePage{Layout: q.layout(""), Accepted: q.accepted(), Call: q.call()}
	_, p.GuestKey = q.apiKey()
	p.Layout.Description = q.settings.SiteDescription
	p.Layout.Canonical = q.Links.Home()
	return q.render(http.StatusOK, "home", p)
}
