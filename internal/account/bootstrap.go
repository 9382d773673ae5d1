package account

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// FirstAccount is the account of a new site, with secrets that are kept nowhere
// else.
type FirstAccount struct {
	Username string
	Password string
	Key      string
}

// Bootstrap makes the account "admin" with a random password and a key if there
// are no accounts at all, and returns nil otherwise. Of several servers that
// start at once on one new database exactly one gets the account.
func (s *Service) Bootstrap(ctx context.Context) (*FirstAccount, error) {
	n, err := s.db.CountUsers(ctx)
	if err != nil {
		return nil, fmt.Errorf("count users: %w", err)
	}
	if n > 0 {
		return nil, nil
	}
	first := &FirstAccount{Username: "admin", Password: NewPassword()}
	u, hash, err := s.prepareUser(ctx, NewUser{
		Username: first.Username, Email: "admin@localhost", Role: vitrine.RoleAdmin, Password: first.Password,
	})
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.CreateUser(ctx, u, hash); err != nil {
			return err
		}
		first.Key, _, err = s.createKey(ctx, tx, u.ID, "first key")
		return err
	})
	if vitrine.Is(err, vitrine.CodeConflict) {
		return nil, nil // another server was first
	}
	if err != nil {
		return nil, fmt.Errorf("create the first account: %w", err)
	}
	return first, nil
}
