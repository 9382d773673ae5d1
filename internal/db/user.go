package db

import (
	"context"
	"strings"

	"vitrine/internal/vitrine"
)

const userColumns = `u.id, u.created_at, u.file_count, u.byte_count, u.keep_exif, u.username, u.email, u.role, u.status, u.language,
	u.name, u.bio, u.website, u.private, u.listed_count`

// userScan reads userColumns into a user; instants need a second step.
type userScan struct {
	user      vitrine.User
	createdAt int64
}

func (u *userScan) targets() []any {
	return []any{&u.user.ID, &u.createdAt, &u.user.FileCount, &u.user.ByteCount, &u.user.KeepEXIF,
		&u.user.Username, &u.user.Email, &u.user.Role, &u.user.Status, &u.user.Language,
		&u.user.Name, &u.user.Bio, &u.user.Website, &u.user.Private, &u.user.ListedCount}
}

func (u *userScan) done() vitrine.User {
	u.user.CreatedAt = instant(u.createdAt)
	return u.user
}

func scanUser(s scanner) (vitrine.User, error) {
	var u userScan
	err := s.Scan(u.targets()...)
	return u.done(), err
}

const (
	selectUser       = `SELECT ` + userColumns + ` FROM users u WHERE u.id = $1`
	selectUserByName = `SELECT ` + userColumns + ` FROM users u WHERE u.username_key = $1`
	selectUsers      = `SELECT ` + userColumns + ` FROM users u WHERE u.id > $1 ORDER BY u.id LIMIT $2`
	selectPassword   = `SELECT password_hash FROM users WHERE id = $1`
	countUsers       = `SELECT count(*) FROM users`
)

// User returns the user with the id, or CodeNotFound.
func (d *DB) User(ctx context.Context, id int64) (*vitrine.User, error) {
	u, err := scanUser(d.reader.row(ctx, selectUser, id))
	if err := d.found("user", err); err != nil {
		return nil, err
	}
	return &u, nil
}

// UserByName returns the user with the name, whatever its case, or CodeNotFound.
func (d *DB) UserByName(ctx context.Context, username string) (*vitrine.User, error) {
	u, err := scanUser(d.reader.row(ctx, selectUserByName, strings.ToLower(username)))
	if err := d.found("user", err); err != nil {
		return nil, err
	}
	return &u, nil
}

// Users returns up to limit users with an id above after, lowest id first.
func (d *DB) Users(ctx context.Context, after int64, limit int) ([]vitrine.User, error) {
	rows, err := d.reader.query(ctx, selectUsers, after, limit)
	list, err := collect(rows, err, scanUser)
	if err != nil {
		return nil, d.fail("list users", err)
	}
	return list, nil
}

// CountUsers counts the accounts. It reads them all: not for every request.
func (d *DB) CountUsers(ctx context.Context) (int64, error) {
	n, err := scanID(d.reader.row(ctx, countUsers))
	if err != nil {
		return 0, d.fail("count users", err)
	}
	return n, nil
}

// PasswordHash returns the user's password hash, or CodeNotFound.
func (d *DB) PasswordHash(ctx context.Context, userID int64) (string, error) {
	var hash string
	err := d.reader.row(ctx, selectPassword, userID).Scan(&hash)
	return hash, d.found("user", err)
}
