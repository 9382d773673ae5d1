package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/vitrine"
)

// visit asks with a browser; with fields, which are pairs of name and value, it
// sends a form.
func visit(t *testing.T, s *apptest.Site, browser *http.Client, address string, fields ...string) apptest.Answer {
	t.Helper()
	if address[0] == '/' {
		address = s.URL + address
	}
	method, body := http.MethodGet, io.Reader(nil)
	if len(fields) > 0 {
		form := url.Values{}
		for i := 0; i+1 < len(fields); i += 2 {
			form.Add(fields[i], fields[i+1])
		}
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", strings.Join(strings.SplitN(s.URL, "/", 4)[:3], "/"))
	}
	resp, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	a := apptest.Answer{Status: resp.StatusCode, Header: resp.Header}
	if a.Body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return a
}

func wantStatus(t *testing.T, what string, a apptest.Answer, status int) apptest.Answer {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: %d, want %d; to %q", what, a.Status, status, a.Header.Get("Location"))
	}
	return a
}

// TestSignIn: from the form to the settings and out again.
func TestSignIn(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{Engine: engine})
			b := s.Browser(t)
			if a := wantStatus(t, "settings of a guest", visit(t, s, b, "/settings/keys"), 303); a.Header.Get("Location") != "/login?next=%2Fsettings%2Fkeys" {
				t.Errorf("leads to %s", a.Header.Get("Location"))
			}
			if a := wantStatus(t, "form", visit(t, s, b, "/login?next=%2Fsettings%2Fkeys"), 200); !strings.Contains(string(a.Body), `name="next" value="/settings/keys"`) || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("form: %v", a.Header)
			}
			for _, wrong := range [][]string{
				{"username", "ann", "password", "wrong"}, {"username", "nobody", "password", s.Password()}, {"username", "", "password", ""}, {"username", "\x00", "password", "\xff"},
			} {
				if a := wantStatus(t, "wrong", visit(t, s, b, "/login", wrong...), 401); a.Header.Get("Set-Cookie") != "" || !strings.Contains(string(a.Body), `role="alert"`) {
					t.Errorf("wrong: %v", a.Header)
				}
			}
			a := wantStatus(t, "right", visit(t, s, b, "/login", "username", "Ann", "password", s.Password(), "next", "/settings/keys"), 303)
			cookie := strings.Join(a.Header["Set-Cookie"], "\n")
			if a.Header.Get("Location") != "/settings/keys" || !regexp.MustCompile(`session=[0-9a-f]{64}; Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax`).MatchString(cookie) {
				t.Errorf("leads to %q, sets %s", a.Header.Get("Location"), cookie)
			}
			for _, path := range []string{"/settings", "/settings/account", "/settings/password", "/settings/keys", "/settings/sessions", "/ann", "/ann/albums", "/ann/liked"} {
				wantStatus(t, path, visit(t, s, b, path), 200)
			}
			if a := visit(t, s, b, "/login?next=/ann"); a.Status != 303 || a.Header.Get("Location") != "/ann" {
				t.Errorf("signed in, and asked again: %d %q", a.Status, a.Header.Get("Location"))
			}
			old := visit(t, s, b, "/login", "username", "ann", "password", s.Password())
			if old.Header.Get("Location") != "/" {
				t.Errorf("leads to %q", old.Header.Get("Location"))
			}
			if strings.Contains(s.Log(), s.Password()) {
				t.Error("the password stands in the log")
			}
			wantStatus(t, "GET of signing out", visit(t, s, b, "/logout"), 405)
			wantStatus(t, "signing out", visit(t, s, b, "/logout", "x", "y"), 303)
			wantStatus(t, "settings afterwards", visit(t, s, b, "/settings"), 303)
		})
	}
}

