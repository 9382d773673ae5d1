package app

import (
	"context"
	"net/url"

	"vitrine/internal/links"
	"vitrine/internal/media"
	"vitrine/internal/upkeep"
	"vitrine/internal/vitrine"
)

// The values that the command line hands to upkeep, and gets from it.
type (
	// MoveOptions say which files move where.
	MoveOptions = upkeep.MoveOptions
	// MoveState is how far a move is.
	MoveState = upkeep.MoveState
	// VerifyOptions say what is looked at.
	VerifyOptions = upkeep.VerifyOptions
	// VerifyState is what a look at the storages found.
	VerifyState = upkeep.VerifyState
	// StorageProblem is something that is wrong with what is stored.
	StorageProblem = upkeep.Problem
)

// Upkeep builds what moves and verifies files. looking tells whether files are to be
// looked into, or variants made: it takes decoders. The App closes all of it.
func (a *App) Upkeep(looking bool) (*upkeep.Service, error) {
	c := upkeep.Config{DB: a.DB, Stores: a.Stores, Settings: a.Settings, Clock: a.clock.Now, Logger: a.log}
	if looking {
		if a.Media == nil {
			if err := a.openDecoders(); err != nil {
				return nil, err
			}
		}
		c.Processor, c.Spool = a.Media, a.spool.path
	}
	return upkeep.New(c)
}

// openDecoders takes a spool and makes what looks into its files.
func (a *App) openDecoders() (err error) {
	if a.spool, err = openSpool(a.Config.spool()); err != nil {
		return err
	}
	a.Media, err = media.New(media.Config{Decoders: a.Config.Decoders, Spool: a.spool.path, Logger: a.log})
	return err
}

// Viewer is the address of a file's page, as far as the configuration tells it.
func (a *App) Viewer(f *vitrine.File) string {
	if a.Links != nil {
		return a.Links.Viewer(f)
	}
	base := a.Config.URL
	if base == nil {
		base = &url.URL{Scheme: "http", Host: a.Config.Listen}
	}
	return links.New(links.Config{Base: base, Settings: a.Settings.Current}).Viewer(f)
}

// SettleRemovals removes objects that are due, as far as the storages answer; what stays
// is removed by the servers' own job.
func (a *App) SettleRemovals(ctx context.Context) {
	for {
		n, err := a.Catalog.RemoveObjects(ctx)
		if err != nil {
			a.log.WarnContext(ctx, "objects left for the server to remove", "err", err)
		}
		if err != nil || n == 0 {
			return
		}
	}
}
