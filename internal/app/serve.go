package app

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

// stopTimeout is how long jobs may take to end after the last request did.
const stopTimeout = 10 * time.Second

// Serve answers requests until ctx ends, then stops in this order: no new
// requests, running ones finish (30 s), jobs, what follows other nodes, decoders,
// database. It listens first if Listen was not called. The App is closed
// afterwards.
func (a *App) Serve(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, a.Close()) }()
	if a.server == nil {
		if err := a.Listen(ctx); err != nil {
			return err
		}
	}
	// What serves running requests must outlive ctx.
	inner, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var background errgroup.Group
	background.Go(func() error { return a.clock.Run(inner) })
	background.Go(func() error { return a.Settings.Run(inner) })
	background.Go(func() error { return a.Account.Run(inner) })
	background.Go(func() error { return a.Catalog.Run(inner) })
	if err := a.Jobs.Start(inner); err != nil {
		end()
		return errors.Join(err, background.Wait())
	}
	err = a.server.Serve(ctx)

	stopping, cancel := context.WithTimeout(inner, stopTimeout)
	defer cancel()
	err = errors.Join(err, a.Jobs.Stop(stopping))
	end()
	return errors.Join(err, background.Wait())
}
