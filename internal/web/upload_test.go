package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

func TestHome(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{uploads: true, settings: map[string]string{"upload_formats": "jpg,png,mp4", "upload_max_size_guest": "7MB", "upload_max_size": "30MB", "site_description": "For <friends>"}})
	s.user(t, "ann", vitrine.RoleUser)
	must(t, s.db.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.CreateCategory(ctx, &vitrine.Category{Name: "Birds", URLKey: "birds"})
	}))
	for _, path := range []string{"/", "/upload"} {
		p := s.get(t, path)
		if got := strings.Join(strings.Fields(p.text(t, ".takes")), " "); got != "Accepted formats: JPG PNG MP4 max 7 MB" {
			t.Errorf("takes %q", got)
		}
		if got := p.text(t, ".lead"); got != "For <friends>" {
			t.Errorf("lead %q", got)
		}
		form := "#upload-form"
		if p.attr(form, "action") != "/upload" || p.attr(form, "enctype") != "multipart/form-data" || p.attr(form, "data-limit") != "7000000" || p.attr("#source", "accept") != ".jpg,.png,.mp4" || p.attr("link[rel=canonical]", "href") != "https://pics.example.org/" {
			t.Error("the form is not what it should be")
		}
		for selector, want := range map[string]int{
			form + " [name=title]": 1, form + " [name=category] option": 2, form + " [name=expiration] option": 14, form + " [name=width]": 1, form + " [name=nsfw]": 1,
			form + " [name=tags]": 0, form + " [name=album]": 0, form + " [name=url]": 0, ".guest-hint a[href^='/login']": 1, "[data-claim]": 0,
		} {
			if got := p.Find(selector).Length(); got != want {
				t.Errorf("%s: %d elements %s, want %d", path, got, selector, want)
			}
		}
	}
	s.album(t, s.people["ann"].User, nil)
	p := s.get(t, "/", "Cookie", "as=ann")
	for selector, want := range map[string]int{"form [name=tags]": 2, "#all-album option": 2, "form [name=url]": 1, ".guest-hint": 0, "[data-claim]": 1, "#upload-form[data-guest]": 0} {
		if got := p.Find(selector).Length(); got != want {
			t.Errorf("signed in: %d elements %s, want %d", got, selector, want)
		}
	}
	if got := p.attr("#upload-form", "data-limit"); got != "30000000" {
		t.Errorf("limit of a user %s", got)
	}
}

func TestWhoMayUpload(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		settings map[string]string
		cookie   string
		status   int
		says     string
		signIn   bool
	}{
		{"nobody", map[string]string{"uploads": "off"}, "", 403, "switched off", true},
		{"users only", map[string]string{"guest_uploads": "off"}, "", 403, "people with an account", true},
		{"users only, a user", map[string]string{"guest_uploads": "off"}, "as=ann", 200, "", false},
		{"nobody, an admin", map[string]string{"uploads": "off"}, "as=boss", 200, "", false},
		{"nobody, a user", map[string]string{"uploads": "off"}, "as=ann", 403, "switched off", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, options{uploads: true, settings: c.settings})
			s.user(t, "ann", vitrine.RoleUser)
			s.user(t, "boss", vitrine.RoleAdmin)
			p := s.get(t, "/", "Cookie", c.cookie)
			if denied := p.Find(".denied"); !strings.Contains(denied.Text(), c.says) || (denied.Length() == 0) != (c.status == 200) || (denied.Find("a").Length() == 1) != c.signIn {
				t.Errorf("page says %q", denied.Text())
			}
			if p.Find("#upload-form").Length() == 1 != (c.status == 200) {
				t.Error("form or no form")
			}
			for _, accept := range []string{"text/html", "application/json"} {
				p := s.submit(t, []part{file("a.png", picture(t, 40, 30, uint8(len(accept))))}, "Cookie", c.cookie, "Accept", accept)
				if p.status != c.status || !strings.Contains(p.body, c.says) {
					t.Errorf("%s: %d %s", accept, p.status, p.body)
				}
			}
		})
	}
}

