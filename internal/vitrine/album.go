package vitrine

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Privacy says who may see an album and the files in it.
type Privacy string

// The levels of privacy.
const (
	PrivacyPublic   Privacy = "public"
	PrivacyUnlisted Privacy = "unlisted" // anyone with the link; listed nowhere
	PrivacyPrivate  Privacy = "private"  // the owner
	PrivacyPassword Privacy = "password" // the owner, and who knows the password
)

// ParsePrivacy accepts the name of a level; empty means public.
func ParsePrivacy(s string) (Privacy, error) {
	switch p := Privacy(s); p {
	case "":
		return PrivacyPublic, nil
	case PrivacyPublic, PrivacyUnlisted, PrivacyPrivate, PrivacyPassword:
		return p, nil
	}
	return "", Invalid("privacy", "Invalid privacy %q: use public, unlisted, private or password", s)
}

// Album is a named, owned collection of files.
type Album struct {
	ID          int64
	Slug        Slug
	OwnerID     int64
	ParentID    int64 // 0: top level
	CoverID     int64 // 0: the newest file
	Name        string
	Description string
	Privacy     Privacy
	Pass        string // opens the album to who holds it; new with every password. A secret
	Sort        Sort   // in which its page begins
	FileCount   int64
	Views       int64
	CreatedAt   time.Time
}

// ParseAlbumName accepts 1 to 100 characters.
func ParseAlbumName(s string) (string, error) {
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n < 1 || n > 100 || !utf8.ValidString(s) {
		return "", Invalid("name", "Invalid album name: use 1 to 100 characters")
	}
	return s, nil
}

// Category is one of the drawers that admins set up.
type Category struct {
	ID          int64
	Name        string // 1 to 32 characters
	URLKey      string // a-z, 0-9 and -, unique
	Description string
	FileCount   int64
	ListedCount int64 // of files that anybody may see
}

// ParseCategory checks name and URL key; an empty key is made from the name.
func ParseCategory(name, urlKey string) (Category, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > 32 || !utf8.ValidString(name) {
		return Category{}, Invalid("name", "Invalid category name: use 1 to 32 characters")
	}
	if urlKey == "" {
		urlKey = strings.Trim(strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
				return r
			case r == ' ', r == '_', r == '-':
				return '-'
			}
			return -1
		}, strings.ToLower(name)), "-")
	}
	for _, r := range urlKey {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') {
			urlKey = ""
			break
		}
	}
	if urlKey == "" || len(urlKey) > 32 {
		return Category{}, Invalid("url_key", "Invalid URL key: use 1 to 32 of a-z, 0-9 and -")
	}
	return Category{Name: name, URLKey: urlKey}, nil
}
