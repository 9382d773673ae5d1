package web

import "net/http"

// scriptRoutes are what our own scripts ask for, below "/-/": answers in JSON and
// parts of pages. They are no API for others.
var scriptRoutes = area{"-": func(q *visit, rest string) error {
	if r, ok := scripts[rest]; ok {
		return q.pattern("/-/"+rest, func() error { return r.serve(q) }, r.method)
	}
	return q.nothing()
}}

// scripts are the routes by what stands after "/-/".
var scripts = map[string]struct {
	method string
	serve  func(*visit) error
}{
	"album-of": {http.MethodPost, (*visit).albumOf},
	"albums":   {http.MethodGet, (*visit).albumChoices},
	"beside":   {http.MethodGet, (*visit).filesBeside},
	"claim":    {http.MethodPost, (*visit).claim},
	"like":     {http.MethodPost, (*visit).likeByScript},
	"nsfw":     {http.MethodPost, (*visit).switchNSFW},
	"codes":    {http.MethodGet, (*visit).codesAnswer},
	"files":    {http.MethodPost, (*visit).bulk},
	"keys":     {http.MethodGet, (*visit).keysPage},
	"tags":     {http.MethodGet, (*visit).tagAnswers},
}
