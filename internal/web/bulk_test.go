package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vitrine/internal/vitrine"
)

const asJSON = "application/json"

// bulkSite has a file of ann's, one of bob's and one of nobody's.
func bulkSite(t *testing.T) (*site, *vitrine.User) {
	s := newSite(t, options{})
	ann, bob := s.user(t, "ann", vitrine.RoleUser), s.user(t, "bob", vitrine.RoleUser)
	s.user(t, "max", vitrine.RoleManager)
	s.category(t, "Art", "art")
	s.album(t, ann, nil)
	s.fill(t, 3, func(i int, f *vitrine.File) { f.OwnerID = []int64{ann.ID, bob.ID, 0}[i] })
	return s, ann
}

func (s *site) file(t testing.TB, slug string) *vitrine.File {
	t.Helper()
	f, err := s.db.FileBySlug(context.Background(), vitrine.Slug(slug))
	must(t, err)
	return f
}

func TestBulkForms(t *testing.T) {
	t.Parallel()
	s, _ := bulkSite(t)
	own := s.get(t, "/ann", "Cookie", "as=ann")
	form := own.Find("form.list-mine")
	if form.AttrOr("action", "") != "/-/files" || form.AttrOr("method", "") != "post" || form.Find("button[name=action]").Length() != 4 || form.Find("[data-mine]").Length() != 1 {
		t.Error("the owner's list has no form")
	}
	if other := s.get(t, "/ann"); other.Find("form.list-mine, [data-mine]").Length() != 0 || other.Find("button[name=action]").AttrOr("value", "") != "codes" {
		t.Error("strangers are offered changes")
	}
	for action, want := range map[string]string{"edit": "[name=add_tags]", "move": "[name=album] option[value=album]", "delete": ".btn-error", "codes": "textarea"} {
		p := s.post(t, "/-/files", "as=ann", "action", action, "ids", "picture000", "ids", "picture001", "ids", "no slug", "next", "/ann?after=x")
		if p.status != http.StatusOK || p.Find("h1").Length() != 1 || p.Find("main "+want).Length() == 0 || p.Find("[name=ids]").Length() != 2 || p.attr("main a[data-close]", "href") != "/ann?after=x" {
			t.Errorf("%s: %d %s", action, p.status, p.Find("main").Text())
		}
		part := s.ask(t, http.MethodPost, "/-/files?x", "X-Part", "1")
		if part.status != http.StatusBadRequest {
			t.Errorf("nothing chosen: %d", part.status)
		}
	}
	codes := s.post(t, "/-/files", "", "action", "codes", "ids", "picture000", "ids", "picture002")
	if got := codes.Find("#codes-link-viewer").Text(); got != "https://pics.example.org/image/Picture-0.picture000\nhttps://pics.example.org/image/Picture-2.picture002" {
		t.Errorf("codes %q", got)
	}
	done := s.post(t, "/-/files", "as=ann", "action", "edit", "sure", "1", "ids", "picture000", "ids", "picture001", "add_tags", "one, two", "nsfw", "1", "category", "art", "next", "/ann")
	if done.status != http.StatusSeeOther || done.header.Get("Location") != "/ann" || !strings.Contains(done.header.Get("Set-Cookie"), "note.files_changed") {
		t.Errorf("edit: %d %v", done.status, done.header)
	}
	if f := s.file(t, "picture000"); !f.NSFW || len(f.Tags) != 2 || f.CategoryID == 0 {
		t.Errorf("not changed: %+v", f)
	}
	if f := s.file(t, "picture001"); f.NSFW || len(f.Tags) != 0 {
		t.Error("somebody else's file was changed")
	}
	guest := s.post(t, "/-/files", "", "action", "delete", "ids", "picture002", "next", "/explore")
	if guest.status != http.StatusSeeOther || guest.header.Get("Location") != "/login?next=%2Fexplore" {
		t.Errorf("guest: %d %s", guest.status, guest.header.Get("Location"))
	}
	foreign := s.ask(t, http.MethodPost, "/-/files", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", "Cookie", "as=ann")
	if foreign.status != http.StatusForbidden {
		t.Errorf("from another site: %d", foreign.status)
	}
}

func TestBulkByScript(t *testing.T) {
	t.Parallel()
	s, _ := bulkSite(t)
	send := func(who, body string, more ...string) page {
		return s.send(t, http.MethodPost, "/-/files", strings.NewReader(body), append([]string{"Content-Type", asJSON, "Accept", asJSON, "Cookie", "as=" + who}, more...)...)
	}
	for _, c := range []struct {
		name, who, body string
		status, count   int
		message         string
	}{
		{"move", "ann", `{"action":"move","ids":["picture000","picture001"],"album":"album","sure":true}`, 200, 1, "1 file changed"},
		{"out of it", "ann", `{"action":"move","ids":["picture000"],"album":"-","sure":true}`, 200, 1, "1 file changed"},
		{"a manager", "max", `{"action":"edit","ids":["picture000","picture001"],"nsfw":"1","sure":true}`, 200, 2, "2 files changed"},
		{"nothing to do", "ann", `{"action":"edit","ids":["picture000"],"sure":true}`, 200, 0, "Nothing was changed."},
		{"others' files", "ann", `{"action":"delete","ids":["picture001"],"sure":true}`, 403, 0, ""},
		{"guest", "", `{"action":"delete","ids":["picture002"],"sure":true}`, 401, 0, ""},
		{"none", "ann", `{"action":"delete","ids":[],"sure":true}`, 400, 0, "Choose at least one file."},
		{"no such deed", "ann", `{"action":"burn","ids":["picture000"]}`, 400, 0, "Choose what to do with the files."},
		{"no such category", "ann", `{"action":"edit","ids":["picture000"],"category":"nonsense","sure":true}`, 400, 0, ""},
		{"rubbish", "ann", `{"action":`, 400, 0, ""},
		{"delete", "ann", `{"action":"delete","ids":["picture000","picture001"],"sure":true}`, 200, 1, "1 file deleted"},
	} {
		p := send(c.who, c.body)
		var got struct {
			Count   int
			Message string
		}
		must(t, json.Unmarshal([]byte(p.body), &got))
		if p.status != c.status || got.Count != c.count || c.message != "" && got.Message != c.message || got.Message == "" {
			t.Errorf("%s: %d %s", c.name, p.status, p.body)
		}
	}
	if p := s.get(t, "/image/picture000", "Cookie", "as=ann"); p.status != http.StatusNotFound {
		t.Errorf("it is still there: %d", p.status)
	}
	part := send("max", `{"action":"delete","ids":["picture001"]}`, "X-Part", "1")
	if part.status != http.StatusOK || part.Find("form.bulk-form").Length() != 1 || part.Find("header").Length() != 0 {
		t.Errorf("part: %d", part.status)
	}
	codes := s.get(t, "/-/codes?ids=picture001,picture002,zzz,..")
	var groups []struct {
		Key   string
		Codes []struct{ Key, Text string }
	}
	must(t, json.Unmarshal([]byte(codes.body), &groups))
	if groups[0].Key != "link" || strings.Count(groups[0].Codes[0].Text, "\n") != 1 {
		t.Errorf("codes %s", codes.body)
	}
	if p := s.get(t, "/-/codes?ids=zzz"); p.status != http.StatusNotFound {
		t.Errorf("codes of nothing: %d", p.status)
	}
	keys := s.get(t, "/-/keys", "X-Part", "1")
	if n := keys.Find("kbd").Length(); n < 10 || keys.Find("tr th[scope=row]").FilterFunction(func(_ int, e *goquery.Selection) bool { return e.Next().Text() == "" }).Length() != 0 {
		t.Errorf("%d keys", n)
	}
}
