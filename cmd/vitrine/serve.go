package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"vitrine/internal/app"
	"vitrine/internal/sched"
)

type serve struct{}

// Help implements kong.HelpProvider.
func (serve) Help() string {
	return `The first start on an empty data folder makes the account "admin" and prints its
password and API key, once. SIGINT and SIGTERM stop the server gracefully.

Example:
  vitrine serve --listen :8080 --url https://pics.example.org --data /var/lib/vitrine`
}

// garbage is how much the heap of a server may grow, in percent, before it is
// collected. Little of it lives long, and the pixels are in other processes: four
// times as much memory of a few megabytes gives a tenth more raw files a second.
const garbage = 400

// Run implements the command.
func (serve) Run(ctx context.Context, g *globals, t *terminal) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if os.Getenv("GOMAXPROCS") == "" {
		sched.Adapt()
	}
	c, err := g.load()
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	if err := a.Listen(ctx); err != nil {
		return errors.Join(err, a.Close())
	}
	first, err := a.Account.Bootstrap(ctx)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	fmt.Fprintf(t.out, "Vitrine is open at %s\n", a.Links.Home())
	if first != nil {
		fmt.Fprintf(t.out, `
This is its first start. Keep these, they are not shown again:

  username  %s
  password  %s
  API key   %s

Upload a picture:

  curl --fail-with-body -X POST -H "X-API-Key: %s" -F source=@photo.jpg %s

`, first.Username, first.Password, first.Key, first.Key, a.Links.API())
	}
	return a.Serve(ctx)
}
