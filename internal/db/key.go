package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vitrine/internal/vitrine"
)

// KeyRecord is an API key with its digest and its user.
type KeyRecord struct {
	Key  vitrine.APIKey
	Hash []byte // SHA-256 of the secret
	User vitrine.User
}

const (
	keyColumns = `k.id, k.user_id, k.created_at, k.last_used_at, k.public_id, k.name, k.hash, ` + userColumns
	selectKey  = `SELECT ` + keyColumns + ` FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.public_id = $1`
	selectKeys = `SELECT ` + keyColumns + ` FROM api_keys k JOIN users u ON u.id = k.user_id ORDER BY k.id`

	selectKeysOfUser = `SELECT ` + keyColumns + ` FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.user_id = $1 ORDER BY k.id`

	insertKey = `INSERT INTO api_keys (user_id, created_at, last_used_at, public_id, name, hash)
		SELECT u.id, $2, $3, $4, $5, $6 FROM users u WHERE u.id = $1 RETURNING id`
	touchKey  = `UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2`
	deleteKey = `DELETE FROM api_keys WHERE public_id = $1`
)

func scanKey(s scanner) (KeyRecord, error) {
	var (
		r               KeyRecord
		u               userScan
		created, lastly int64
	)
	err := s.Scan(append([]any{&r.Key.ID, &r.Key.UserID, &created, &lastly, &r.Key.PublicID, &r.Key.Name, &r.Hash}, u.targets()...)...)
	r.Key.CreatedAt, r.Key.LastUsedAt, r.User = instant(created), instant(lastly), u.done()
	return r, err
}

// Key returns the key with the public id and its user, or CodeNotFound.
func (d *DB) Key(ctx context.Context, publicID string) (*KeyRecord, error) {
	r, err := scanKey(d.reader.row(ctx, selectKey, publicID))
	if err := d.found("API key", err); err != nil {
		return nil, err
	}
	return &r, nil
}

// Keys returns the keys of a user, or all keys if userID is 0, oldest first.
func (d *DB) Keys(ctx context.Context, userID int64) ([]KeyRecord, error) {
	text, args := selectKeys, []any(nil)
	if userID != 0 {
		text, args = selectKeysOfUser, []any{userID}
	}
	rows, err := d.reader.query(ctx, text, args...)
	list, err := collect(rows, err, scanKey)
	if err != nil {
		return nil, d.fail("list API keys", err)
	}
	return list, nil
}

// TouchKey records that the key was used; an older instant than the recorded one
// changes nothing. It is a transaction of its own: once a minute a key is enough.
func (d *DB) TouchKey(ctx context.Context, id int64, at time.Time) error {
	if _, err := d.writer.exec(ctx, touchKey, id, micros(at)); err != nil {
		return d.fail("record the use of an API key", err)
	}
	return nil
}

// CreateKey adds a key and sets its ID. CodeConflict if the public id is taken,
// CodeNotFound if there is no such user.
func (t *Tx) CreateKey(ctx context.Context, k *vitrine.APIKey, hash []byte) error {
	id, err := scanID(t.row(ctx, insertKey, k.UserID, micros(k.CreatedAt), micros(k.LastUsedAt), k.PublicID, k.Name, hash))
	if errors.Is(err, sql.ErrNoRows) {
		return vitrine.NotFound("user")
	}
	if err != nil {
		return t.fail("create an API key", err)
	}
	k.ID = id
	return nil
}

// RevokeKey deletes the key, or returns CodeNotFound.
func (t *Tx) RevokeKey(ctx context.Context, publicID string) error {
	return t.change(ctx, "API key", deleteKey, publicID)
}
