package web

import (
	"net/http"
	"strconv"

	"vitrine/internal/account"
	"vitrine/internal/vitrine"
)

// SessionCookie holds the token of a session. It outlives the session: the server
// knows when that is over, and prolongs it while it is used.
const (
	SessionCookie     = "session"
	sessionCookieLife = 400 * 24 * 3600 // seconds; browsers keep none longer
)

// signInPage is the form for signing in.
type signInPage struct {
	Layout layout
	Action string // path that takes the form
	Next   string // path that it leads on to; empty: the home page
	Name   string // as it was typed
	Wrong  string // why it did not work; empty: not tried yet
}

// signIn serves the form, and what is typed into it. Whoever is signed in already
// is led on.
func (q *visit) signIn() error {
	q.w.Header().Set("Cache-Control", "no-store")
	if q.r.Method != http.MethodPost {
		next := q.r.URL.Query().Get("next")
		if !q.actor().Guest() {
			return q.done(q.backTo(next), "")
		}
		return q.signInForm(http.StatusOK, signInPage{Next: next})
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	p := signInPage{Name: form.Get("username"), Next: form.Get("next")}
	token, _, err := q.Account.SignIn(q.r.Context(), account.Credentials{
		Name: p.Name, Password: form.Get("password"), Address: q.actor().Address, UserAgent: q.r.UserAgent(),
	})
	if err != nil {
		return q.signInRefused(p, err)
	}
	// Whoever was signed in here before is not any more.
	if err := q.Account.SignOut(q.r.Context(), q.sessionToken()); err != nil {
		return err
	}
	http.SetCookie(q.w, q.cookie(SessionCookie, token, sessionCookieLife))
	return q.done(q.backTo(p.Next), "note.signed_in")
}

// signInRefused shows the form once more, with the reason.
func (q *visit) signInRefused(p signInPage, err error) error {
	e, ok := errorOf(err)
	if !ok || q.wantsJSON() {
		return err
	}
	switch e.Code {
	case vitrine.CodeUnauthorized:
		p.Wrong = q.texts.T("account.sign_in.wrong")
		return q.signInForm(http.StatusUnauthorized, p)
	case vitrine.CodeFlood:
		p.Wrong = q.tooManyTries(e)
		return q.signInForm(http.StatusTooManyRequests, p)
	}
	return err
}

// tooManyTries asks to wait, and tells programs how long.
func (q *visit) tooManyTries(e *vitrine.Error) string {
	seconds := max(e.RetryAfter, 1)
	q.w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return q.texts.N("account.sign_in.wait", (seconds+59)/60)
}

func (q *visit) signInForm(status int, p signInPage) error {
	p.Layout = q.layout(q.texts.T("account.sign_in.title"))
	p.Layout.Entry, p.Layout.NoIndex = "settings", true
	p.Action = q.Links.SignIn("")
	if p.Next = q.backTo(p.Next); p.Next == q.Links.Path("/") {
		p.Next = ""
	}
	return q.render(status, "sign_in", &p)
}

// signOut ends the session, and forgets what this browser may see besides.
func (q *visit) signOut() error {
	if _, err := q.form(); err != nil {
		return err
	}
	if err := q.Account.SignOut(q.r.Context(), q.sessionToken()); err != nil {
		return err
	}
	http.SetCookie(q.w, q.cookie(SessionCookie, "", -1))
	http.SetCookie(q.w, q.cookie(PassesCookie, "", -1))
	return q.done(q.Links.Path("/"), "note.signed_out")
}

// sessionToken is what the browser says its session is; empty: nothing.
func (q *visit) sessionToken() string {
	if c, err := q.r.Cookie(SessionCookie); err == nil {
		return c.Value
	}
	return ""
}
