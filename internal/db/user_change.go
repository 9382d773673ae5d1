package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"vitrine/internal/vitrine"
)

const (
	insertUser = `INSERT INTO users (created_at, keep_exif, username, username_key, email, email_key, role, status, language, password_hash,
		name, bio, website, private) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id`
	updateUserStatus   = `UPDATE users SET status = $2 WHERE id = $1`
	updatePasswordHash = `UPDATE users SET password_hash = $2 WHERE id = $1`
	deleteUser         = `DELETE FROM users WHERE id = $1 RETURNING file_count`
	updateLikesOff     = `UPDATE files SET likes = likes - 1 WHERE id IN (SELECT file_id FROM likes WHERE user_id = $1)`
	deleteUserLikes    = `DELETE FROM likes WHERE user_id = $1`
	forgetUserAlbums   = `DELETE FROM album_words WHERE rowid IN (SELECT id FROM albums WHERE owner_id = $1)`
	deleteUserAlbums   = `DELETE FROM albums WHERE owner_id = $1`
)

// CreateUser adds an account and sets its ID; its counters begin at 0. A name or mail
// address that differs from another one only in case is taken: CodeConflict with
// Field "username" or "email". Several users may have no mail address.
func (t *Tx) CreateUser(ctx context.Context, u *vitrine.User, passwordHash string) error {
	id, err := scanID(t.row(ctx, insertUser, micros(u.CreatedAt), u.KeepEXIF,
		u.Username, strings.ToLower(u.Username), u.Email, strings.ToLower(u.Email),
		string(u.Role), string(u.Status), u.Language, passwordHash,
		u.Name, u.Bio, u.Website, u.Private))
	if err != nil {
		return t.fail("create a user", err)
	}
	u.ID, u.FileCount, u.ByteCount, u.ListedCount = id, 0, 0, 0
	return t.index(ctx, userWords, userEntry(u))
}

// SetUserStatus changes the state of an account, or returns CodeNotFound.
func (t *Tx) SetUserStatus(ctx context.Context, id int64, status vitrine.UserStatus) error {
	return t.change(ctx, "user", updateUserStatus, id, string(status))
}

// SetPasswordHash changes the password, or returns CodeNotFound.
func (t *Tx) SetPasswordHash(ctx context.Context, id int64, hash string) error {
	return t.change(ctx, "user", updatePasswordHash, id, hash)
}

// DeleteUser removes an account with its keys, sessions, likes and albums. Its files must be
// gone before: CodeConflict if there are any. CodeNotFound if there is no such user.
func (t *Tx) DeleteUser(ctx context.Context, id int64) error {
	// Files come first in the order of locks.
	for _, text := range []string{updateLikesOff, deleteUserLikes} {
		if _, err := t.exec(ctx, text, id); err != nil {
			return t.fail("take back the likes of a user", err)
		}
	}
	// Keys and sessions go by their foreign keys. The row is locked and its counter is
	// true: an upload for this user waits, and then finds nobody to count for.
	files, err := scanID(t.row(ctx, deleteUser, id))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return vitrine.NotFound("user")
	case err != nil:
		return t.fail("delete a user", err)
	case files > 0:
		return vitrine.Errorf(vitrine.CodeConflict, "This user still has files: delete them first")
	}
	if _, err := t.exec(ctx, forgetUserAlbums, id); err != nil {
		return t.fail("forget albums of the user", err)
	}
	if _, err := t.exec(ctx, deleteUserAlbums, id); err != nil {
		return t.fail("delete albums of the user", err)
	}
	return t.forget(ctx, userWords, id)
}
