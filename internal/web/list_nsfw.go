package web

import (
	"net/http"
	"strings"
)

// nsfwCookie is set while a visitor wants to see what is not safe for work.
const nsfwCookie = "nsfw"

// showsNSFW reports whether the visitor does.
func (q *visit) showsNSFW() bool {
	c, err := q.r.Cookie(nsfwCookie)
	return err == nil && c.Value == "1"
}

// switchNSFW remembers the choice for half a year and leads back.
func (q *visit) switchNSFW() error {
	form, err := q.form()
	if err != nil {
		return err
	}
	if form.Get("show") == "1" {
		http.SetCookie(q.w, q.cookie(nsfwCookie, "1", 182*24*3600))
	} else {
		http.SetCookie(q.w, q.cookie(nsfwCookie, "", -1))
	}
	return q.done(q.backTo(form.Get("next")), "")
}

// backTo is a path of this site that a form named; the home page for anything
// else, so that nobody is led to another site.
func (q *visit) backTo(path string) string {
	if !strings.HasPrefix(path, q.Links.Path("/")) || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return q.Links.Path("/")
	}
	return path
}
