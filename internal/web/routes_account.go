package web

import (
	"net/http"
	"strings"
)

// accountRoutes are the pages of signing in and of one's own account.
var accountRoutes = area{
	"login": func(q *visit, rest string) error {
		if rest != "" {
			return q.nothing()
		}
		return q.pattern("/login", q.signIn, http.MethodGet, http.MethodPost)
	},
	"logout": func(q *visit, rest string) error {
		if rest != "" {
			return q.nothing()
		}
		return q.pattern("/logout", q.signOut, http.MethodPost)
	},
	"settings": func(q *visit, rest string) error {
		serve, ok := settingsPages[strings.TrimSuffix(rest, "/")]
		if !ok {
			return q.nothing()
		}
		return q.pattern("/settings", func() error { return q.signedIn(serve) }, http.MethodGet, http.MethodPost)
	},
}

// settingsPages are the pages of one's own account. Each asks by GET and changes
// by POST.
var settingsPages = map[string]func(*visit) error{
	"":            (*visit).settingsProfile,
	"account":     (*visit).settingsAccount,
	"password":    (*visit).settingsPassword,
	"keys":        (*visit).settingsKeys,
	"keys/sharex": (*visit).settingsShareX,
	"sessions":    (*visit).settingsSessions,
}

// profileRoute serves what stands below a user's name.
func (q *visit) profileRoute(username, rest string) error {
	serve, ok := profilePages[strings.TrimSuffix(rest, "/")]
	if !ok {
		return q.nothing()
	}
	return q.pattern("/user", func() error { return q.profilePage(username, rest, serve) }, http.MethodGet)
}

// profilePages are the lists on a user's page.
var profilePages = map[string]func(*visit, *profilePage) error{
	"":       (*visit).profileFiles,
	"albums": (*visit).profileAlbums,
	"liked":  (*visit).profileLiked,
}
