package upload

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

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
	if t := vitrine.CleanLine(given); strings.TrimSpace(t) != "" {
		return cutRunes(t, vitrine.MaxTitle)
	}
	if t := strings.TrimSpace(vitrine.CleanLine(metadata)); t != "" {
		return cutRunes(t, vitrine.MaxTitle)
	}
	return cutRunes(strings.TrimSpace(wordBreaks.ReplaceAllString(stem, " ")), vitrine.MaxTitle)
}