func TestUploadByScript(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{uploads: true, settings: map[string]string{"on_duplicate": "allow", "guest_tags": "on", "flood_protection": "off"}})
	s.user(t, "ann", vitrine.RoleUser)
	s.album(t, s.people["ann"].User, nil)
	content := picture(t, 600, 400, 1)
	t.Run("guest", func(t *testing.T) {
		t.Parallel()
		p := s.submit(t, []part{file(`C:\pictures\My photo.png`, content)}, script("")...)
		a := p.answer(t)
		if p.status != 200 || a.Title != "My photo" || a.Kind != "image" || a.Width != 600 || a.Height != 400 || a.Thumb == "" || len(a.Codes) != 5 || len(a.Notes) != 0 {
			t.Fatalf("%d %+v", p.status, a)
		}
		if a.Token == "" || a.DeleteURL != "https://pics.example.org/image/"+a.ID+"/delete/"+a.Token || !strings.HasPrefix(a.Viewer, "https://pics.example.org/image/My-photo.") {
			t.Errorf("links %+v", a)
		}
		if viewer := s.get(t, strings.TrimPrefix(a.Viewer, s.url)); viewer.status != 200 {
			t.Errorf("viewer %d", viewer.status)
		}
	})
	t.Run("options, on both sides of the file", func(t *testing.T) {
		t.Parallel()
		a := s.submit(t, []part{
			field("title", "A title"), field("tags", "sea, sun"), file("a.png", content), field("description", "long\ntext"), field("alt", "a field"),
			field("album", "album"), field("expiration", "PT1H"), field("width", "300"), field("nsfw", "1"), field("unknown", "x"),
		}, script("as=ann")...).answer(t)
		f, err := s.db.FileBySlug(t.Context(), vitrine.Slug(a.ID))
		must(t, err)
		if a.Token != "" || a.DeleteURL == "" || a.Title != "A title" || len(f.Tags) != 2 || f.Description != "long\ntext" || f.Alt != "a field" || f.AlbumID == 0 || f.OwnerID == 0 || f.Width != 300 || !f.NSFW || !f.ExpiresAt.Equal(now.Add(time.Hour)) {
			t.Errorf("%+v\n%+v", a, f)
		}
	})
	t.Run("wider than it is", func(t *testing.T) {
		t.Parallel()
		a := s.submit(t, []part{file("a.png", content), field("width", "5000")}, script("")...).answer(t)
		if a.Width != 600 {
			t.Errorf("%+v", a)
		}
	})
	t.Run("what is ignored is told", func(t *testing.T) {
		t.Parallel()
		a := s.submit(t, []part{field("album", "zzzzz"), field("category", "none"), file("a.png", content)}, script("as=ann")...).answer(t)
		if a.ID == "" || len(a.Notes) != 2 {
			t.Errorf("%+v", a)
		}
	})
	for _, c := range []struct {
		name          string
		parts         []part
		headers       []string
		status        int
		code, message string
	}{
		{"nothing", nil, nil, 400, "source_missing", "No file was chosen"},
		{"an empty field", []part{{name: "source", kind: "application/octet-stream"}}, nil, 400, "source_missing", "No file was chosen"},
		{"an empty file", []part{{name: "source", filename: "a.png", kind: "image/png"}}, nil, 400, "source_empty", "The file is empty"},
		{"two at once", []part{file("a.png", content), file("b.png", content)}, nil, 400, "invalid", ""},
		{"text", []part{file("a.png", []byte("hello"))}, nil, 400, "unrecognised", "Accepted: JPG, "},
		{"a width of letters", []part{field("width", "wide"), file("a.png", content)}, nil, 400, "invalid", "whole number of pixels"},
		{"no time", []part{field("expiration", "P9Y"), file("a.png", content)}, nil, 400, "invalid", "one year"},
		{"too long a field", []part{field("title", strings.Repeat("x", 5000)), file("a.png", content)}, nil, 400, "invalid", "title is too long"},
		{"too big", []part{file("a.png", make([]byte, 5_000_001))}, nil, 400, "too_big", "at most 5 MB per file"},
		{"an address of a guest", []part{field("url", "https://example.org/a.png")}, nil, 400, "url_disabled", "Save the file first"},
		{"another site", []part{file("a.png", content)}, []string{"Sec-Fetch-Site", "cross-site"}, 403, "forbidden", "another site"},
		{"another site on plain HTTP", []part{file("a.png", content)}, []string{"Origin", "https://evil.example"}, 403, "forbidden", "another site"},
		{"in Japanese", []part{file("a.png", []byte("hello"))}, []string{"Accept-Language", "ja"}, 400, "unrecognised", "対応形式：JPG, "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := s.submit(t, c.parts, append(script(""), c.headers...)...)
			if a := p.answer(t); p.status != c.status || a.Code != c.code || !strings.Contains(a.Message, c.message) || p.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d %+v", p.status, a)
			}
		})
	}
}

