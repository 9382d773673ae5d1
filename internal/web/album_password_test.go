package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// TestPasswordPrompt: what people see, and what programs look for.
func TestPasswordPrompt(t *testing.T) {
	t.Parallel()
	s := albums(t, options{url: "https://pics.example.org/g"})
	p := s.get(t, "/album/The-one.password")
	if p.text(t, "h1") != "Password required" || !strings.Contains(p.body, "This content is password protected") {
		t.Error("the words that programs know are missing")
	}
	main := p.Find("main")
	if main.Find("form").Length() != 1 || p.attr("main form", "method") != "post" || p.attr("main form", "action") != "/g/album/password" {
		t.Errorf("form %s to %s", p.attr("main form", "method"), p.attr("main form", "action"))
	}
	if p.attr("main input[name=auth_token]", "type") != "hidden" || p.attr("main input[name=auth_token]", "value") == "" || p.attr("main input[name=content-password]", "type") != "password" {
		t.Error("fields")
	}
	if p.header.Get("Cache-Control") != "no-store" {
		t.Errorf("caching %q", p.header.Get("Cache-Control"))
	}
}

func TestPasswordOpens(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	slug := s.locked(t, "open sesame")
	path := "/album/" + string(slug)
	wrong := s.post(t, path, "", "auth_token", "x", "content-password", "abracadabra")
	if wrong.status != http.StatusForbidden || wrong.text(t, "[role=alert]") == "" || len(wrong.header["Set-Cookie"]) != 0 {
		t.Errorf("wrong password: %d %v", wrong.status, wrong.header)
	}
	right := s.post(t, path, "passes=older.oldest", "auth_token", "x", "content-password", "open sesame")
	cookie := right.header.Get("Set-Cookie")
	if right.status != http.StatusSeeOther || right.header.Get("Location") != "/album/Locked."+string(slug) {
		t.Fatalf("right password: %d to %s", right.status, right.header.Get("Location"))
	}
	passes, rest, _ := strings.Cut(strings.TrimPrefix(cookie, "passes="), ";")
	parts := strings.Split(passes, ".")
	if len(parts) != 3 || len(parts[0]) < 16 || parts[1] != "older" || parts[2] != "oldest" || !strings.Contains(rest, "HttpOnly") || !strings.Contains(rest, "Secure") || !strings.Contains(rest, "SameSite=Lax") {
		t.Errorf("cookie %q", cookie)
	}
	if p := s.get(t, path, "Cookie", "pass="+parts[0]); p.text(t, "h1") != "Locked" {
		t.Errorf("with the pass: %s", p.Find("h1").Text())
	}
	if p := s.post(t, path, "as=ann", "content-password", ""); p.status != http.StatusSeeOther {
		t.Errorf("who may see it already: %d", p.status)
	}
	for path, want := range map[string]int{"/album/private": 404, "/album/unknown": 404, "/album/public": 303} {
		if p := s.post(t, path, "", "content-password", "x"); p.status != want {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	if p := s.send(t, http.MethodPost, path, strings.NewReader("content-password=open+sesame"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site"); p.status != http.StatusForbidden {
		t.Errorf("form of another site: %d", p.status)
	}
}

// TestPassesAreFew: the cookie keeps the newest twenty.
func TestPassesAreFew(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	slug := s.locked(t, "open sesame")
	var old []string
	for i := range 30 {
		old = append(old, fmt.Sprintf("old%d", i))
	}
	p := s.post(t, "/album/"+string(slug), "passes="+strings.Join(old, "."), "content-password", "open sesame")
	passes, _, _ := strings.Cut(strings.TrimPrefix(p.header.Get("Set-Cookie"), "passes="), ";")
	if parts := strings.Split(passes, "."); len(parts) != 20 || parts[1] != "old0" || parts[19] != "old18" {
		t.Errorf("%d passes: %s", len(parts), passes)
	}
}

func TestPasswordPatience(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	path := "/album/" + string(s.locked(t, "open sesame"))
	for range 100 {
		p := s.post(t, path, "", "content-password", "wrong")
		if p.status == http.StatusTooManyRequests {
			if p.header.Get("Retry-After") == "" || !strings.Contains(p.text(t, "[role=alert]"), "minute") {
				t.Errorf("headers %v, %s", p.header, p.Find("[role=alert]").Text())
			}
			return
		}
		if p.status != http.StatusForbidden {
			t.Fatalf("status %d", p.status)
		}
	}
	t.Error("a hundred tries were allowed")
}

// locked makes an album of ann with a password.
func (s *site) locked(t testing.TB, password string) vitrine.Slug {
	t.Helper()
	a, err := s.files.CreateAlbum(context.Background(), catalog.NewAlbum{
		OwnerID: s.people["ann"].User.ID, Name: "Locked", Privacy: vitrine.PrivacyPassword, Password: password,
	})
	must(t, err)
	return a.Slug
}
