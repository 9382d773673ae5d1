package upload

import (
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"

	"vitrine/internal/vitrine"
)

// maxName is the most characters of a stored base name.
const maxName = 200

// naming gives the candidates for the stored base name of one upload.
type naming struct {
	mode   vitrine.NamingMode
	base   string // a safe name, see safeName
	random func([]byte)
}

// candidate is the base name to try. Every attempt after the first carries
// chance: where a plain name is taken the mixed one takes its place. Attempts in
// mode id need a new slug each.
func (n naming) candidate(attempt int, slug vitrine.Slug) string {
	switch {
	case n.mode == vitrine.NamingID:
		return string(slug)
	case n.mode == vitrine.NamingRandom:
		return n.hex(32)
	case n.mode == vitrine.NamingMixed, attempt > 0:
		return cutName(n.base, maxName-16) + n.hex(16)
	}
	return n.base
}

func (n naming) hex(digits int) string { return randomHex(n.random, digits) }

// randomHex is an even number of random lower-case hex digits.
func randomHex(random func([]byte), digits int) string {
	b := make([]byte, digits/2)
	random(b)
	return hex.EncodeToString(b)
}

// clientName reduces what a client calls a file to its base name: paths of Unix
// and Windows lose their folders, control characters and broken UTF-8 go.
func clientName(s string) string {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = vitrine.CleanLine(s)
	stem, ext := splitName(s)
	if ext == "" {
		return cutRunes(s, maxOriginalFilename)
	}
	ext = "." + cutRunes(ext, maxOriginalFilename/2)
	return cutRunes(stem, maxOriginalFilename-len([]rune(ext))) + ext
}

// maxOriginalFilename is the most characters of a client's name that are kept.
const maxOriginalFilename = 255

// splitName cuts a base name at its last dot.
func splitName(s string) (stem, ext string) {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// extensionOf is the extension that a file of the stored format gets: that of
// the format, save that a client who wrote .jpg gets jpg.
func extensionOf(client string, stored vitrine.Format) string {
	if _, ext := splitName(client); stored == vitrine.JPEG && strings.EqualFold(ext, "jpg") {
		return "jpg"
	}
	return stored.Extension()
}

// accents are the named HTML entities that browsers once put into file names.
var accents = regexp.MustCompile(`&([A-Za-z]{1,2})(?:acute|cedil|circ|grave|lig|orn|ring|slash|th|tilde|uml|caron);`)

var whiteSpace = regexp.MustCompile(`\s+`)

// safeName makes a stored base name of a client's base name without extension:
// at most maxName of A-Z a-z 0-9 _ . - that neither begins with a dot nor ends
// like a variant's name. Letters of the Latin, Greek, Cyrillic and Georgian
// scripts are transliterated, everything else is dropped, so that the result may
// be empty. The rules and their order are the protocol's (behaviour.md 3.4).
func safeName(stem string) string {
	s := cutVariant(strings.TrimLeft(stem, "."))
	s = accents.ReplaceAllString(s, "$1")
	s = transliterate(s)
	s = strings.Trim(whiteSpace.ReplaceAllString(s, "-"), "-")
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && (isAlphanumeric(byte(r)) || r == '_' || r == '.' || r == '-') {
			return r
		}
		return -1
	}, s)
	return cutName(s, maxName)
}

// cutName cuts a name of safe characters and restores what cutting, or dropping
// characters before, may have broken.
func cutName(s string, most int) string {
	s = strings.TrimLeft(s, ".")
	if len(s) > most {
		s = s[:most]
	}
	return cutVariant(s)
}

// cutVariant removes the endings that variants have, or once had.
func cutVariant(s string) string {
	for {
		dot := strings.LastIndexByte(s, '.')
		if dot < 0 {
			return s
		}
		switch s[dot+1:] {
		case "th", "md", "lg", "fr", "original":
			s = s[:dot]
		default:
			return s
		}
	}
}

// transliterate writes letters of four scripts in ASCII and normalises white
// space; the rest stays as it is. Combining marks go with their letters.
func transliterate(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Georgian):
			b.WriteString(unidecode.Unidecode(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
