package catalog

import (
	"strings"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

// parseLine accepts one line of at most so many characters.
func parseLine(field, s string, most int) (string, error) {
	s = strings.TrimSpace(vitrine.CleanLine(s))
	if n := utf8.RuneCountInString(s); n > most {
		return "", vitrine.Invalid(field, "Invalid %s: it has %d characters, use at most %d", field, n, most)
	}
	return s, nil
}

func parseDescription(s string) (string, error) {
	s = strings.TrimSpace(vitrine.CleanText(s))
	if n := len(s); n > vitrine.MaxDescription {
		return "", vitrine.Invalid("description", "Invalid description: it has %d bytes, use at most %d", n, vitrine.MaxDescription)
	}
	return s, nil
}
