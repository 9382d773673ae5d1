package account

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// NewUser is what an account is made of.
type NewUser struct {
	Username string
	Email    string
	Role     vitrine.Role // empty: RoleUser
	Password string       // 8 to 128 characters
}

// CreateUser makes an account. It refuses values that the words do not accept
// (CodeInvalid) and names and addresses that are taken (CodeConflict).
func (s *Service) CreateUser(ctx context.Context, n NewUser) (*vitrine.User, error) {
	u, hash, err := s.prepareUser(ctx, n)
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, u, hash) })
	if err != nil {
		return nil, taken(err)
	}
	return u, nil
}

// prepareUser checks the values and hashes the password.
func (s *Service) prepareUser(ctx context.Context, n NewUser) (*vitrine.User, string, error) {
	username, err := vitrine.ParseUsername(n.Username)
	if err != nil {
		return nil, "", err
	}
	if s.isAddress(username) {
		return nil, "", vitrine.Invalid("username", "This username is an address of the site: choose another")
	}
	email, err := vitrine.ParseEmail(n.Email)
	if err != nil {
		return nil, "", err
	}
	if n.Role == "" {
		n.Role = vitrine.RoleUser
	}
	role, err := vitrine.ParseRole(string(n.Role))
	if err != nil {
		return nil, "", err
	}
	if err := vitrine.CheckPassword(n.Password); err != nil {
		return nil, "", err
	}
	hash, err := s.passwords.Hash(ctx, n.Password)
	if err != nil {
		return nil, "", err
	}
	return &vitrine.User{
		Username: username, Email: email, Role: role, Status: vitrine.UserValid,
		KeepEXIF: true, CreatedAt: s.clock().UTC(),
	}, hash, nil
}

// isAddress reports whether pages other than the user's stand at /<name>.
func (s *Service) isAddress(name string) bool {
	now := s.settings.Current()
	return vitrine.ReservedUsername(name) || name == now.RouteImage || name == now.RouteVideo || name == now.RouteAlbum
}

// taken puts a conflict into words.
func taken(err error) error {
	e := *asError(err)
	if e.Code != vitrine.CodeConflict {
		return fmt.Errorf("create user: %w", err)
	}
	e.Message = "This username is taken: choose another"
	if e.Field == "email" {
		e.Message = "This email address belongs to another account: use a different one"
	}
	return &e
}

// User is the account of the name.
func (s *Service) User(ctx context.Context, username string) (*vitrine.User, error) {
	return s.userNamed(ctx, username)
}

// Users lists up to limit accounts with ids above after, by id.
func (s *Service) Users(ctx context.Context, after int64, limit int) ([]vitrine.User, error) {
	return s.db.Users(ctx, after, limit)
}

// Suspend makes an account refuse sign-in and its keys. Doing it twice is no
// error.
func (s *Service) Suspend(ctx context.Context, username string) error {
	return s.setStatus(ctx, username, vitrine.UserSuspended)
}

// Restore undoes Suspend.
func (s *Service) Restore(ctx context.Context, username string) error {
	return s.setStatus(ctx, username, vitrine.UserValid)
}

func (s *Service) setStatus(ctx context.Context, username string, status vitrine.UserStatus) error {
	u, err := s.userNamed(ctx, username)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.SetUserStatus(ctx, u.ID, status) })
	s.keys.forget()
	s.sessions.forget()
	return err
}

// DeleteUser removes an account with its keys and albums. Its files must be gone
// before: with some left it refuses (CodeConflict).
func (s *Service) DeleteUser(ctx context.Context, username string) error {
	u, err := s.userNamed(ctx, username)
	if err != nil {
		return err
	}
	left, err := s.db.FilesOfOwner(ctx, u.ID, 0, 1)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return vitrine.Errorf(vitrine.CodeConflict, "The account %s still has files: delete them first", u.Username)
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteUser(ctx, u.ID) })
	s.keys.forget()
	s.sessions.forget()
	return err
}
