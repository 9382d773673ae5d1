package main

import (
	"context"
	"fmt"
	"time"

	"vitrine/internal/app"
)

type seed struct {
	Password string `placeholder:"TEXT" help:"Password of the demo users; made at random if not given."`
	Files    int    `placeholder:"N" help:"Adds a site of N further files that exist in the database only, for measurements: their pictures are missing."`
	Number   uint64 `placeholder:"N" default:"1" help:"Which site --files makes (${default}): the same number and N, the same site."`
}

// Help implements kong.HelpProvider.
func (seed) Help() string {
	return "Makes the users anna, bob, chiyo and dmitri with albums of every privacy, pictures of every\n" +
		"orientation and format, films, and files that expire. Nothing happens where anna exists already.\n\n" +
		"--files adds users (one for 200 files), albums (one for 100), tags, likes and N files, which need about\n" +
		"1.5 KB each. Nobody else may be connected to the database: stop the server first. Meanwhile its large\n" +
		"tables have no indexes; if the command is broken off, the next one, or the server, makes them again when\n" +
		"it starts, which takes minutes. SQLite flushes nothing to the disk before the end: a loss of power may\n" +
		"damage the file. It is for measurements, not for a database with files that matter.\n\n" +
		"Example:\n  vitrine seed --data ./demo --password demodemo\n  vitrine seed --data ./large --files 10000000"
}

// Run implements the command.
func (c seed) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		password := c.Password
		if password == "" {
			password = app.NewPassword()
		}
		last := time.Now()
		told := func(what string) {
			if time.Since(last) > 5*time.Second {
				fmt.Fprintln(t.err, what)
				last = time.Now()
			}
		}
		report, err := a.Seed(ctx, app.SeedOptions{Password: password, Rows: c.Files, Number: c.Number, Told: told})
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
