package app

import (
	"context"
	"errors"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/jobs"
)

// registerJobs is the table of jobs: what is done by itself, by whom, how often.
func (a *App) registerJobs() {
	// Files whose time has come.
	jobs.Handle(a.Jobs, func(ctx context.Context, _ catalog.PurgeExpired) error {
		_, err := a.Catalog.PurgeExpired(ctx)
		return err
	})
	a.Jobs.Every(time.Minute, catalog.PurgeExpired{}, true)

	// Objects of deleted files; also enqueued by each deletion.
	jobs.Handle(a.Jobs, func(ctx context.Context, _ catalog.RemoveObjects) error {
		_, err := a.Catalog.RemoveObjects(ctx)
		return err
	})
	a.Jobs.Every(10*time.Minute, catalog.RemoveObjects{}, true)

	// Files of large albums that were opened or closed; also enqueued by each such change.
	jobs.Handle(a.Jobs, func(ctx context.Context, _ catalog.RelistAlbums) error {
		_, err := a.Catalog.RelistAlbums(ctx)
		return err
	})
	a.Jobs.Every(10*time.Minute, catalog.RelistAlbums{}, true)

	// Objects that no row ever claimed, and writes that a crash broke off.
	jobs.Handle(a.Jobs, func(ctx context.Context, _ catalog.SweepOrphans) error {
		_, err := a.Catalog.SweepOrphans(ctx, catalog.DefaultOrphanAge)
		return errors.Join(err, a.sweepStores(ctx))
	})
	a.Jobs.Every(6*time.Hour, catalog.SweepOrphans{}, false)

	// Sessions that are over, and wrong tries that no longer count.
	jobs.Handle(a.Jobs, func(ctx context.Context, _ account.PurgeSessions) error {
		return a.Account.PurgeSessions(ctx)
	})
	a.Jobs.Every(time.Hour, account.PurgeSessions{}, true)
}