func TestUploadByPlainForm(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{uploads: true, settings: map[string]string{"on_duplicate": "allow", "flood_protection": "off"}})
	a, b := picture(t, 600, 400, 1), picture(t, 500, 500, 2)
	one := s.submit(t, []part{file("one.png", a), field("url", "https://example.org/where-it-was")}, "Sec-Fetch-Site", "none") // as from the share menu of a phone
	if one.status != 200 || one.text(t, "h1") != "Upload complete" || one.Find(".taken").Length() != 1 || one.Find(".taken details[open] fieldset").Length() != 5 || one.Find("#all-title, .refusals").Length() != 0 {
		t.Errorf("one file: %d %s", one.status, one.body)
	}
	if one.header.Get("Referrer-Policy") != "no-referrer" || one.attr("meta[name=robots]", "content") != "noindex" {
		t.Errorf("headers %v", one.header)
	}
	many := s.submit(t, []part{file("one.png", a), {name: "source[]", filename: "two.png", content: b}, {name: "file", filename: "no<b>.txt", content: []byte("text")}}, "Accept-Language", "nb")
	if many.status != 200 || many.Find(".taken").Length() != 2 || many.Find("#all-title").Length() != 1 || many.Find(".refusals li").Length() != 1 {
		t.Fatalf("three files: %d %s", many.status, many.body)
	}
	if got := many.text(t, ".refusals li"); !strings.HasPrefix(got, "no<b>.txt: Dette er ikke et bilde") {
		t.Errorf("refusal %q", got)
	}
	if got := many.Find(`section [data-codes=bbcode] textarea`).First().Text(); strings.Count(got, "[img]") != 2 || strings.Count(got, "\n") != 1 {
		t.Errorf("codes of all %q", got)
	}
	if n := many.Find(".album-box [name=proof]").Length(); n != 2 || many.attr(".album-box form", "action") != "/-/album-of" {
		t.Errorf("album of %d files", n)
	}
	none := s.submit(t, []part{file("a.txt", []byte("text"))})
	if none.status != 400 || none.text(t, "h1") != "Nothing was uploaded" || none.Find(".taken, .album-box").Length() != 0 {
		t.Errorf("no file: %d %s", none.status, none.body)
	}
	if p := s.submit(t, nil); p.status != 400 || !strings.Contains(p.text(t, "main"), "No file was chosen") {
		t.Errorf("empty form: %d", p.status)
	}
}

