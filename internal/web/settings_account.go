package web

import (
	"net/http"
)

// settingsAccountPage is what users wish for.
type settingsAccountPage struct {
	settingsFrame
	Username, Email   string
	Languages         []formChoice // the first follows the browser
	Private, KeepEXIF bool
	EXIFOff           bool // the site removes metadata from all files
}

// settingsAccount shows and changes it.
func (q *visit) settingsAccount() error {
	u, err := q.Account.UserByID(q.r.Context(), q.actor().UserID())
	if err != nil {
		return err
	}
	f := q.settingsFrame("/settings/account")
	status := http.StatusOK
	if q.r.Method == http.MethodPost {
		form, err := q.form()
		if err != nil {
			return err
		}
		u.Language, u.Private, u.KeepEXIF = form.Get("language"), form.Get("private") == "1", form.Get("keep_exif") == "1"
		_, err = q.Account.EditProfile(q.r.Context(), u.ID, profileOf(u))
		if err == nil {
			return q.done(q.Links.Path("/settings/account"), "note.settings_saved")
		}
		if status = q.settingsRefused(&f, err); status == 0 {
			return err
		}
	}
	p := &settingsAccountPage{
		settingsFrame: f, Username: u.Username, Email: u.Email,
		Private: u.Private, KeepEXIF: u.KeepEXIF, EXIFOff: !q.settings.KeepEXIF,
		Languages: []formChoice{{Label: q.texts.T("account.language_browser"), Chosen: u.Language == ""}},
	}
	for _, tag := range q.settings.Languages {
		p.Languages = append(p.Languages, formChoice{tag, q.Locale.For(tag).T("language.name"), tag == u.Language})
	}
	return q.render(status, "settings_account", p)
}
