package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

// maxForm is the most bytes of a form without files.
const maxForm = 1 << 20

// form reads the fields of a form, and refuses forms of other sites.
func (q *visit) form() (url.Values, error) {
	if err := q.sameOrigin(); err != nil {
		return nil, err
	}
	q.r.Body = http.MaxBytesReader(q.w, q.r.Body, maxForm)
	if strings.HasPrefix(q.r.Header.Get("Content-Type"), "multipart/") {
		if err := q.r.ParseMultipartForm(maxForm); err != nil {
			return nil, &vitrine.Error{Code: vitrine.CodeInvalid, Field: "form", Err: err}
		}
	} else if err := q.r.ParseForm(); err != nil {
		return nil, &vitrine.Error{Code: vitrine.CodeInvalid, Field: "form", Err: err}
	}
	return q.r.PostForm, nil
}

// noteCookie carries the key of a text from a form to the page after it.
const noteCookie = "note"

// done leads on after a form, by 303 to a path with the base path. The text with
// the key, which begins with "note.", is shown there once; empty: none.
func (q *visit) done(path, note string) error {
	if note != "" {
		http.SetCookie(q.w, q.cookie(noteCookie, note, 60))
	}
	q.w.Header().Set("Cache-Control", "no-store")
	q.w.Header().Set("Location", path)
	q.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// takeNote is the text that a form left for this page.
func (q *visit) takeNote() string {
	c, err := q.r.Cookie(noteCookie)
	if err != nil || !strings.HasPrefix(c.Value, "note.") {
		return ""
	}
	http.SetCookie(q.w, q.cookie(noteCookie, "", -1))
	if text := q.texts.T(c.Value); text != c.Value {
		return text
	}
	return ""
}

// cookie is one of ours: for the whole site, hidden from scripts, for so many
// seconds; negative: away with it.
func (q *visit) cookie(name, value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: q.Links.Path("/"), MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(q.Links.Home(), "https:"),
	}
}

// wantsJSON reports whether a script of ours asks.
func (q *visit) wantsJSON() bool {
	return strings.HasPrefix(q.r.Header.Get("Accept"), "application/json")
}

// json answers a script of ours.
func (q *visit) json(status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(status)
	_, _ = q.w.Write(text)
	return nil
}

// problem is what a script of ours is told when something went wrong.
type problem struct {
	Message string `json:"message"` // in the visitor's language
	Code    string `json:"code"`
	Field   string `json:"field,omitempty"`
	Link    string `json:"link,omitempty"` // to what stands in the way
}
