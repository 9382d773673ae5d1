package links

import "strings"

// SlugOf is what stands after the last dot of a path segment: the id of a file
// or album, whatever title stands before it.
func SlugOf(segment string) string { return segment[strings.LastIndexByte(segment, '.')+1:] }

// TagKey is a tag's name in an address: percent-encoded by RFC 3986, 2.1.
func TagKey(name string) string { return percent(name) }

// titlePart is a title as it stands in viewer addresses: without markup and
// without \ / ~ & ! ' " ?, runs of white space and hyphens as one hyphen, the
// rest percent-encoded. It is empty for a title of nothing else.
func titlePart(title string) string {
	var out strings.Builder
	gap := false
	for _, r := range stripTags(title) {
		switch {
		case strings.ContainsRune(`\/~&!'"?`, r) || r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffd:
		case r == ' ' || r == '-' || r == '\n' || r == '\t' || r == 0xa0 || r == 0x3000:
			gap = true
		default:
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			gap = false
			out.WriteRune(r)
		}
	}
	return percent(out.String())
}

// stripTags removes what looks like markup: "<" with a letter, "/", "!" or "?"
// behind it, up to the next ">".
func stripTags(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '<' && i+1 < len(s) {
			c := s[i+1] | 0x20
			if end := strings.IndexByte(s[i:], '>'); end > 0 && (c >= 'a' && c <= 'z' || c == '/' || c == '!' || c == '?') {
				i += end
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

// percent encodes every byte but the unreserved ones of RFC 3986, 2.3.
func percent(s string) string {
	const hex = "0123456789ABCDEF"
	n := 0
	for i := range len(s) {
		if !unreserved(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	out := make([]byte, 0, len(s)+2*n)
	for i := range len(s) {
		if c := s[i]; unreserved(c) {
			out = append(out, c)
		} else {
			out = append(out, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(out)
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
