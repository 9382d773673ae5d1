package web

import "strings"

// accepted is what the site takes, as the partial of that name shows it.
type accepted struct {
	Formats []string // extensions in capitals
	Limits  []string // sentences
}

func (q *visit) accepted() accepted {
	s := q.settings
	a := accepted{Formats: make([]string, len(s.UploadFormats))}
	for i, f := range s.UploadFormats {
		a.Formats[i] = strings.ToUpper(f)
	}
	a.Limits = []string{q.texts.T("accepted.users", "Size", s.UploadMaxSize.String())}
	if s.GuestUploads && s.GuestAPI && s.GuestKey != "" {
		a.Limits = append(a.Limits, q.texts.T("accepted.guests", "Size", s.UploadMaxSizeGuest.String()))
	}
	return a
}

// apiKey is the key for examples: the site's public one if guests may use the
// API, else words that say where one's own goes.
func (q *visit) apiKey() (key string, public bool) {
	if s := q.settings; s.GuestAPI && s.GuestUploads && s.GuestKey != "" {
		return s.GuestKey, true
	}
	return "YOUR_API_KEY", false
}

// call is the shell command that uploads a file.
func (q *visit) call() code {
	key, _ := q.apiKey()
	return q.callWith(key)
}

// callWith is call with this key.
func (q *visit) callWith(key string) code {
	return code{q.texts.T("api.example"), strings.Join([]string{
		"curl --fail-with-body -X POST",
		"-H " + quote("X-API-Key: "+key),
		`-H "Content-Type: multipart/form-data"`,
		`-F "source=@image.jpeg"`,
		q.Links.API(),
	}, " \\\n\t")}
}

// quote makes one word of a shell command: the public key may hold anything.
func quote(s string) string {
	if strings.ContainsAny(s, "\"\\$`!\n") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return `"` + s + `"`
}
