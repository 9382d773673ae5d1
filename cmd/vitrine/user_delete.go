package main

import (
	"context"
	"fmt"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type userDelete struct {
	Username string `arg:"" help:"Name of the account."`
	Yes      bool   `help:"Do not ask."`
}

// Help implements kong.HelpProvider.
func (userDelete) Help() string {
	return `Files, albums and keys of the account go with it. It asks for the name once more,
unless --yes is given.

Example:
  vitrine user delete ann --yes`
}

// Run implements the command.
func (u userDelete) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		found, err := a.Account.User(ctx, u.Username)
		if err != nil {
			return err
		}
		if !u.Yes {
			fmt.Fprintf(t.err, "This deletes %s and %d files for good. Type the name to go on:\n", found.Username, found.FileCount)
			answer, err := readLine(t.in)
			if err != nil {
				return err
			}
			if answer != found.Username {
				return vitrine.Errorf(vitrine.CodeForbidden, "Nothing was deleted: the name was not confirmed (--yes does not ask)")
			}
		}
		files, err := a.DeleteUser(ctx, found.Username)
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "Account %s was deleted, with %d files.\n", found.Username, files)
		return nil
	})
}
