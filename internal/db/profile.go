package db

import (
	"context"
	"strings"

	"vitrine/internal/vitrine"
)

const (
	updateProfile     = `UPDATE users SET name = $2, bio = $3, website = $4, private = $5, language = $6, keep_exif = $7 WHERE id = $1`
	selectUserByEmail = `SELECT ` + userColumns + ` FROM users u WHERE u.email_key <> '' AND u.email_key = $1`
	selectPublicUsers = `SELECT ` + userColumns + ` FROM users u
		WHERE u.has_listed AND NOT u.private AND u.status = 'valid' AND u.id < $1 ORDER BY u.id DESC LIMIT $2`
)

// foundUsers writes the statement that tells which of the found users are public.
func foundUsers(di dialect) named {
	return newNamed(`SELECT ` + userColumns + ` FROM users u WHERE ` + di.among("u.id", "@ids") + `
		AND u.has_listed AND NOT u.private AND u.status = 'valid'`)
}

// UpdateProfile writes what users say about themselves and wish for: Name, Bio,
// Website, Private, Language and KeepEXIF. CodeNotFound if there is no such user.
func (t *Tx) UpdateProfile(ctx context.Context, u *vitrine.User) error {
	if err := t.change(ctx, "user", updateProfile, u.ID, u.Name, u.Bio, u.Website, u.Private, u.Language, u.KeepEXIF); err != nil {
		return err
	}
	old, err := scanUser(t.row(ctx, selectUser, u.ID))
	if err := t.db.found("user", err); err != nil {
		return err
	}
	if err := t.forget(ctx, userWords, u.ID); err != nil {
		return err
	}
	return t.index(ctx, userWords, newEntry(u.ID, nil, old.Username, u.Name))
}

// UserByEmail returns the user with the address, whatever its case, or CodeNotFound.
func (d *DB) UserByEmail(ctx context.Context, email string) (*vitrine.User, error) {
	u, err := scanUser(d.reader.row(ctx, selectUserByEmail, strings.ToLower(email)))
	if err := d.found("user", err); err != nil {
		return nil, err
	}
	return &u, nil
}

// PublicUsers returns up to limit users with a public profile, a working account and
// files that anybody may see, newest first, with an id below before (0: the newest).
// With a search, those with its words in their username or name, of which the last one
// may be the beginning. next is the before of the next page, 0 if this is the last; a
// page of a search may be short all the same, where it took too long.
func (d *DB) PublicUsers(ctx context.Context, search string, before int64, limit int) (list []vitrine.User, next int64, err error) {
	if limit < 1 {
		return nil, 0, nil
	}
	if search != "" {
		return d.findUsers(ctx, search, before, limit)
	}
	rows, err := d.reader.query(ctx, selectPublicUsers, beforeID(before), limit+1)
	if list, err = collect(rows, err, scanUser); err != nil {
		return nil, 0, d.fail("list users", err)
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, nil
}

func (d *DB) findUsers(ctx context.Context, search string, before int64, limit int) (list []vitrine.User, next int64, err error) {
	list, rest, _, err := find(ctx, d, userWords, parseSearch(search, 1), beforeID(before), limit,
		func(ids []int64) ([]vitrine.User, error) {
			rows, err := d.reader.query(ctx, d.texts.users.text, jsonOf(ids))
			users, err := collect(rows, err, scanUser)
			if err != nil {
				return nil, d.fail("list users", err)
			}
			return users, nil
		}, func(u *vitrine.User) int64 { return u.ID })
	return list, rest, err
}
