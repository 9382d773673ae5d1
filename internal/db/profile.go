package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// UpdateProfile writes what users say about themselves and wish for: Name, Bio,
// Website, Private, Language and KeepEXIF. CodeNotFound if there is no such user.
func (t *Tx) UpdateProfile(ctx context.Context, u *vitrine.User) error { return errNotBuilt }

// UserByEmail returns the user with the address, whatever its case, or CodeNotFound.
func (d *DB) UserByEmail(ctx context.Context, email string) (*vitrine.User, error) {
	return nil, errNotBuilt
}

// PublicUsers returns up to limit users with a public profile, a working account and
// files that anybody may see, newest first, from below the id before (0: the newest) on;
// with a prefix, those whose username or name begins so in any case. next is the before
// of the next page, 0 if this is the last.
func (d *DB) PublicUsers(ctx context.Context, prefix string, before int64, limit int) (list []vitrine.User, next int64, err error) {
	return nil, 0, errNotBuilt
}
