package vitrine

import "strings"

// SlugLength is the number of characters of a new Slug: 62^7 is 3.5 trillion.
const SlugLength = 7

const base62 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// Slug is the public id of a file or album (id_encoded): base-62 characters.
type Slug string

// ParseSlug accepts 1 to 32 base-62 characters, which includes imported ids.
func ParseSlug(s string) (Slug, bool) {
	if s == "" || len(s) > 32 {
		return "", false
	}
	for i := range len(s) {
		if strings.IndexByte(base62, s[i]) < 0 {
			return "", false
		}
	}
	return Slug(s), true
}

// NewSlug makes a Slug of SlugLength characters from a source of random bytes,
// which must fill its argument. Bytes of 248 and above are thrown away, so that
// every character is equally likely.
func NewSlug(random func([]byte)) Slug {
	out := make([]byte, 0, SlugLength)
	var b [2 * SlugLength]byte
	for len(out) < SlugLength {
		random(b[:])
		for _, c := range b {
			if c < 248 && len(out) < SlugLength {
				out = append(out, base62[c%62])
			}
		}
	}
	return Slug(out)
}
