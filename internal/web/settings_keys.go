package web

import (
	"net/http"
	"strings"

	"vitrine/internal/vitrine"
)

// settingsKeysPage lists the user's API keys and makes new ones.
type settingsKeysPage struct {
	settingsFrame
	Keys    []apiKeyRow
	Made    *apiKeyMade // a new one; nil: none was made
	APIPage string
}

// apiKeyRow is a key, without its secret.
type apiKeyRow struct {
	ID, Name, Shown string // Shown is its beginning, by which it is told from others
	Created, Used   date   // Used without a time: never
	Never           bool
}

// apiKeyMade is a key that is shown once.
type apiKeyMade struct {
	Secret, ShareX string // ShareX is the path that gives its settings for that program
	Key, Call      code
}

// settingsKeys lists, makes and revokes keys. A new key stands on the answer to
// the form: it is kept nowhere, so that no other page could show it.
func (q *visit) settingsKeys() error {
	f := q.settingsFrame("/settings/keys")
	var made *apiKeyMade
	status := http.StatusOK
	if q.r.Method == http.MethodPost {
		form, err := q.form()
		if err != nil {
			return err
		}
		if id := form.Get("revoke"); id != "" {
			if err := q.Account.RevokeKeyOf(q.r.Context(), q.actor().UserID(), id); err != nil {
				return err
			}
			return q.done(q.Links.Path("/settings/keys"), "note.key_revoked")
		}
		secret, _, err := q.Account.CreateKey(q.r.Context(), q.actor().User.Username, form.Get("name"))
		if err == nil {
			made = &apiKeyMade{
				Secret: secret, ShareX: q.Links.Path("/settings/keys/sharex"),
				Key: code{q.texts.T("account.keys.key"), secret}, Call: q.callWith(secret),
			}
		} else if status = q.settingsRefused(&f, err); status == 0 {
			return err
		}
	}
	keys, err := q.Account.Keys(q.r.Context(), q.actor().User.Username)
	if err != nil {
		return err
	}
	p := &settingsKeysPage{settingsFrame: f, Made: made, APIPage: f.Layout.APIPage}
	for _, k := range keys {
		row := apiKeyRow{ID: k.PublicID, Name: k.Name, Shown: "chv_" + k.PublicID + "_…", Created: q.date(k.CreatedAt)}
		if row.Never = k.LastUsedAt.IsZero(); !row.Never {
			row.Used = q.date(k.LastUsedAt)
		}
		p.Keys = append(p.Keys, row)
	}
	return q.render(status, "settings_keys", p)
}

// shareX is a destination of the program ShareX, as its documentation describes
// them (docs/custom-uploader).
type shareX struct {
	Version         string
	Name            string
	DestinationType string
	RequestMethod   string
	RequestURL      string
	Headers         map[string]string
	Body            string
	FileFormName    string
	URL             string
	ThumbnailURL    string
	DeletionURL     string
	ErrorMessage    string
}

// settingsShareX gives the key that the form holds back as a file which ShareX
// opens.
func (q *visit) settingsShareX() error {
	if q.r.Method != http.MethodPost {
		return q.nothing()
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	key := form.Get("key")
	holder, err := q.Account.Authenticate(q.r.Context(), key, q.actor().Address)
	if err != nil {
		return err
	}
	if holder.Guest() || holder.UserID() != q.actor().UserID() {
		return vitrine.NotFound("key")
	}
	h := q.w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+shareXName(q.Links.Host())+`.sxcu"`)
	return q.json(http.StatusOK, shareX{
		Version: "15.0.0", Name: q.settings.SiteName, DestinationType: "ImageUploader, FileUploader",
		RequestMethod: http.MethodPost, RequestURL: q.Links.API(), Headers: map[string]string{"X-API-Key": key},
		Body: "MultipartFormData", FileFormName: "source",
		URL: "{json:image.url}", ThumbnailURL: "{json:image.thumb.url}", DeletionURL: "{json:image.delete_url}",
		ErrorMessage: "{json:error.message}",
	})
}

// shareXName makes the name of a file of that of a host, which may have a port.
func shareXName(host string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(host))
}
