package account

import (
	"context"

	"vitrine/internal/vitrine"
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
	return nil, errNotBuilt
}

// ChangePassword needs the old one; CodeUnauthorized with Field "old_password" if
// that is wrong. All other sessions of the user end.
func (s *Service) ChangePassword(ctx context.Context, userID int64, oldPassword, newPassword, keepToken string) error {
	return errNotBuilt
}

// UserPage is a part of the list of users.
type UserPage struct {
	Users []vitrine.User
	Next  int64 // where the next page begins; 0: this is the last
}

// PublicUsers lists accounts with a public profile and files that anybody may
// see, newest first; with a search, those whose name begins so.
func (s *Service) PublicUsers(ctx context.Context, search string, before int64, limit int) (*UserPage, error) {
	return nil, errNotBuilt
}

// UserByID is the account of an id, for showing whose a file is.
func (s *Service) UserByID(ctx context.Context, id int64) (*vitrine.User, error) {
	return nil, errNotBuilt
}
