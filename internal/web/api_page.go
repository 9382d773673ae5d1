package web

import "net/http"

// apiPage describes API version 1.1 with this site's addresses, key and limits.
type apiPage struct {
	Layout     layout
	Accepted   accepted
	Key        string // for examples
	GuestKey   bool   // Key is the site's public key
	URL        string
	AuthHeader code
	Parameters []parameter
	Call       code
	Answers    []code
}

// parameter is one that the API takes here.
type parameter struct {
	Name  string
	Notes []string // "optional"
	Text  string
}

func (q *visit) apiPage() error {
	t := q.texts
	p := &apiPage{
		Layout: q.layout(t.T("api.title")), Accepted: q.accepted(),
		URL: q.Links.API(), Call: q.call(), Parameters: q.parameters(),
	}
	p.Key, p.GuestKey = q.apiKey()
	p.Layout.Canonical = q.Links.APIPage()
	p.Layout.Description = t.T("api.lead")
	p.AuthHeader = code{t.T("api.auth"), "X-API-Key: " + p.Key}
	answers := newSampleAnswers(q)
	p.Answers = []code{
		{t.T("api.answer_json"), answers.json},
		{t.T("api.answer_txt"), answers.text},
		{t.T("api.answer_redirect"), answers.redirect},
		{t.T("api.answer_error"), answers.failure},
	}
	return q.render(http.StatusOK, "api", p)
}

// parameters are those that mean something under the settings in force.
func (q *visit) parameters() []parameter {
	t, s := q.texts, q.settings
	optional := []string{t.T("api.optional")}
	list := []parameter{
		{"source", nil, t.T("api.source")},
		{"key", optional, t.T("api.key_param")},
		{"title", optional, t.T("api.title_param")},
		{"description", optional, t.T("api.description")},
		{"tags", optional, t.T("api.tags")},
		{"album_id", optional, t.T("api.album_id")},
		{"category_id", optional, t.T("api.category_id")},
		{"width", optional, t.T("api.width")},
	}
	if s.ExpirableUploads {
		list = append(list, parameter{"expiration", optional, t.T("api.expiration")})
	}
	list = append(list,
		parameter{"nsfw", optional, t.T("api.nsfw")},
		parameter{"format", optional, t.T("api.format")})
	if s.UseFileDate {
		list = append(list, parameter{"use_file_date", append(optional, t.T("api.admin")), t.T("api.use_file_date")})
	}
	return list
}

// sampleAnswers are what the examples on the page are answered with.
type sampleAnswers struct{ json, text, redirect, failure string }
