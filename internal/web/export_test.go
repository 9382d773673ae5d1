package web

import "vitrine/internal/locale"

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
