package vitrine

import (
	"strings"
	"unicode/utf8"
)

// Tag is a free word on files. Names are unique with their case.
type Tag struct {
	ID          int64
	Name        string
	ListedCount int64 // files with it that anybody may see; not filled in on files
}

// tagPunctuation is what a tag must not consist of alone.
const tagPunctuation = `/\,.?&=#%+@!*;: `

// ParseTag accepts 1 to 32 characters without ',', '/' or '#', not made of one
// repeated punctuation mark alone. White space is trimmed and inner runs of it
// become one space.
func ParseTag(s string) (string, bool) {
	s = strings.Join(strings.Fields(s), " ")
	n := utf8.RuneCountInString(s)
	if n < 1 || n > 32 || !utf8.ValidString(s) || strings.ContainsAny(s, ",/#") {
		return "", false
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return "", false
		}
	}
	if strings.Trim(s, tagPunctuation) == "" {
		return "", false
	}
	return s, true
}

// ParseTags splits at commas, keeps the order, and drops invalid tags and
// repetitions silently, as the protocol has always done.
func ParseTags(list string) []string {
	var tags []string
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(list, ",") {
		if t, ok := ParseTag(part); ok && !seen[t] {
			seen[t] = true
			tags = append(tags, t)
		}
	}
	return tags
}
