package web

import "net/http"

// settingsPasswordPage changes the password.
type settingsPasswordPage struct {
	settingsFrame
	Username string // for password managers
}

// settingsPassword shows the form and takes it.
func (q *visit) settingsPassword() error {
	f := q.settingsFrame("/settings/password")
	status := http.StatusOK
	if q.r.Method == http.MethodPost {
		form, err := q.form()
		if err != nil {
			return err
		}
		err = q.Account.ChangePassword(q.r.Context(), q.actor().UserID(), form.Get("old_password"), form.Get("password"), q.sessionToken())
		if err == nil {
			return q.done(q.Links.Path("/settings/password"), "note.password_changed")
		}
		if status = q.settingsRefused(&f, err); status == 0 {
			return err
		}
	}
	return q.render(status, "settings_password", &settingsPasswordPage{f, q.actor().User.Username})
}
