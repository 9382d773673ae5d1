package web

import "net/http"

// homePage says what the site takes and how.
type homePage struct {
	layout
	accepted
	Call     code
	GuestKey bool // Call works as it stands
}

func (q *visit) home() error {
	p := &homePage{layout: q.layout(""), accepted: q.accepted(), Call: q.call()}
	_, p.GuestKey = q.apiKey()
	p.Description = q.settings.SiteDescription
	p.Canonical = q.Links.Home()
	return q.render(http.StatusOK, "home", p)
}
