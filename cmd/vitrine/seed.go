package main

import (
	"context"
	"fmt"

	"vitrine/internal/app"
)

type seed struct {
	Password string `placeholder:"TEXT" help:"Password of the demo users; made at random if not given."`
	Files    int    `placeholder:"N" help:"Adds N further files that exist in the database only, for measurements: their pictures are missing."`
}

// Help implements kong.HelpProvider.
func (seed) Help() string {
	return "Makes the users anna, bob, chiyo and dmitri with albums of every privacy, pictures of every\n" +
		"orientation and format, films, and files that expire. Nothing happens where anna exists already.\n\n" +
		"Example:\n  vitrine seed --data ./demo --password demodemo"
}

// Run implements the command.
func (c seed) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		password := c.Password
		if password == "" {
			password = app.NewPassword()
		}
		report, err := a.Seed(ctx, app.SeedOptions{Password: password, Rows: c.Files})
		if err != nil {
			return err
		}
		if report.Seeded {
			fmt.Fprintf(t.out, "%d files in %d albums. Sign in as anna, bob, chiyo or dmitri with the password %s\n", report.Files, report.Albums, password)
		} else {
			fmt.Fprintln(t.out, "There is demo content already.")
		}
		if c.Files > 0 {
			fmt.Fprintf(t.out, "%d files without pictures.\n", c.Files)
		}
		return nil
	})
}
