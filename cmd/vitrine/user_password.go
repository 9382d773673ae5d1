package main

import (
	"context"
	"fmt"

	"vitrine/internal/app"
)

type userPassword struct {
	Username      string `arg:"" help:"Name of the account."`
	PasswordStdin bool   `help:"Read the password from standard input, one line. Without it a random one is made and printed."`
}

// Help implements kong.HelpProvider.
func (userPassword) Help() string {
	return `All sessions of the account end, on running servers within two seconds. Its API keys stay.

Example:
  vitrine user password ann
  echo "correct horse" | vitrine user password ann --password-stdin`
}

// Run implements the command.
func (u userPassword) Run(ctx context.Context, g *globals, t *terminal) error {
	password := app.NewPassword()
	if u.PasswordStdin {
		var err error
		if password, err = readLine(t.in); err != nil {
			return err
		}
	}
	return g.with(ctx, func(a *app.App) error {
		if err := a.Account.SetPassword(ctx, u.Username, password); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "Account %s has a new password.\n", u.Username)
		if !u.PasswordStdin {
			fmt.Fprintf(t.out, "password  %s\n", password)
		}
		return nil
	})
}
