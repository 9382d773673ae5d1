package web_test

import (
	"path/filepath"
	"strings"
	"testing"

	"vitrine/internal/locale"
	"vitrine/internal/web"
)

// Pages are parsed when they are first asked for: that all of them can be is seen
// here.
func TestEveryPageParsesInEveryLanguage(t *testing.T) {
	t.Parallel()
	texts, err := locale.New()
	must(t, err)
	files, err := filepath.Glob("templates/pages/*.html")
	must(t, err)
	parse := web.Parser(texts)
	for _, lang := range texts.Languages() {
		for _, file := range files {
			must(t, parse(lang, strings.TrimSuffix(filepath.Base(file), ".html")))
		}
	}
	if len(files) < 20 {
		t.Errorf("%d pages", len(files))
	}
	if parse("en", "no-such-page") == nil {
		t.Error("a page that is not there was parsed")
	}
}