// TestSignInLeadsNowhereElse: what a link to the form names is not believed.
func TestSignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{BasePath: "/gallery"})
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "/gallery\t//evil.example", "javascript:alert(1)", "/elsewhere", "/gallery//../..//evil.example\r\nX: y"} {
		a := visit(t, s, s.Browser(t), "/login", "username", "ann", "password", s.Password(), "next", next)
		if a.Status != 303 || a.Header.Get("Location") != "/gallery/" {
			t.Errorf("%q leads to %q", next, a.Header.Get("Location"))
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/login", strings.NewReader("username=ann&password="+url.QueryEscape(s.Password())))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://evil.example")
	if a := s.Do(t, r); a.Status != 403 || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("a form of another site: %d %v", a.Status, a.Header)
	}
}

func TestSignInIsThrottled(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{TrustedProxies: []string{"127.0.0.0/8"}})
	b := s.Browser(t)
	for range 10 {
		wantStatus(t, "wrong", visit(t, s, b, "/login", "username", "ann", "password", "guess"), 401)
	}
	a := wantStatus(t, "too many", visit(t, s, b, "/login", "username", "ann", "password", s.Password()), 429)
	if a.Header.Get("Retry-After") == "" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("%v", a.Header)
	}
	wantStatus(t, "another name", visit(t, s, s.Browser(t), "/login", "username", "nobody", "password", "guess"), 401)
}

// TestKeysOnThePage: a key made on the page uploads, until it is revoked there.
func TestKeysOnThePage(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	b := s.SignIn(t, "bob")
	a := wantStatus(t, "new key", visit(t, s, b, "/settings/keys", "name", "My <script>"), 200)
	key := regexp.MustCompile(`chv_([0-9A-Za-z]{7})_[0-9a-f]{64}`).FindStringSubmatch(string(a.Body))
	if key == nil || a.Header.Get("Cache-Control") != "no-store" || bytes.Contains(a.Body, []byte("<script>")) {
		t.Fatalf("no key on the page: %v", a.Header)
	}
	if again := visit(t, s, b, "/settings/keys"); bytes.Contains(again.Body, []byte(key[0])) || !bytes.Contains(again.Body, []byte("chv_"+key[1])) {
		t.Error("the key is shown twice, or not at all")
	}
	wantUpload(t, s.Upload(t, key[0], "a.jpg", apptest.Picture(t, 64, 48)))
	config := wantStatus(t, "ShareX", visit(t, s, b, "/settings/keys/sharex", "key", key[0]), 200)
	var x struct {
		RequestURL, URL string
		Headers         map[string]string
	}
	if err := json.Unmarshal(config.Body, &x); err != nil || x.RequestURL != s.URL+"/api/1/upload" || x.Headers["X-API-Key"] != key[0] || x.URL != "{json:image.url}" {
		t.Errorf("%s, %v", config.Body, err)
	}
	if d := config.Header.Get("Content-Disposition"); !strings.HasSuffix(d, `.sxcu"`) {
		t.Errorf("disposition %q", d)
	}
	wantStatus(t, "ShareX with another's key", visit(t, s, b, "/settings/keys/sharex", "key", s.UserKey), 404)
	wantStatus(t, "ShareX with the guest key", visit(t, s, b, "/settings/keys/sharex", "key", s.GuestKey), 404)
	other := s.SignIn(t, "carol")
	wantStatus(t, "revoking another's key", visit(t, s, other, "/settings/keys", "revoke", key[1]), 404)
	wantStatus(t, "revoking", visit(t, s, b, "/settings/keys", "revoke", key[1]), 303)
	if a := s.Upload(t, key[0], "b.jpg", apptest.Picture(t, 64, 48)); a.Status != 400 {
		t.Errorf("a revoked key uploads: %d", a.Status)
	}
}

