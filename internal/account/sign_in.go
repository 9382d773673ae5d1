package account

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"vitrine/internal/db"
	"vitrine/internal/passwords"
	"vitrine/internal/vitrine"
)

// Credentials are what somebody signs in with.
type Credentials struct {
	Name      string // username or mail address
	Password  string
	Address   netip.Addr
	UserAgent string
}

// signers is how many sign-ins are looked at at once; more are refused. Passwords
// take their turns within it.
const signers = 16

// maxSignInName is the most bytes of a mail address, and more than those of a
// username.
const maxSignInName = 254

// SignIn begins a session. The token, 64 hex digits, is returned once; only its
// digest is kept. CodeUnauthorized with one text for every reason; CodeFlood with
// RetryAfter after too many wrong tries from the address, or for the name from
// there, on any node; CodeBusy while too many others sign in.
func (s *Service) SignIn(ctx context.Context, c Credentials) (token string, u *vitrine.User, err error) {
	release, err := s.signerTurn()
	if err != nil {
		return "", nil, err
	}
	defer release()
	c.Name = strings.TrimSpace(c.Name)
	limits := signInLimits(c.Name, c.Address)
	if err := s.refuseFlood(ctx, limits); err != nil {
		return "", nil, err
	}
	u, err = s.CheckPassword(ctx, c.Name, c.Password)
	if vitrine.Is(err, vitrine.CodeUnauthorized) {
		if counted := s.countAttempt(ctx, limits); counted != nil {
			return "", nil, counted
		}
		return "", nil, err
	}
	if err != nil {
		return "", nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		// Only what was tried for this name is forgotten: an account of one's own must
		// not wipe out that one tries others.
		if err := tx.ForgetAttempts(ctx, limits[0].key); err != nil {
			return err
		}
		token, err = s.begin(ctx, tx, u.ID, c)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("begin a session: %w", err)
	}
	s.sessions.forget()
	return token, u, nil
}

// CheckPassword returns the account of a username or mail address if the password
// is right and the account works, else CodeUnauthorized with one text for every
// reason. An unknown name takes as long as a wrong password.
func (s *Service) CheckPassword(ctx context.Context, name, password string) (*vitrine.User, error) {
	u, err := s.userSigningIn(ctx, name)
	if err != nil {
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

// userSigningIn is the account of a username or mail address, nil if there is
// none.
func (s *Service) userSigningIn(ctx context.Context, name string) (u *vitrine.User, err error) {
	switch {
	case len(name) > maxSignInName || !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return nil, nil
	case strings.Contains(name, "@"):
		u, err = s.db.UserByEmail(ctx, name)
	default:
		u, err = s.db.UserByName(ctx, name)
	}
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil, nil
	}
	return u, err
}

// signerTurn takes one of the places for signing in, or refuses.
func (s *Service) signerTurn() (release func(), err error) {
	select {
	case s.signing <- struct{}{}:
		return func() { <-s.signing }, nil
	default:
		return nil, &vitrine.Error{Code: vitrine.CodeBusy, Message: "Too many people are signing in: please try again in a moment", RetryAfter: 5}
	}
}
