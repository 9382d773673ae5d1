package web_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"vitrine/internal/vitrine"
	"vitrine/internal/web"
)

// TestEveryRefusalIsExplained: each code, and each code with the field and the
// facts that the rooms give it, has a sentence in every language.
func TestEveryRefusalIsExplained(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{settings: map[string]string{"upload_max_size_guest": "7MB", "upload_formats": "jpg,png", "tags_per_file": "9"}})
	source, err := os.ReadFile("../vitrine/error.go")
	must(t, err)
	refusals := map[string]*vitrine.Error{}
	for _, m := range regexp.MustCompile(`Code = "([a-z0-9_]+)"`).FindAllStringSubmatch(string(source), -1) {
		refusals[m[1]] = &vitrine.Error{Code: vitrine.Code(m[1]), Message: "raw English"}
	}
	if len(refusals) < 28 {
		t.Fatalf("only %d codes", len(refusals))
	}
	for _, f := range []string{"form", "files", "url", "width", "expiration", "tags", "title", "description", "alt", "name", "privacy", "method"} {
		refusals["invalid."+f] = vitrine.Invalid(f, "raw English")
	}
	for _, f := range []string{"form", "files"} {
		refusals["too_big."+f] = &vitrine.Error{Code: vitrine.CodeTooBig, Field: f}
	}
	refusals["forbidden.origin"] = &vitrine.Error{Code: vitrine.CodeForbidden, Field: "origin"}
	refusals["duplicate.known"] = &vitrine.Error{Code: vitrine.CodeDuplicate, Field: "known"}
	add := func(err error) {
		e, ok := err.(*vitrine.Error) //nolint:errorlint // built here
		if !ok {
			t.Fatalf("no refusal: %v", err)
		}
		refusals[string(e.Code)+"."+e.Field] = e
	}
	set := vitrine.DefaultSettings()
	for _, l := range set.FloodLimits() {
		add(l.Exceeded())
	}
	add(set.MaxPixels.Check(&vitrine.Inspection{Format: vitrine.PNG, Width: 20001, Height: 10000, Frames: 1}))
	add(set.MaxPixels.Check(&vitrine.Inspection{Format: vitrine.GIF, Width: 5000, Height: 5000, Frames: 4321}))
	set.GuestAlbums, set.GuestUploads = false, false
	add(vitrine.Actor{}.MayMakeAlbums(set))
	add(vitrine.Actor{}.MayUpload(set))
	set.Uploads = false
	add(vitrine.Actor{}.MayUpload(set))

	says := map[string]string{
		"too_big": "7", "unrecognised": "JPG, PNG", "invalid.tags": "9", "too_big.form": "70", "too_big.files": "20", "flood.minute": "50", "flood.month": "10000",
		"too_many_pixels.pixels": "20001", "too_many_pixels.frames": "4321", "busy": "10",
	}
	english := map[string]string{}
	for _, lang := range languages {
		for name, e := range refusals {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Language", lang)
			text := web.Explain(s.Handler, r, e)
			if lang == "en" {
				english[name] = text
			} else if text == english[name] {
				t.Errorf("%s: %s is English", lang, name)
			}
			if text == "" || strings.ContainsAny(text, "{}<>") || strings.Contains(text, "raw English") || strings.Contains(text, "reason.") {
				t.Errorf("%s: %s is explained by %q", lang, name, text)
			}
			if fault := web.Explain(s.Handler, r, &vitrine.Error{Code: vitrine.CodeInternal}); name != "internal" && text == fault {
				t.Errorf("%s: %s has no text", lang, name)
			}
			if !strings.Contains(text, says[name]) {
				t.Errorf("%s: %s does not say %s: %q", lang, name, says[name], text)
			}
		}
	}
	wait := &vitrine.Error{Code: vitrine.CodeFlood, RetryAfter: int(90 * time.Minute / time.Second)}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Language", "ru")
	if got := web.Explain(s.Handler, r, wait); !strings.HasSuffix(got, "через 2 часа.") {
		t.Errorf("wait: %s", got)
	}
}
