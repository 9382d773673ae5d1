package upload

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxTitle       = 100   // characters
	maxAlt         = 500   // characters
	maxDescription = 65535 // bytes
)

// cleanLine makes one line of valid UTF-8: tabs and line breaks become a space,
// other control characters go. Nothing is trimmed.
func cleanLine(s string) string {
	return clean(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return -1
	})
}

// cleanText makes valid UTF-8 whose lines end in \n and whose only other control
// character is the tab.
func cleanText(s string) string {
	return clean(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) rune {
		switch r {
		case '\n', '\t':
			return r
		case '\r':
			return '\n'
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

// cutRunes keeps the first characters of valid UTF-8.
func cutRunes(s string, most int) string {
	for i := range s {
		if most == 0 {
			return s[:i]
		}
		most--
	}
	return s
}

// cutBytes keeps at most so many bytes of valid UTF-8, without cutting a
// character in two.
func cutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

var wordBreaks = regexp.MustCompile(`[-_ ]+`)

// titleOf chooses the title: what the client gave, else what the metadata says,
// else the client's file name with runs of '-', '_' and space as one space. A
// given title keeps its markup and its outer space; pages escape it. stem is the
// client's file name without extension.
func titleOf(given, metadata, stem string) string {
	if t := cleanLine(given); strings.TrimSpace(t) != "" {
		return cutRunes(t, maxTitle)
	}
	if t := strings.TrimSpace(cleanLine(metadata)); t != "" {
		return cutRunes(t, maxTitle)
	}
	return cutRunes(strings.TrimSpace(wordBreaks.ReplaceAllString(stem, " ")), maxTitle)
}
