package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"vitrine/internal/vitrine"
)

func TestNewAlbum(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	if p := s.get(t, "/albums/new?parent=public"); p.status != http.StatusSeeOther || p.header.Get("Location") != "/login?next=%2Falbums%2Fnew%3Fparent%3Dpublic" {
		t.Errorf("guest: %d to %s", p.status, p.header.Get("Location"))
	}
	form := s.get(t, "/albums/new?parent=unlisted", "Cookie", "as=ann")
	if form.attr("select[name=parent] option[selected]", "value") != "unlisted" || form.attr("input[name=privacy][checked]", "value") != "unlisted" {
		t.Error("does not begin with its parent, and the privacy of that")
	}
	if n := form.Find("select[name=parent] option").Length(); n != 5 || form.Find("input[name=privacy]").Length() != 4 {
		t.Errorf("%d parents", n)
	}
	if p := s.get(t, "/albums/new?parent=private", "Cookie", "as=bob"); p.status != http.StatusNotFound {
		t.Errorf("in a private one of another: %d", p.status)
	}
	if p := s.get(t, "/albums/new?parent=public", "Cookie", "as=bob"); p.status != http.StatusForbidden {
		t.Errorf("in one of another: %d", p.status)
	}
	made := s.post(t, "/albums/new", "as=ann", "name", " Winter ", "description", "a\r\nb", "privacy", "private", "sort", "name_asc", "parent", "private")
	if made.status != http.StatusSeeOther || !strings.HasPrefix(made.header.Get("Location"), "/album/Winter.") {
		t.Fatalf("%d to %s", made.status, made.header.Get("Location"))
	}
	p := s.get(t, made.header.Get("Location"), "Cookie", "as=ann")
	if p.text(t, "h1") != "Winter" || p.text(t, ".album-text") != "a\nb" || !strings.Contains(p.text(t, ".album-crumbs"), "private") || p.Find(".album-title .album-privacy-private").Length() != 1 {
		t.Errorf("%s", p.Find("main").Text())
	}
	for name, c := range map[string]struct {
		fields []string
		field  string
	}{
		"no name":     {[]string{"name", " ", "privacy", "public"}, "name"},
		"long name":   {[]string{"name", strings.Repeat("x", 101), "privacy", "public"}, "name"},
		"no password": {[]string{"name", "x", "privacy", "password"}, "password"},
		"no privacy":  {[]string{"name", "x", "privacy", "nobody"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := s.post(t, "/albums/new", "as=ann", append(c.fields, "description", "kept <b>")...)
			if p.status != http.StatusBadRequest || p.text(t, "[role=alert]") == "" || p.Find("textarea").Text() != "kept <b>" {
				t.Errorf("%d %q", p.status, p.Find("[role=alert]").Text())
			}
			if c.field != "" && p.attr("[name="+c.field+"]", "aria-invalid") != "true" {
				t.Error("the field is not marked")
			}
		})
	}
	t.Run("in one with a password", func(t *testing.T) {
		t.Parallel()
		in := s.locked(t, "open sesame")
		p := s.get(t, "/albums/new?parent="+string(in), "Cookie", "as=ann")
		if !strings.Contains(p.text(t, "#password-hint"), "the album in which it stands") {
			t.Error("does not say what an empty password is")
		}
		if p := s.post(t, "/albums/new?parent="+string(in), "as=ann", "name", "Inner", "privacy", "password", "password", ""); p.status != http.StatusSeeOther {
			t.Errorf("status %d", p.status)
		}
	})
	t.Run("form of another site", func(t *testing.T) {
		t.Parallel()
		p := s.send(t, http.MethodPost, "/albums/new", strings.NewReader("name=x"), "Content-Type", "application/x-www-form-urlencoded", "Cookie", "as=ann", "Sec-Fetch-Site", "cross-site")
		if p.status != http.StatusForbidden {
			t.Errorf("status %d", p.status)
		}
	})
	t.Run("script", func(t *testing.T) {
		t.Parallel()
		p := s.send(t, http.MethodPost, "/albums/new", strings.NewReader("name=By+script"), "Content-Type", "application/x-www-form-urlencoded", "Cookie", "as=ann", "Accept", "application/json")
		var made struct{ ID, Name, Path string }
		if err := json.Unmarshal([]byte(p.body), &made); err != nil || made.Name != "By script" || made.Path != "/album/By-script."+made.ID {
			t.Errorf("%s", p.body)
		}
	})
}

