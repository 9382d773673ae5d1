package account

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"vitrine/internal/vitrine"
)

var errNotBuilt = errors.New("not built yet")

// SessionLife is how long a session lasts after it was last seen.
const SessionLife = 30 * 24 * time.Hour

// Credentials are what somebody signs in with.
type Credentials struct {
	Name      string // username or mail address
	Password  string
	Address   netip.Addr
	UserAgent string
}

// SignIn begins a session. The token, 64 hex digits, is returned once; only its
// digest is kept. CodeUnauthorized with one text for every reason; CodeFlood with
// RetryAfter after too many tries from the address or for the name, on any node.
func (s *Service) SignIn(ctx context.Context, c Credentials) (token string, u *vitrine.User, err error) {
	return "", nil, errNotBuilt
}

// Session says who holds the token of a session: CodeUnauthorized for one that is
// unknown, over, or of an account that does not work. Ends of sessions on other
// nodes are seen within RevocationDelay.
func (s *Service) Session(ctx context.Context, token string, from netip.Addr) (vitrine.Actor, *vitrine.Session, error) {
	return vitrine.Actor{}, nil, errNotBuilt
}

// SignOut ends a session. Ending one that is over is no error.
func (s *Service) SignOut(ctx context.Context, token string) error { return errNotBuilt }

// Sessions are those of a user, the last seen first.
func (s *Service) Sessions(ctx context.Context, userID int64) ([]vitrine.Session, error) {
	return nil, errNotBuilt
}

// EndSession ends one session of a user; CodeNotFound if it is not theirs.
func (s *Service) EndSession(ctx context.Context, userID, sessionID int64) error { return errNotBuilt }
