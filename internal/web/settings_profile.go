package web

import (
	"net/http"

	"vitrine/internal/account"
	"vitrine/internal/vitrine"
)

// settingsProfilePage is what users say about themselves.
type settingsProfilePage struct {
	settingsFrame
	Username, Name, Bio, Website string
}

// settingsProfile shows and changes it.
func (q *visit) settingsProfile() error {
	u, err := q.Account.UserByID(q.r.Context(), q.actor().UserID())
	if err != nil {
		return err
	}
	if q.r.Method != http.MethodPost {
		return q.settingsProfileForm(http.StatusOK, u, q.settingsFrame("/settings"))
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	u.Name, u.Bio, u.Website = form.Get("name"), form.Get("bio"), form.Get("website")
	if _, err := q.Account.EditProfile(q.r.Context(), u.ID, profileOf(u)); err != nil {
		f := q.settingsFrame("/settings")
		if status := q.settingsRefused(&f, err); status != 0 {
			return q.settingsProfileForm(status, u, f)
		}
		return err
	}
	return q.done(q.Links.Path("/settings"), "note.settings_saved")
}

func (q *visit) settingsProfileForm(status int, u *vitrine.User, f settingsFrame) error {
	return q.render(status, "settings_profile", &settingsProfilePage{f, u.Username, u.Name, u.Bio, u.Website})
}

// profileOf is the profile of a user as it is.
func profileOf(u *vitrine.User) account.Profile {
	return account.Profile{
		Name: u.Name, Bio: u.Bio, Website: u.Website, Language: u.Language, Private: u.Private, KeepEXIF: u.KeepEXIF,
	}
}
