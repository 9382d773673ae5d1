package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"vitrine/internal/vitrine"
)

func TestEditFile(t *testing.T) {
	t.Parallel()
	s := albumSite(t)
	p := s.get(t, "/image/second/edit", "Cookie", "as=ann")
	if p.attr("input[name=title]", "value") != "The second" || p.attr("select[name=album] option[selected]", "value") != "inner" ||
		p.attr("select[name=category] option[selected]", "value") != "travel" || p.attr("select[name=expiration] option[selected]", "value") != "" {
		t.Error("the form does not begin with what is so")
	}
	p.Find("input, select, textarea, button").Each(func(_ int, e *goquerySelection) { wantName(t, p, e) })
	done := s.post(t, "/image/second/edit", "as=ann", "title", "Harbour", "description", "one\r\ntwo", "alt", "A harbour at dawn",
		"tags", "sea, boat", "album", "outer", "category", "", "expiration", "P1D", "nsfw", "1")
	if done.status != 303 || done.header.Get("Location") != "/image/Harbour.second" || !strings.Contains(done.header.Get("Set-Cookie"), "note.file_saved") {
		t.Fatalf("saving: %d to %s", done.status, done.header.Get("Location"))
	}
	f, err := s.db.FileBySlug(context.Background(), "second")
	must(t, err)
	if f.Title != "Harbour" || f.Description != "one\ntwo" || f.Alt != "A harbour at dawn" || len(f.Tags) != 2 || !f.NSFW || f.CategoryID != 0 || !f.ExpiresAt.Equal(now.Add(24*time.Hour)) {
		t.Errorf("%+v", f)
	}
	if p := s.get(t, "/image/second"); p.attr("#image-viewer img", "alt") != "A harbour at dawn" || p.Find(".file-tags a").Text() == "" || p.attr("meta[property='og:image:alt']", "content") != "A harbour at dawn" {
		t.Error("the page shows what was")
	}
	if p := s.get(t, "/image/second/edit", "Cookie", "as=ann"); p.attr("select[name=expiration] option[selected]", "value") != "keep" || p.attr("select[name=album] option[selected]", "value") != "outer" {
		t.Error("the form does not begin with what is so now")
	}
	// An empty box is not sent; the rest stays.
	s.post(t, "/image/second/edit", "as=ann", "title", "Harbour", "expiration", "keep")
	if f, err = s.db.FileBySlug(context.Background(), "second"); err != nil || f.NSFW || f.Alt == "" || !f.ExpiresAt.Equal(now.Add(24*time.Hour)) {
		t.Errorf("%+v, %v", f, err)
	}
	s.post(t, "/image/second/edit", "as=ann", "expiration", "0")
	if f, err = s.db.FileBySlug(context.Background(), "second"); err != nil || !f.ExpiresAt.IsZero() {
		t.Errorf("expires %v, %v", f.ExpiresAt, err)
	}
	for name, c := range map[string]struct{ field, value string }{
		"too long a title":    {"title", strings.Repeat("x", 256)},
		"another's album":     {"album", "nosuch"},
		"too soon":            {"expiration", "PT1S"},
		"no such category":    {"category", "nosuch"},
		"description too big": {"description", strings.Repeat("x", 70_000)},
	} {
		p := s.post(t, "/image/second/edit", "as=ann", "tags", "kept as it was typed", c.field, c.value)
		if p.status != 400 || p.text(t, "[role=alert]") == "" || p.attr("input[name=tags]", "value") != "kept as it was typed" {
			t.Errorf("%s: %d %s", name, p.status, p.Find("[role=alert]").Text())
		}
		if p.Find("[name="+c.field+"][aria-invalid=true]").Length() != 1 && p.Find("[name="+c.field+"]").Length() != 0 {
			t.Errorf("%s: nothing is marked", name)
		}
	}
	if p := s.ask(t, http.MethodPost, "/image/second/edit", "Cookie", "as=ann", "Origin", "https://evil.example"); p.status != 403 {
		t.Errorf("form of another site: %d", p.status)
	}
}

func TestDeleteOwnFile(t *testing.T) {
	t.Parallel()
	s := albumSite(t)
	p := s.get(t, "/image/second/delete", "Cookie", "as=ann")
	if p.status != 200 || p.attr("main form", "method") != "post" || p.attr("main form a", "href") != "/image/The-second.second" || p.header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("asking: %d", p.status)
	}
	for _, c := range []struct{ file, next string }{
		{"second", "/image/The-first.first"}, {"first", "/image/The-third.third"}, {"third", "/album/Summer.inner"},
	} {
		p := s.post(t, "/image/"+c.file+"/delete", "as=ann")
		if p.status != 303 || p.header.Get("Location") != c.next {
			t.Errorf("%s: %d to %s", c.file, p.status, p.header.Get("Location"))
		}
		if _, err := s.db.FileBySlug(context.Background(), vitrine.Slug(c.file)); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("%s is still there: %v", c.file, err)
		}
	}
	if p := s.post(t, "/image/alone/delete", "as=root"); p.header.Get("Location") != "/" {
		t.Errorf("a guest's: to %s", p.header.Get("Location"))
	}
}
