package apptest

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"vitrine/internal/account"
)

// password is that of every user that a site makes for a test.
const password = "correct horse battery"

// Password is that of every user that a site makes for a test, but not of admin.
func (s *Site) Password() string { return password }

// SignIn is a browser in which a user is signed in, who is made if there is none
// of the name. It keeps cookies and follows no redirects. Not for "admin", whose
// password nobody knows.
func (s *Site) SignIn(t testing.TB, username string) *http.Client {
	t.Helper()
	s.user(t, username)
	token, _, err := s.App.Account.SignIn(t.Context(), account.Credentials{Name: username, Password: password, UserAgent: "apptest"})
	if err != nil {
		t.Fatal(err)
	}
	browser := s.Browser(t)
	home, err := url.Parse(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	browser.Jar.SetCookies(home, []*http.Cookie{{Name: "session", Value: token, Path: "/"}})
	return browser
}

// Browser keeps cookies and follows no redirects: a test wants to see them.
func (s *Site) Browser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Transport: client.Transport, CheckRedirect: client.CheckRedirect, Jar: jar}
}

// user makes a user, if there is none of the name.
func (s *Site) user(t testing.TB, username string) {
	t.Helper()
	if _, err := s.App.Account.User(t.Context(), username); err == nil {
		return
	}
	_, err := s.App.Account.CreateUser(t.Context(), account.NewUser{Username: username, Email: username + "@example.org", Password: password})
	if err != nil {
		t.Fatal(err)
	}
}
