package web

import (
	"net/http"
	"net/http/httptest"

	"vitrine/internal/locale"
	"vitrine/internal/vitrine"
)

// Explain is what the visitor who sends the request reads about a refusal.
func Explain(h http.Handler, r *http.Request, e *vitrine.Error) string {
	return h.(*door).newVisit(httptest.NewRecorder(), r).explain(e)
}

// FirstSegments are those of all addresses that settings do not name.
func FirstSegments() []string {
	all := append(append([]string{}, fileNames...), albumNames...)
	for name := range allAreas() {
		all = append(all, name)
	}
	return all
}

// Parser parses a page in a language.
func Parser(b *locale.Bundle) func(lang, page string) error {
	p := newPages(b)
	return func(lang, page string) error {
		_, err := p.page(lang, page)
		return err
	}
}