func TestEditAlbum(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	for cookie, want := range map[string]int{"": 303, "as=bob": 403, "as=manager": 200, "as=ann": 200} {
		if p := s.get(t, "/album/public/edit", "Cookie", cookie); p.status != want {
			t.Errorf("%q: %d", cookie, p.status)
		}
	}
	for cookie, want := range map[string]int{"as=bob": 404, "as=manager": 404} {
		if p := s.get(t, "/album/private/edit", "Cookie", cookie); p.status != want {
			t.Errorf("private, %q: %d", cookie, p.status)
		}
	}
	form := s.get(t, "/album/public/edit", "Cookie", "as=ann")
	if form.attr("[name=name]", "value") != "The <public> one" || form.Find("select[name=parent] option[value=public]").Length() != 0 || form.Find("[name=cover]").Length() != 2 || form.attr("[name=cover][checked]", "value") != "" {
		t.Error("the form is not filled")
	}
	if s.get(t, "/album/public/edit", "Cookie", "as=manager").Find("select[name=parent]").Length() != 0 {
		t.Error("a manager sees the names of private albums")
	}
	p := s.post(t, "/album/public/edit", "as=ann", "name", "Renamed", "description", "", "privacy", "private", "sort", "views_desc", "parent", "unlisted", "cover", "inpublic", "password", "")
	if p.status != http.StatusSeeOther || p.header.Get("Location") != "/album/Renamed.public" || !strings.HasPrefix(p.header.Get("Set-Cookie"), "note=note.album_saved") {
		t.Fatalf("%d %v %s", p.status, p.header, p.Find("[role=alert]").Text())
	}
	if s.get(t, "/album/public").status != 404 || s.get(t, "/image/inpublic").status != 404 {
		t.Error("the new privacy does not hold at once")
	}
	form = s.get(t, "/album/public/edit", "Cookie", "as=ann")
	for selector, want := range map[string]string{"[name=name]": "Renamed", "[name=privacy][checked]": "private", "select[name=sort] option[selected]": "views_desc", "select[name=parent] option[selected]": "unlisted", "[name=cover][checked]": "inpublic"} {
		if got := form.attr(selector, "value"); got != want {
			t.Errorf("%s: %q", selector, got)
		}
	}
	if circle := s.get(t, "/album/unlisted/edit", "Cookie", "as=ann"); circle.Find("select[name=parent] option[value=public]").Length() != 0 {
		t.Error("offers a circle")
	}
	if p := s.post(t, "/album/unlisted/edit", "as=ann", "parent", "public"); p.status != http.StatusBadRequest || p.attr("[name=parent]", "aria-invalid") != "true" || p.text(t, "h1") != "Edit the album" {
		t.Errorf("a circle: %d %s", p.status, p.Find("[role=alert]").Text())
	}
	if p := s.post(t, "/album/unlisted/edit", "as=bob", "name", "Mine"); p.status != http.StatusForbidden {
		t.Errorf("another: %d", p.status)
	}
}

func TestAlbumCover(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	for _, c := range []struct {
		cookie, file string
		status       int
	}{{"", "inpublic", 401}, {"as=bob", "inpublic", 403}, {"as=ann", "inprivate", 400}, {"as=ann", "inpublic", 303}, {"as=ann", "", 303}} {
		if p := s.post(t, "/album/public/cover", c.cookie, "file", c.file); p.status != c.status {
			t.Errorf("%s %s: %d", c.cookie, c.file, p.status)
		}
	}
	if p := s.get(t, "/album/public/cover", "Cookie", "as=ann"); p.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", p.status)
	}
}

func TestDeleteAlbum(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	for cookie, want := range map[string]int{"": 303, "as=bob": 403, "as=ann": 200} {
		if p := s.get(t, "/album/public/delete", "Cookie", cookie); p.status != want {
			t.Errorf("%q: %d", cookie, p.status)
		}
	}
	asked := s.get(t, "/album/public/delete", "Cookie", "as=ann")
	if asked.Find("main button[name=files]").Length() != 2 || !strings.Contains(asked.text(t, "main"), "There is 1 file in it.") {
		t.Error("does not ask about its files")
	}
	if closed := s.get(t, "/album/private/delete", "Cookie", "as=ann"); closed.Find("main button[value=keep]").Length() != 0 || !strings.Contains(closed.text(t, "main"), "Without the album they would be public") {
		t.Error("offers to make private files public")
	}
	for _, c := range []struct {
		slug, files string
		left        int
	}{{"public", "keep", 200}, {"unlisted", "delete", 404}} {
		p := s.post(t, "/album/"+c.slug+"/delete", "as=ann", "files", c.files)
		if p.status != http.StatusSeeOther || p.header.Get("Location") != "/ann/albums" {
			t.Errorf("%s: %d to %s", c.slug, p.status, p.header.Get("Location"))
		}
		if p := s.get(t, "/album/"+c.slug, "Cookie", "as=ann"); p.status != 404 {
			t.Errorf("%s: still there", c.slug)
		}
		if p := s.get(t, "/image/in"+c.slug, "Cookie", "as=ann"); p.status != c.left {
			t.Errorf("%s: its file is %d", c.slug, p.status)
		}
	}
	if p := s.post(t, "/album/private/delete", "as=bob", "files", "delete"); p.status != 404 {
		t.Errorf("another's private one: %d", p.status)
	}
}

func TestAlbumsToChoose(t *testing.T) {
	t.Parallel()
	s := albums(t, options{})
	ann := s.people["ann"].User
	album, err := s.db.AlbumBySlug(context.Background(), "private")
	must(t, err)
	s.album(t, ann, func(a *vitrine.Album) { a.Slug, a.Name, a.ParentID = "within", "Within", album.ID })
	read := func(cookie string) (list []struct{ ID, Name, Path string }) {
		p := s.get(t, "/-/albums", "Cookie", cookie, "Accept", "application/json")
		if err := json.Unmarshal([]byte(p.body), &list); err != nil || list == nil || p.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%v %s", err, p.body)
		}
		return list
	}
	if len(read("")) != 0 || len(read("as=bob")) != 0 {
		t.Error("albums of others")
	}
	list := read("as=ann")
	var names []string
	for _, a := range list {
		names = append(names, a.Name)
	}
	if got := strings.Join(names, "|"); got != "The <password> one|The <private> one|The <private> one / Within|The <public> one|The <unlisted> one" {
		t.Errorf("names %s", got)
	}
	if list[2].ID != "within" || list[2].Path != "/album/Within.within" {
		t.Errorf("%+v", list[2])
	}
}
