package conformance_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/vitrine"
)

// secret is a word that stands in the title, the tags and the name of a file that
// strangers must not learn of.
const secret = "zanzibar"

// TestPrivateFilesAreNobodysBusiness: a file in an album that a stranger may not
// see is refused at every address that leads to it, and told of on no page.
func TestPrivateFilesAreNobodysBusiness(t *testing.T) {
	t.Parallel()
	everywhere(t, options{}, func(t *testing.T, s *site) {
		for _, c := range []struct {
			privacy vitrine.Privacy
			refused bool // to who knows the addresses
		}{
			{vitrine.PrivacyPrivate, true},
			{vitrine.PrivacyPassword, true},
			{vitrine.PrivacyUnlisted, false},
		} {
			t.Run(string(c.privacy), func(t *testing.T) {
				password := ""
				if c.privacy == vitrine.PrivacyPassword {
					password = "open sesame"
				}
				album := s.albumOf(t, app.NewAlbum{Name: "Album of " + secret, Privacy: c.privacy, Password: password})
				a := s.upload(t, s.UserKey, file("source", secret+string(c.privacy)+".jpg", fresh(t)),
					field("title", "A "+secret), field("tags", secret), field("album_id", string(album.Slug)))
				a.wantUpload(t)
				viewer := a.text("image.url_viewer")
				for what, address := range map[string]string{
					"original": a.text("image.url"), "thumb": a.text("image.thumb.url"), "medium": a.text("image.medium.url"),
					"viewer": viewer, "short": a.text("image.url_short"), "archive": s.URL + "/zip/" + string(album.Slug),
					"oEmbed":      s.URL + "/oembed?format=json&url=" + url.QueryEscape(viewer),
					"oEmbed, XML": s.URL + "/oembed?format=xml&url=" + url.QueryEscape(viewer),
					"album feed":  s.URL + "/album/" + string(album.Slug) + "/feed.atom",
				} {
					got := s.get(t, address)
					if open := got.Status == http.StatusOK; open == c.refused {
						t.Errorf("%s: %d", what, got.Status)
					}
					if c.refused && strings.Contains(strings.ToLower(string(got.Body)), "a "+secret) {
						t.Errorf("%s tells the title: %s", what, got)
					}
				}
				for _, path := range []string{
					"/", "/explore/recent", "/explore/images", "/explore/tags", "/explore/albums", "/ann", "/ann/albums", "/tag/" + secret, "/search?q=" + secret,
					"/search/albums/?q=" + secret, "/feed.atom", "/ann/feed.atom", "/tag/" + secret + "/feed.atom", "/sitemap.xml", "/-/tags?q=zan",
				} {
					got := s.get(t, s.URL+path)
					text := strings.ReplaceAll(strings.ToLower(string(got.Body)), "q="+secret, "") // what was asked may be repeated
					if strings.Contains(text, "a "+secret) || strings.Contains(text, "album of "+secret) || strings.Contains(text, strings.ToLower(a.text("image.id_encoded"))) && path != "/search?q="+secret {
						t.Errorf("%s tells of it: %d", path, got.Status)
					}
				}
			})
		}
	})
}

// fresh is one that no test has uploaded before.
func fresh(t *testing.T) []byte {
	t.Helper()
	return apptest.Picture(t, 640, 480)
}

// TestPasswordOpensAlbum: who gave the password sees the files, in that browser
// only, until there is another password.
func TestPasswordOpensAlbum(t *testing.T) {
	t.Parallel()
	everywhere(t, options{}, func(t *testing.T, s *site) {
		album := s.albumOf(t, app.NewAlbum{Name: "For friends", Privacy: vitrine.PrivacyPassword, Password: "open sesame"})
		a := s.upload(t, s.UserKey, file("source", "p.jpg", fresh(t)), field("album_id", string(album.Slug)))
		a.wantUpload(t)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		friend := &site{Site: s.Site, client: &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: s.client.CheckRedirect}}
		address := s.URL + "/album/For-friends." + string(album.Slug)
		give := func(password string) answer {
			r := s.request(t, http.MethodPost, address, strings.NewReader(url.Values{"content-password": {password}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return friend.do(t, r)
		}
		sees := func(want bool) {
			t.Helper()
			for _, at := range []string{a.text("image.url"), a.text("image.thumb.url"), a.text("image.url_viewer"), s.URL + "/zip/" + string(album.Slug)} {
				if got := friend.get(t, at); (got.Status == http.StatusOK) != want {
					t.Errorf("%s: %d", at, got.Status)
				}
			}
		}
		if got := give("open says me"); got.Status == http.StatusSeeOther {
			t.Errorf("a wrong password: %s", got)
		}
		sees(false)
		if got := give("open sesame"); got.Status != http.StatusSeeOther {
			t.Errorf("the password: %s", got)
		}
		sees(true)
		if got := s.get(t, a.text("image.url")); got.Status != http.StatusNotFound {
			t.Errorf("another browser: %d", got.Status)
		}
		edit := s.signIn(t, "ann")
		r := s.request(t, http.MethodPost, address+"/edit", strings.NewReader(url.Values{"name": {"For friends"}, "privacy": {"password"}, "password": {"another one"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := edit.do(t, r); got.Status != http.StatusSeeOther {
			t.Fatalf("change the password: %s", got)
		}
		sees(false)
	})
}

// signIn is the site as a user sees it in a browser of their own.
func (s *site) signIn(t *testing.T, username string) *site {
	t.Helper()
	c := s.SignIn(t, username)
	c.CheckRedirect = s.client.CheckRedirect
	return &site{Site: s.Site, client: c}
}
