package account

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// Bounds of a profile, in characters; of the website in bytes.
const (
	maxName    = 60
	maxBio     = 500
	maxWebsite = 255
)

// Profile is what users say about themselves and wish for.
type Profile struct {
	Name     string // at most 60 characters; empty: the username
	Bio      string // at most 500 characters
	Website  string // http or https; empty: none
	Language string // a language tag that the site offers; empty follows the browser
	Private  bool
	KeepEXIF bool
}

// EditProfile changes it, or returns CodeInvalid with the field, CodeStopWord.
func (s *Service) EditProfile(ctx context.Context, userID int64, p Profile) (*vitrine.User, error) {
	now := s.settings.Current()
	p, err := p.check(now.Languages)
	if err != nil {
		return nil, err
	}
	if err := now.StopWords.Check(p.Name, p.Bio, p.Website); err != nil {
		return nil, err
	}
	u, err := s.db.User(ctx, userID)
	if err != nil {
		return nil, err
	}
	u.Name, u.Bio, u.Website, u.Language, u.Private, u.KeepEXIF = p.Name, p.Bio, p.Website, p.Language, p.Private, p.KeepEXIF
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateProfile(ctx, u) })
	s.keys.forget()
	s.sessions.forget()
	if err != nil {
		return nil, fmt.Errorf("edit a profile: %w", err)
	}
	return u, nil
}

// check returns the profile with its texts tidied.
func (p Profile) check(languages []string) (Profile, error) {
	p.Name = strings.Join(strings.Fields(p.Name), " ")
	if !printable(p.Name, maxName) {
		return p, vitrine.Invalid("name", "Invalid name: use up to %d characters", maxName)
	}
	p.Bio = strings.TrimSpace(strings.ReplaceAll(p.Bio, "\r\n", "\n"))
	if !printable(strings.ReplaceAll(p.Bio, "\n", " "), maxBio) {
		return p, vitrine.Invalid("bio", "Invalid text: use up to %d characters", maxBio)
	}
	website, ok := parseWebsite(p.Website)
	if !ok {
		return p, vitrine.Invalid("website", "Invalid website: use an address such as https://example.org")
	}
	p.Website = website
	if p.Language != "" && !slices.Contains(languages, p.Language) {
		return p, vitrine.Invalid("language", "Invalid language: use one that the site offers")
	}
	return p, nil
}

// printable reports whether a text has no control characters and is not too long.
func printable(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, unicode.IsControl)
}

// parseWebsite accepts nothing, and addresses of http and https; "example.org"
// means https.
func parseWebsite(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", true
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		!strings.Contains(u.Hostname(), ".") {
		return "", false
	}
	s = u.String()
	return s, len(s) <= maxWebsite && printable(s, maxWebsite)
}

// UserPage is a part of the list of users.
type UserPage struct {
	Users []vitrine.User
	Next  int64 // where the next page begins; 0: this is the last
}

const (
	usersUsual = 48
	usersMost  = 200
)

// PublicUsers lists accounts with a public profile and files that anybody may
// see, newest first; with a search, those whose name begins so. Limit 0 is 48,
// at most 200.
func (s *Service) PublicUsers(ctx context.Context, search string, before int64, limit int) (*UserPage, error) {
	if limit <= 0 {
		limit = usersUsual
	}
	search = strings.TrimSpace(search)
	if !printable(search, maxName) {
		return &UserPage{}, nil
	}
	users, next, err := s.db.PublicUsers(ctx, search, before, min(limit, usersMost))
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return &UserPage{Users: users, Next: next}, nil
}

// UserByID is the account of an id, for showing whose a file is.
func (s *Service) UserByID(ctx context.Context, id int64) (*vitrine.User, error) {
	return s.db.User(ctx, id)
}
