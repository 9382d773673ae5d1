package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type user struct {
	Create   userCreate   `cmd:"" help:"Make an account."`
	List     userList     `cmd:"" help:"List the accounts."`
	Password userPassword `cmd:"" help:"Give an account a new password."`
	Suspend  userSuspend  `cmd:"" help:"Refuse an account and its keys."`
	Restore  userRestore  `cmd:"" help:"Let a suspended account in again."`
	Delete   userDelete   `cmd:"" help:"Delete an account with all its files."`
}

type userCreate struct {
	Username      string `required:"" placeholder:"NAME" help:"3 to 16 letters, digits or underscores."`
	Email         string `required:"" placeholder:"ADDR" help:"Mail address."`
	Role          string `default:"user" enum:"admin,manager,user" help:"admin, manager or user."`
	PasswordStdin bool   `help:"Read the password from standard input, one line. Without it a random one is made and printed."`
}

// Help implements kong.HelpProvider.
func (userCreate) Help() string {
	return `Example:
  vitrine user create --username ann --email ann@example.org --role admin
  echo "correct horse" | vitrine user create --username bob --email bob@example.org --password-stdin`
}

// Run implements the command.
func (u userCreate) Run(ctx context.Context, g *globals, t *terminal) error {
	password := app.NewPassword()
	if u.PasswordStdin {
		var err error
		if password, err = readLine(t.in); err != nil {
			return err
		}
	}
	return g.with(ctx, func(a *app.App) error {
		made, err := a.Account.CreateUser(ctx, app.NewUser{Username: u.Username, Email: u.Email, Role: vitrine.Role(u.Role), Password: password})
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "Account %s was made.\n", made.Username)
		if !u.PasswordStdin {
			fmt.Fprintf(t.out, "password  %s\n", password)
		}
		return nil
	})
}

// readLine reads one line of at most 4 KB without its end.
func readLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("standard input cannot be read: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type userList struct{}

// Help implements kong.HelpProvider.
func (userList) Help() string { return "Example:\n  vitrine user list" }

// Run implements the command.
func (userList) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "USERNAME\tEMAIL\tROLE\tSTATUS\tFILES\tSIZE\tCREATED")
		const page = 500
		for after := int64(0); ; {
			list, err := a.Account.Users(ctx, after, page)
			if err != nil {
				return err
			}
			for _, u := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", u.Username, u.Email, u.Role, u.Status, u.FileCount, vitrine.Size(u.ByteCount), when(u.CreatedAt))
				after = u.ID
			}
			if len(list) < page {
				return w.Flush()
			}
		}
	})
}

// when writes an instant, or a hyphen for none.
func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04 MST")
}

type userSuspend struct {
	Username string `arg:"" help:"Name of the account."`
}

// Help implements kong.HelpProvider.
func (userSuspend) Help() string { return "Example:\n  vitrine user suspend ann" }

// Run implements the command.
func (u userSuspend) Run(ctx context.Context, g *globals) error {
	return g.with(ctx, func(a *app.App) error { return a.Account.Suspend(ctx, u.Username) })
}

type userRestore struct {
	Username string `arg:"" help:"Name of the account."`
}

// Help implements kong.HelpProvider.
func (userRestore) Help() string { return "Example:\n  vitrine user restore ann" }

// Run implements the command.
func (u userRestore) Run(ctx context.Context, g *globals) error {
	return g.with(ctx, func(a *app.App) error { return a.Account.Restore(ctx, u.Username) })
}
