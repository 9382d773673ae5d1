package media

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// legibleText makes text from strangers' bytes: up to the first zero, as UTF-8
// or, where that fails, as Windows-1252, without control and formatting characters
// that change how other text reads, at most limit characters. Line breaks stay.
func legibleText(b []byte, limit int) string {
	b, _, _ = bytes.Cut(b[:min(len(b), 4*limit)], []byte{0})
	for i := 0; i < 3 && len(b) > 0 && len(b) == 4*limit && !utf8.Valid(b); i++ {
		b = b[:len(b)-1] // the cut may have split a character
	}
	if !utf8.Valid(b) {
		if t, err := charmap.Windows1252.NewDecoder().Bytes(b); err == nil {
			b = t
		}
	}
	return legible(string(b), limit)
}

// legible is legibleText for what already is a string.
func legible(s string, limit int) string {
	n := 0
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\r':
			r = ' '
		case r == '\n':
		case r == utf8.RuneError, unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		if n++; n > limit {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// oneLine is legible text in which every run of white space is one blank.
func oneLine(s string, limit int) string {
	return strings.TrimSpace(legible(strings.Join(strings.Fields(legible(s, 4*limit)), " "), limit))
}
