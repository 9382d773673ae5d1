package db

import (
	"context"
	"time"

	"vitrine/internal/vitrine"
)

// CreateSession adds a session and sets its ID. tokenHash is the SHA-256 of its token.
// CodeNotFound if there is no such user.
func (t *Tx) CreateSession(ctx context.Context, s *vitrine.Session, tokenHash []byte) error {
	return errNotBuilt
}

// SessionByToken returns the session of a token and its user, or CodeNotFound. The
// session may be over.
func (d *DB) SessionByToken(ctx context.Context, tokenHash []byte) (*vitrine.Session, *vitrine.User, error) {
	return nil, nil, errNotBuilt
}

// TouchSession records that the session was seen and when it will end. A session that
// was ended meanwhile stays so. It is a transaction of its own: once an hour is enough.
func (d *DB) TouchSession(ctx context.Context, id int64, seen, expires time.Time) error {
	return errNotBuilt
}

// DeleteSession ends the session of a token; no error if there is none.
func (t *Tx) DeleteSession(ctx context.Context, tokenHash []byte) error { return errNotBuilt }

// DeleteSessionOf ends one session of a user, or returns CodeNotFound.
func (t *Tx) DeleteSessionOf(ctx context.Context, userID, id int64) error { return errNotBuilt }

// DeleteSessions ends all sessions of a user but that of the token; nil: all.
func (t *Tx) DeleteSessions(ctx context.Context, userID int64, exceptTokenHash []byte) error {
	return errNotBuilt
}

// SessionsOf returns the sessions of a user, the last seen first.
func (d *DB) SessionsOf(ctx context.Context, userID int64) ([]vitrine.Session, error) {
	return nil, errNotBuilt
}

// PurgeSessions deletes what is over and returns how many that were.
func (t *Tx) PurgeSessions(ctx context.Context, now time.Time) (int, error) { return 0, errNotBuilt }
