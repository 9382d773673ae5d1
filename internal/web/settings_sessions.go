package web

import (
	"net/http"
	"strconv"
	"strings"
)

// settingsSessionsPage lists where the user is signed in.
type settingsSessionsPage struct {
	settingsFrame
	Sessions []sessionRow
	Others   bool // there are others than this one
}

// sessionRow is one browser.
type sessionRow struct {
	ID          int64
	Browser     string
	Address     string
	Current     bool
	Began, Seen date // Seen is exact to an hour
}

// settingsSessions lists sessions and ends them: one, or all others than this.
func (q *visit) settingsSessions() error {
	ctx, user := q.r.Context(), q.actor().UserID()
	_, current, err := q.Account.Session(ctx, q.sessionToken(), q.actor().Address)
	if err != nil {
		return err
	}
	if q.r.Method == http.MethodPost {
		form, err := q.form()
		if err != nil {
			return err
		}
		if form.Get("end") == "others" {
			err = q.Account.EndOtherSessions(ctx, user, q.sessionToken())
		} else {
			id, _ := strconv.ParseInt(form.Get("end"), 10, 64) // 0 is nobody's
			if id == current.ID {
				return q.signOut()
			}
			err = q.Account.EndSession(ctx, user, id)
		}
		if err != nil {
			return err
		}
		return q.done(q.Links.Path("/settings/sessions"), "note.session_ended")
	}
	list, err := q.Account.Sessions(ctx, user)
	if err != nil {
		return err
	}
	p := &settingsSessionsPage{settingsFrame: q.settingsFrame("/settings/sessions"), Others: len(list) > 1}
	for _, s := range list {
		row := sessionRow{
			ID: s.ID, Browser: browserName(s.UserAgent), Current: s.ID == current.ID,
			Began: q.date(s.CreatedAt), Seen: q.date(s.LastSeenAt),
		}
		if row.Browser == "" {
			row.Browser = q.texts.T("account.sessions.unknown")
		}
		if s.Address.IsValid() {
			row.Address = s.Address.String()
		}
		p.Sessions = append(p.Sessions, row)
	}
	return q.render(http.StatusOK, "settings_sessions", p)
}

// What browsers call themselves, and what people call them. The first that is
// found counts: most say that they are others as well.
var (
	browserNames = []struct{ mark, name string }{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"},
		{"Vivaldi/", "Vivaldi"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"},
		{"Safari/", "Safari"}, {"curl/", "curl"},
	}
	systemNames = []struct{ mark, name string }{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"},
		{"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
)

// browserName is "Firefox, Linux" for what a browser says of itself; empty if it
// is none that we know.
func browserName(agent string) string {
	var names []string
	for _, list := range [][]struct{ mark, name string }{browserNames, systemNames} {
		for _, n := range list {
			if strings.Contains(agent, n.mark) {
				names = append(names, n.name)
				break
			}
		}
	}
	return strings.Join(names, ", ")
}
