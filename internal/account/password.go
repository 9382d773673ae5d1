package account

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// ChangePassword needs the old one; CodeUnauthorized with Field "old_password" if
// that is wrong, CodeFlood with RetryAfter after too many such tries. All sessions
// of the user end but that of keepToken. API keys stay.
func (s *Service) ChangePassword(ctx context.Context, userID int64, oldPassword, newPassword, keepToken string) error {
	if err := vitrine.CheckPassword(newPassword); err != nil {
		return err
	}
	limits := passwordLimits(userID)
	if err := s.refuseFlood(ctx, limits); err != nil {
		return err
	}
	stored, err := s.db.PasswordHash(ctx, userID)
	if err != nil {
		return fmt.Errorf("read the old password: %w", err)
	}
	right, err := s.passwords.Verify(ctx, stored, oldPassword)
	if err != nil {
		return err
	}
	if !right {
		if err := s.countAttempt(ctx, limits); err != nil {
			return err
		}
		return &vitrine.Error{Code: vitrine.CodeUnauthorized, Field: "old_password", Message: "The old password is wrong"}
	}
	hash, err := s.passwords.Hash(ctx, newPassword)
	if err != nil {
		return err
	}
	keep := digest(keepToken)
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.SetPasswordHash(ctx, userID, hash); err != nil {
			return err
		}
		if err := tx.ForgetAttempts(ctx, limits[0].key); err != nil {
			return err
		}
		return tx.DeleteSessions(ctx, userID, keep[:])
	})
	s.sessions.forget()
	if err != nil {
		return fmt.Errorf("change a password: %w", err)
	}
	return nil
}

// SetPassword gives an account a new password without asking for the old one, forgets
// wrong tries and ends all its sessions. It is for who runs the site.
func (s *Service) SetPassword(ctx context.Context, username, newPassword string) error {
	if err := vitrine.CheckPassword(newPassword); err != nil {
		return err
	}
	u, err := s.userNamed(ctx, username)
	if err != nil {
		return err
	}
	hash, err := s.passwords.Hash(ctx, newPassword)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.SetPasswordHash(ctx, u.ID, hash); err != nil {
			return err
		}
		if err := tx.ForgetAttempts(ctx, passwordLimits(u.ID)[0].key); err != nil {
			return err
		}
		return tx.DeleteSessions(ctx, u.ID, nil)
	})
	s.sessions.forget()
	if err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	return nil
}
