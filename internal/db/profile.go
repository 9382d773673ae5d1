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

// foundUsers writes the statement that finds public users by their words.
func foundUsers(di dialect) named {
	return newNamed(`SELECT ` + userColumns + ` FROM user_words w CROSS JOIN users u WHERE ` + di.matches() + ` AND u.id = w.rowid
		AND u.has_listed AND NOT u.private AND u.status = 'valid' AND w.rowid < @before ORDER BY w.rowid DESC LIMIT @limit`)
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
	return t.index(ctx, userWords, u.ID, old.Username, u.Name)
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
// may be the beginning. next is the before of the next page, 0 if this is the last.
func (d *DB) PublicUsers(ctx context.Context, search string, before int64, limit int) (list []vitrine.User, next int64, err error) {
	if limit < 1 {
		return nil, 0, nil
	}
	run, text, args := d.reader.query, selectPublicUsers, []any{beforeID(before), limit + 1}
	if search != "" {
		s := parseSearch(search, 1)
		if s == nil {
			return nil, 0, nil
		}
		n := d.texts.users
		values := map[string]any{"search": d.dialect.query(s), "before": beforeID(before), "limit": limit + 1}
		run, text, args = d.reader.querySearch, n.text, n.args(func(name string) any { return values[name] })
	}
	rows, err := run(ctx, text, args...)
	if list, err = collect(rows, err, scanUser); err != nil {
		return nil, 0, d.fail("list users", err)
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, nil
}
