package db

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"vitrine/internal/vitrine"
)

// The kinds of files as the column kind holds them; see also kindConditions.
const (
	kindStill = iota
	kindAnimation
	kindFilm
)

func kindOf(f *vitrine.File) int {
	switch {
	case f.Kind() == vitrine.KindVideo:
		return kindFilm
	case f.Animated:
		return kindAnimation
	}
	return kindStill
}

// titleKeyLength is how many characters of a title decide about its place.
const titleKeyLength = 100

// titleKey is what the order by title compares, byte by byte: the title in lower case,
// with numbers by their value, so that "IMG 9" comes before "IMG 10". A number is
// written with its length before it.
func titleKey(title string) string {
	var b strings.Builder
	n := 0
	for rest := strings.ToLower(title); rest != "" && n < titleKeyLength; n++ {
		if digits := leadingDigits(rest); digits != "" {
			number := strings.TrimLeft(digits, "0")
			fmt.Fprintf(&b, "%03d%s", min(len(number), 999), number[:min(len(number), titleKeyLength)])
			rest = rest[len(digits):]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		b.WriteRune(r)
		rest = rest[size:]
	}
	return b.String()
}

func leadingDigits(s string) string {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i]
}
