package vitrine

import (
	"strings"
	"unicode"
)

// Limits of what people write about a file.
const (
	MaxTitle       = 100   // characters
	MaxAlt         = 500   // characters
	MaxDescription = 65535 // bytes
)

// CleanLine makes one line of valid UTF-8: tabs and line breaks become a space,
// other control characters go. Nothing is trimmed.
func CleanLine(s string) string {
	return clean(s, func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return -1
	})
}

// CleanText makes valid UTF-8 whose lines end in \n and whose only other control
// character is the tab. Nothing is trimmed.
func CleanText(s string) string {
	return clean(s, func(r rune) rune {
		switch r {
		case '\n', '\t':
			return r
		case '\r':
			return '\n'
		}
		return -1
	})
}

// clean replaces what is not UTF-8, makes one character of the line break that is two,
// and asks about every control character.
func clean(s string, control func(rune) rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return control(r)
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD"))
}
