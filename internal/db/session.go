package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"vitrine/internal/vitrine"
)

const (
	sessionColumns = `s.id, s.user_id, s.created_at, s.last_seen_at, s.expires_at, s.address, s.user_agent`

	selectSession = `SELECT ` + sessionColumns + `, ` + userColumns + ` FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.token_hash = $1`
	selectSessionsOf = `SELECT ` + sessionColumns + ` FROM sessions s WHERE s.user_id = $1 ORDER BY s.last_seen_at DESC, s.id DESC`

	insertSession = `INSERT INTO sessions (user_id, created_at, last_seen_at, expires_at, address, user_agent, token_hash)
		SELECT u.id, $2, $3, $4, $5, $6, $7 FROM users u WHERE u.id = $1 RETURNING id`
	touchSession        = `UPDATE sessions SET last_seen_at = $2, expires_at = $3 WHERE id = $1 AND last_seen_at < $2`
	deleteSession       = `DELETE FROM sessions WHERE token_hash = $1`
	deleteSessionOf     = `DELETE FROM sessions WHERE id = $1 AND user_id = $2`
	deleteSessions      = `DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2`
	deleteSessionsEnded = `DELETE FROM sessions WHERE expires_at <= $1`
)

// sessionScan reads sessionColumns; instants and the address need a second step.
type sessionScan struct {
	session                  vitrine.Session
	created, lastly, expires int64
	address                  []byte
}

func (s *sessionScan) targets() []any {
	return []any{&s.session.ID, &s.session.UserID, &s.created, &s.lastly, &s.expires, &s.address, &s.session.UserAgent}
}

func (s *sessionScan) done() vitrine.Session {
	s.session.CreatedAt, s.session.LastSeenAt, s.session.ExpiresAt = instant(s.created), instant(s.lastly), instant(s.expires)
	s.session.Address = address(s.address)
	return s.session
}

// CreateSession adds a session and sets its ID. tokenHash is the SHA-256 of its token.
// CodeNotFound if there is no such user.
func (t *Tx) CreateSession(ctx context.Context, s *vitrine.Session, tokenHash []byte) error {
	id, err := scanID(t.row(ctx, insertSession, s.UserID, micros(s.CreatedAt), micros(s.LastSeenAt), micros(s.ExpiresAt),
		addressBytes(s.Address), s.UserAgent, tokenHash))
	if errors.Is(err, sql.ErrNoRows) {
		return vitrine.NotFound("user")
	}
	if err != nil {
		return t.fail("create a session", err)
	}
	s.ID = id
	return nil
}

// SessionByToken returns the session of a token and its user, or CodeNotFound. The
// session may be over.
func (d *DB) SessionByToken(ctx context.Context, tokenHash []byte) (*vitrine.Session, *vitrine.User, error) {
	var s sessionScan
	var u userScan
	err := d.reader.row(ctx, selectSession, tokenHash).Scan(append(s.targets(), u.targets()...)...)
	if err := d.found("session", err); err != nil {
		return nil, nil, err
	}
	session, user := s.done(), u.done()
	return &session, &user, nil
}

// TouchSession records that the session was seen and when it will end; an older instant
// than the recorded one changes nothing, and a session that was ended meanwhile stays
// so. It is a transaction of its own: once an hour is enough.
func (d *DB) TouchSession(ctx context.Context, id int64, seen, expires time.Time) error {
	if _, err := d.writer.exec(ctx, touchSession, id, micros(seen), micros(expires)); err != nil {
		return d.fail("record that a session was seen", err)
	}
	return nil
}

// DeleteSession ends the session of a token; no error if there is none.
func (t *Tx) DeleteSession(ctx context.Context, tokenHash []byte) error {
	if _, err := t.exec(ctx, deleteSession, tokenHash); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// DeleteSessionOf ends one session of a user, or returns CodeNotFound.
func (t *Tx) DeleteSessionOf(ctx context.Context, userID, id int64) error {
	return t.change(ctx, "session", deleteSessionOf, id, userID)
}

// DeleteSessions ends all sessions of a user but that of the token; nil: all.
func (t *Tx) DeleteSessions(ctx context.Context, userID int64, exceptTokenHash []byte) error {
	if exceptTokenHash == nil {
		exceptTokenHash = []byte{} // no session has an empty one; nothing differs from NULL
	}
	if _, err := t.exec(ctx, deleteSessions, userID, exceptTokenHash); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// SessionsOf returns the sessions of a user, the last seen first, those that are over
// too.
func (d *DB) SessionsOf(ctx context.Context, userID int64) ([]vitrine.Session, error) {
	rows, err := d.reader.query(ctx, selectSessionsOf, userID)
	list, err := collect(rows, err, func(r scanner) (vitrine.Session, error) {
		var s sessionScan
		err := r.Scan(s.targets()...)
		return s.done(), err
	})
	if err != nil {
		return nil, d.fail("list sessions", err)
	}
	return list, nil
}

// PurgeSessions deletes what is over and returns how many that were.
func (t *Tx) PurgeSessions(ctx context.Context, now time.Time) (int, error) {
	n, err := t.exec(ctx, deleteSessionsEnded, micros(now))
	if err != nil {
		return 0, fmt.Errorf("purge sessions: %w", err)
	}
	return int(n), nil
}
