package account

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

const (
	// SessionLife is how long a session lasts after it was last seen.
	SessionLife = 30 * 24 * time.Hour
	// seenEvery is how exact the time is when a session was last seen.
	seenEvery = time.Hour
	// maxAgent is the most bytes that are kept of a browser's name.
	maxAgent = 255
)

// Session says who holds the token of a session: CodeUnauthorized for one that is
// unknown, over, or of an account that does not work. Ends of sessions on other
// nodes are seen within RevocationDelay.
func (s *Service) Session(ctx context.Context, token string, from netip.Addr) (vitrine.Actor, *vitrine.Session, error) {
	over := vitrine.Errorf(vitrine.CodeUnauthorized, "This session is over")
	if !isToken(token) {
		return vitrine.Actor{}, nil, over
	}
	hash, now := digest(token), s.clock()
	known, era := s.sessions.get(hash, now)
	if known == nil {
		known = &knownSession{read: now}
		session, user, err := s.db.SessionByToken(ctx, hash[:])
		switch {
		case err == nil:
			known.session, known.user, known.exists = *session, *user, true
		case !vitrine.Is(err, vitrine.CodeNotFound):
			return vitrine.Actor{}, nil, fmt.Errorf("find a session: %w", err)
		}
		s.sessions.set(hash, known, era)
	}
	if !known.exists || !known.session.ExpiresAt.After(now) || known.user.Status != vitrine.UserValid {
		return vitrine.Actor{}, nil, over
	}
	if s.sessions.seen(known, now) {
		select {
		case s.touches <- touch{sessionID: known.session.ID, at: now.UTC()}:
		default: // Run is behind; the next request comes soon enough
		}
	}
	user, session := known.user, known.session
	return vitrine.Actor{User: &user, Address: from.Unmap()}, &session, nil
}

// SignOut ends a session. Ending one that is over is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	if !isToken(token) {
		return nil
	}
	hash := digest(token)
	err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSession(ctx, hash[:]) })
	s.sessions.forget()
	return err
}

// Sessions are those of a user that are not over, the last seen first.
func (s *Service) Sessions(ctx context.Context, userID int64) ([]vitrine.Session, error) {
	list, err := s.db.SessionsOf(ctx, userID)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	now, running := s.clock(), list[:0]
	for _, session := range list {
		if session.ExpiresAt.After(now) {
			running = append(running, session)
		}
	}
	return running, nil
}

// EndSession ends one session of a user; CodeNotFound if it is not theirs.
func (s *Service) EndSession(ctx context.Context, userID, sessionID int64) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSessionOf(ctx, userID, sessionID) })
	s.sessions.forget()
	return err
}

// EndOtherSessions ends all sessions of a user but that of the token.
func (s *Service) EndOtherSessions(ctx context.Context, userID int64, keepToken string) error {
	keep := digest(keepToken)
	err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteSessions(ctx, userID, keep[:]) })
	s.sessions.forget()
	return err
}

// begin makes a session and its token.
func (s *Service) begin(ctx context.Context, tx *db.Tx, userID int64, c Credentials) (token string, err error) {
	token = randomHex(secretBytes)
	hash, now := digest(token), s.clock().UTC()
	session := &vitrine.Session{
		UserID: userID, CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(SessionLife),
		Address: c.Address.Unmap().WithZone(""), UserAgent: cut(c.UserAgent, maxAgent),
	}
	return token, tx.CreateSession(ctx, session, hash[:])
}

// isToken reports whether the text has the form of a session's token.
func isToken(text string) bool {
	if len(text) != hex.EncodedLen(secretBytes) {
		return false
	}
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
