package app

import (
	"context"
	"time"

	"vitrine/internal/vitrine"
)

// DeleteUser removes an account with everything that belongs to it: no more
// uploads first, then the files, then the account, and at last the objects in
// the storage as far as it answers; what stays is removed by the server's own
// job. It returns how many files there were. Safe to repeat after an error.
func (a *App) DeleteUser(ctx context.Context, username string) (files int, err error) {
	u, err := a.Account.User(ctx, username)
	if err != nil {
		return 0, err
	}
	if err := a.Account.Suspend(ctx, username); err != nil {
		return 0, err
	}
	for try := range 5 {
		n, err := a.Catalog.DeleteFilesOf(ctx, u.ID)
		if files += n; err != nil {
			return files, err
		}
		err = a.Account.DeleteUser(ctx, username)
		if err == nil {
			break
		}
		if !vitrine.Is(err, vitrine.CodeConflict) || try == 4 {
			return files, err
		}
		select { // an upload that began before the account was suspended
		case <-ctx.Done():
			return files, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	a.SettleRemovals(ctx)
	return files, nil
}
