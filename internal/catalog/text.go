package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

const (
	maxTitle       = 255   // characters
	maxAlt         = 500   // characters
	maxDescription = 65535 // bytes
)

// parseLine accepts one line of at most so many characters.
func parseLine(field, s string, most int) (string, error) {
	s = strings.TrimSpace(cleanLine(s))
	if n := utf8.RuneCountInString(s); n > most {
		return "", vitrine.Invalid(field, "Invalid %s: it has %d characters, use at most %d", field, n, most)
	}
	return s, nil
}

func parseDescription(s string) (string, error) {
	s = strings.TrimSpace(clean(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return -1
	}))
	if n := len(s); n > maxDescription {
		return "", vitrine.Invalid("description", "Invalid description: it has %d bytes, use at most %d", n, maxDescription)
	}
	return s, nil
}

// cleanLine makes one line of valid UTF-8: tabs and line breaks become a space,
// other control characters go.
func cleanLine(s string) string {
	return clean(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return -1
	})
}

// clean replaces what is not UTF-8 and asks about every control character.
func clean(s string, control func(rune) rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return control(r)
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