func TestSessionsOnThePage(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	here, phone, other := s.SignIn(t, "bob"), s.SignIn(t, "bob"), s.SignIn(t, "carol")
	ids := func(b *http.Client) [][]string {
		return regexp.MustCompile(`name="end" value="(\d+)"`).FindAllStringSubmatch(string(visit(t, s, b, "/settings/sessions").Body), -1)
	}
	if mine := ids(here); len(mine) != 2 {
		t.Fatalf("sessions %v", mine)
	}
	wantStatus(t, "ending another's session", visit(t, s, here, "/settings/sessions", "end", ids(other)[0][1]), 404)
	wantStatus(t, "still there", visit(t, s, other, "/settings"), 200)
	wantStatus(t, "ending all others", visit(t, s, here, "/settings/sessions", "end", "others"), 303)
	wantStatus(t, "the phone", visit(t, s, phone, "/settings"), 303)
	wantStatus(t, "this browser", visit(t, s, here, "/settings"), 200)
	phone = s.SignIn(t, "bob")
	wantStatus(t, "a wrong old password", visit(t, s, here, "/settings/password", "old_password", "no", "password", "another long one"), 400)
	wantStatus(t, "a new password", visit(t, s, here, "/settings/password", "old_password", s.Password(), "password", "another long one"), 303)
	wantStatus(t, "the phone", visit(t, s, phone, "/settings"), 303)
	wantStatus(t, "this browser", visit(t, s, here, "/settings"), 200)
	if err := s.App.Account.Suspend(t.Context(), "bob"); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, "suspended", visit(t, s, here, "/settings"), 303)
}

// TestPrivateFilesInTheBrowser: what stands in a private album is shown to its
// owner, and an album with a password to those who know it, as raw file, thumb,
// page and archive; also where raw files have a host of their own.
func TestPrivateFilesInTheBrowser(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]apptest.Options{"one host": {}, "media host": {MediaURL: "http://media.example.org"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, o)
			owner, other, stranger := s.SignIn(t, "ann"), s.SignIn(t, "bob"), s.Browser(t)
			ann, err := s.App.Account.User(t.Context(), "ann")
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []app.NewAlbum{
				{OwnerID: ann.ID, Name: "Mine", Privacy: vitrine.PrivacyPrivate},
				{OwnerID: ann.ID, Name: "Ours", Privacy: vitrine.PrivacyPassword, Password: "sesame"},
			} {
				album, err := s.App.Catalog.CreateAlbum(t.Context(), n)
				if err != nil {
					t.Fatal(err)
				}
				a := wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 1200, 800), "album_id", string(album.Slug)))
				thumb, _ := a.Image["thumb"].(map[string]any)
				addresses := []string{a.Text("url"), thumb["url"].(string), a.Text("url_viewer"), s.URL + "/zip/" + string(album.Slug)}
				for _, address := range addresses {
					wantStatus(t, "owner of "+address, visit(t, s, owner, address), 200)
					wantHidden(t, "another user of "+address, visit(t, s, other, address))
					wantHidden(t, "stranger to "+address, visit(t, s, stranger, address))
				}
				if raw := visit(t, s, owner, a.Text("url")); raw.Header.Get("Cache-Control") != "private, no-store" || raw.Header.Get("Access-Control-Allow-Origin") != "" || raw.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
					t.Errorf("%v", raw.Header)
				}
				if n.Password == "" {
					continue
				}
				wantStatus(t, "wrong password", visit(t, s, stranger, "/album/"+string(album.Slug), "content-password", "wrong"), 403)
				wantHidden(t, "after a wrong password", visit(t, s, stranger, a.Text("url")))
				wantStatus(t, "password", visit(t, s, stranger, "/album/"+string(album.Slug), "content-password", n.Password), 303)
				for _, address := range addresses {
					wantStatus(t, "with the password, "+address, visit(t, s, stranger, address), 200)
				}
				packed := visit(t, s, stranger, addresses[3]).Body
				if z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed))); err != nil || len(z.File) != 1 {
					t.Errorf("archive: %v", err)
				}
				wantStatus(t, "signing out", visit(t, s, stranger, "/logout", "x", "y"), 303)
				wantHidden(t, "after signing out", visit(t, s, stranger, a.Text("url")))
			}
		})
	}
}

// wantHidden: nothing is told. A page may ask for a password.
func wantHidden(t *testing.T, what string, a apptest.Answer) {
	t.Helper()
	if a.Status == 200 && !bytes.Contains(a.Body, []byte("content-password")) || bytes.Contains(a.Body, []byte("/images/20")) {
		t.Errorf("%s: %d", what, a.Status)
	}
}