// TestBoundsOfAForm: a form may hold twenty files, and ten times a file's bytes.
func TestBoundsOfAForm(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{uploads: true, settings: map[string]string{"upload_max_size_guest": "20KB", "on_duplicate": "allow", "flood_protection": "off"}})
	var parts []part
	for i := range 22 {
		parts = append(parts, file("a.png", picture(t, 20, 20, uint8(i))))
	}
	p := s.submit(t, parts)
	if p.Find(".taken").Length() != 20 || p.Find(".refusals li").Length() != 2 || !strings.Contains(p.Find(".refusals li").Text(), "at most 20 at a time") {
		t.Errorf("22 files: %s", p.Find(".refusals").Text())
	}
	parts = nil
	for range 12 {
		parts = append(parts, file("a.bin", make([]byte, 20_000)))
	}
	p = s.submit(t, parts)
	if got := p.Find(".refusals li"); got.Length() != 12 || strings.Count(got.Text(), "at most 200 KB at a time") != 2 {
		t.Errorf("too much together: %s", got.Text())
	}
	p = s.submit(t, []part{file("a.bin", make([]byte, 2_000_000))})
	if p.status != 400 || !strings.Contains(p.body, "at most 200 KB at a time") {
		t.Errorf("far too much: %d %s", p.status, p.body)
	}
}

func TestUploadOfAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{uploads: true, settings: map[string]string{"on_duplicate": "allow"}})
	s.user(t, "ann", vitrine.RoleUser)
	content := picture(t, 60, 40, 9)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/a.png" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(web.Close)
	lines := web.URL + "/a.png\r\n\r\n  " + web.URL + "/none.png  "
	for name, p := range map[string]page{
		"multipart":  s.submit(t, []part{field("url", lines)}, "Cookie", "as=ann"),
		"urlencoded": s.post(t, "/upload", "as=ann", "url", lines),
	} {
		if p.status != 200 || p.Find(".taken").Length() != 1 || !strings.HasPrefix(p.text(t, ".refusals li"), web.URL+"/none.png: ") {
			t.Errorf("%s: %d %s", name, p.status, p.body)
		}
	}
	a := s.submit(t, []part{{name: "source", filename: "a.png", kind: "text/uri-list", content: []byte("# from the queue\r\n" + web.URL + "/a.png")}}, script("as=ann")...).answer(t)
	if a.Title != "a" || a.Width != 60 {
		t.Errorf("%+v", a)
	}
	p := s.submit(t, []part{field("url", strings.Repeat("https://example.org/\n", 21))}, script("as=ann")...)
	if p.status != 400 || !strings.Contains(p.answer(t).Message, "at most 20") {
		t.Errorf("too many: %d %s", p.status, p.body)
	}
}

func TestDuplicatesAndFloods(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{uploads: true, settings: map[string]string{"flood_minute": "3"}})
	content := picture(t, 60, 40, 3)
	first := s.submit(t, []part{file("a.png", content)}, script("")...).answer(t)
	if first.ID == "" {
		t.Fatalf("%+v", first)
	}
	again := s.submit(t, []part{file("b.png", content)}, script("")...)
	if a := again.answer(t); again.status != 400 || a.Code != "duplicate" || a.Link != first.Viewer || a.Message == "" {
		t.Errorf("%d %+v", again.status, a)
	}
	for i := range 2 {
		s.submit(t, []part{file("c.png", picture(t, 50, 50, uint8(100+i)))})
	}
	p := s.submit(t, []part{file("d.png", picture(t, 51, 50, 7))}, script("")...)
	if a := p.answer(t); p.status != 429 || p.header.Get("Retry-After") != "60" || a.Message != "At most 3 files can be uploaded within a minute. Please try again in 1 minute." {
		t.Errorf("%d %+v", p.status, a)
	}
}

func TestAlbumOfFreshFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{uploads: true, settings: map[string]string{"on_duplicate": "allow", "flood_protection": "off"}})
	ann := s.user(t, "ann", vitrine.RoleUser)
	s.user(t, "bo", vitrine.RoleUser)
	upload := func(cookie string, shade uint8) answer {
		return s.submit(t, []part{file("a.png", picture(t, 60, 40, shade))}, script(cookie)...).answer(t)
	}
	albumOf := func(slug string) int64 {
		f, err := s.db.FileBySlug(t.Context(), vitrine.Slug(slug))
		must(t, err)
		return f.AlbumID
	}
	send := func(cookie string, fields ...string) page {
		form := url.Values{}
		for i := 0; i < len(fields); i += 2 {
			form.Add(fields[i], fields[i+1])
		}
		return s.send(t, http.MethodPost, "/-/album-of", strings.NewReader(form.Encode()), append(script(cookie), "Content-Type", "application/x-www-form-urlencoded")...)
	}

	own := upload("as=ann", 1)
	made := send("as=ann", "name", "Holiday", "id", own.ID).answer(t)
	if made.Name != "Holiday" || made.Token != "" || !strings.HasPrefix(made.URL, "https://pics.example.org/album/Holiday.") || albumOf(own.ID) == 0 {
		t.Errorf("new album %+v", made)
	}
	other := s.album(t, ann, nil)
	if a := send("as=ann", "album", string(other.Slug), "id", own.ID).answer(t); a.ID != string(other.Slug) || albumOf(own.ID) != other.ID {
		t.Errorf("existing album %+v", a)
	}
	if p := send("as=bo", "album", string(other.Slug), "id", own.ID); p.status != 404 {
		t.Errorf("another's album: %d", p.status)
	}
	if p := send("as=ann", "name", "Empty"); p.status != 400 || p.answer(t).Field != "files" {
		t.Errorf("no files: %d", p.status)
	}
	if p := send("as=ann", "name", " ", "id", own.ID); p.status != 400 || p.answer(t).Field != "name" {
		t.Errorf("no name: %d", p.status)
	}

	guests := upload("", 2)
	if p := send("", "name", "Ours", "proof", guests.ID+":"+strings.Repeat("0", 48)); p.status != 403 {
		t.Errorf("wrong token: %d %s", p.status, p.body)
	}
	album := send("", "name", "Ours", "proof", guests.ID+":"+guests.Token).answer(t)
	if album.Token == "" || albumOf(guests.ID) == 0 {
		t.Fatalf("guest's album %+v", album)
	}
	next := upload("", 3)
	plain := s.post(t, "/-/album-of", "", "name", "Again", "proof", next.ID+":"+next.Token)
	if plain.status != 303 || !strings.HasPrefix(plain.header.Get("Location"), "/album/Again.") {
		t.Errorf("plain form: %d %v", plain.status, plain.header)
	}

	if p := s.send(t, http.MethodPost, "/-/claim", strings.NewReader("proof="+guests.ID+":"+guests.Token), append(script(""), "Content-Type", "application/x-www-form-urlencoded")...); p.status != 401 {
		t.Errorf("claim of a guest: %d", p.status)
	}
	claim := url.Values{"proof": {guests.ID + ":" + guests.Token, "nothing", own.ID + ":" + guests.Token}, "album_proof": {album.ID + ":" + album.Token}}
	p := s.send(t, http.MethodPost, "/-/claim", strings.NewReader(claim.Encode()), append(script("as=bo"), "Content-Type", "application/x-www-form-urlencoded")...)
	if a := p.answer(t); a.Claimed != 2 {
		t.Errorf("claimed %d %s", a.Claimed, p.body)
	}
	if f, err := s.db.FileBySlug(t.Context(), vitrine.Slug(own.ID)); err != nil || f.OwnerID != ann.ID {
		t.Error("another's file was claimed")
	}
	closed := newSite(t, options{settings: map[string]string{"guest_albums": "off"}})
	if p := closed.post(t, "/-/album-of", "", "name", "x", "proof", "abc:def"); p.status != 403 {
		t.Errorf("guest albums are off: %d", p.status)
	}
}
