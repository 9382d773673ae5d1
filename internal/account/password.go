package account

import (
	"context"

	"vitrine/internal/passwords"
	"vitrine/internal/vitrine"
)

// CheckPassword returns the account if the password is right and the account
// works, else CodeUnauthorized with one text for every reason. An unknown name
// takes as long as a wrong password.
func (s *Service) CheckPassword(ctx context.Context, username, password string) (*vitrine.User, error) {
	u, err := s.userNamed(ctx, username)
	if err != nil && !vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, err
	}
	stored := passwords.Nobody
	if u != nil {
		if stored, err = s.db.PasswordHash(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	right, err := s.passwords.Verify(ctx, stored, password)
	if err != nil {
		return nil, err
	}
	if !right || u == nil || u.Status != vitrine.UserValid {
		return nil, vitrine.Errorf(vitrine.CodeUnauthorized, "Wrong username or password")
	}
	return u, nil
}
