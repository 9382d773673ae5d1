package web

import (
	"net/http"

	"vitrine/internal/vitrine"
)

// settingsFrame is what all pages of the own account have. They are rare enough
// to embed it.
type settingsFrame struct {
	Layout  layout
	Tabs    []listLink
	Profile string // path of the own page
	Field   string // which field was wrong; empty: none
	Wrong   string // and why
}

// settingsTabs are the pages in their order, with their names.
var settingsTabs = []struct{ path, name string }{
	{"/settings", "account.tab.profile"},
	{"/settings/account", "account.tab.account"},
	{"/settings/password", "account.tab.password"},
	{"/settings/keys", "account.tab.keys"},
	{"/settings/sessions", "account.tab.sessions"},
}

// signedIn serves a page to those who are signed in, and leads others to where
// they can.
func (q *visit) signedIn(serve func(*visit) error) error {
	q.w.Header().Set("Cache-Control", "no-store")
	if !q.actor().Guest() {
		return serve(q)
	}
	if q.wantsJSON() {
		return vitrine.Errorf(vitrine.CodeUnauthorized, "Sign in first")
	}
	return q.done(q.Links.SignIn(q.Links.Path(q.r.URL.Path)), "")
}

// settingsFrame begins a page: that of the path, which is one of settingsTabs.
func (q *visit) settingsFrame(path string) settingsFrame {
	f := settingsFrame{Profile: q.Links.Profile(q.actor().User.Username)}
	title := ""
	for _, tab := range settingsTabs {
		link := listLink{Path: q.Links.Path(tab.path), Text: q.texts.T(tab.name), Current: tab.path == path}
		if link.Current {
			title = link.Text
		}
		f.Tabs = append(f.Tabs, link)
	}
	f.Layout = q.layout(title)
	f.Layout.Entry, f.Layout.NoIndex = "settings", true
	return f
}

// settingsWrong begins the keys of what is said about a field.
const settingsWrong = "account.wrong"

// settingsRefused says on a page what was wrong, and gives the status for that;
// 0 if the error is none that the visitor can mend there.
func (q *visit) settingsRefused(f *settingsFrame, err error) int {
	e, ok := errorOf(err)
	if !ok || q.wantsJSON() {
		return 0
	}
	status := http.StatusBadRequest
	switch e.Code {
	case vitrine.CodeInvalid, vitrine.CodeUnauthorized, vitrine.CodeConflict:
		f.Wrong = q.texts.T(settingsWrong + "." + e.Field)
		if e.Field == "" || f.Wrong == settingsWrong+"."+e.Field {
			return 0
		}
	case vitrine.CodeStopWord:
		f.Wrong = q.explain(e)
	case vitrine.CodeFlood:
		f.Wrong, status = q.tooManyTries(e), http.StatusTooManyRequests
	default:
		return 0
	}
	f.Field = e.Field
	return status
}
