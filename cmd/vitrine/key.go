package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"vitrine/internal/app"
)

type key struct {
	Create keyCreate `cmd:"" help:"Make a key and print it alone, once."`
	List   keyList   `cmd:"" help:"List the keys, without their secrets."`
	Revoke keyRevoke `cmd:"" help:"Make a key invalid."`
}

type keyCreate struct {
	User  string `placeholder:"NAME" xor:"holder" help:"Account that the key belongs to."`
	Name  string `placeholder:"TEXT" help:"What the key is for, to tell it from others."`
	Guest bool   `xor:"holder" help:"Make a new public key instead, which replaces the old one, and let guests use the API."`
}

// Help implements kong.HelpProvider.
func (keyCreate) Help() string {
	return `Example:
  KEY=$(vitrine key create --user ann --name "screenshot tool")
  vitrine key create --guest`
}

// Run implements the command.
func (k keyCreate) Run(ctx context.Context, g *globals, t *terminal) error {
	if !k.Guest && k.User == "" {
		return &usageError{errors.New("whose key? use --user NAME or --guest")}
	}
	return g.with(ctx, func(a *app.App) error {
		var secret string
		var err error
		if k.Guest {
			secret, err = a.Account.CreateGuestKey(ctx)
		} else {
			secret, _, err = a.Account.CreateKey(ctx, k.User, k.Name)
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, secret)
		return nil
	})
}

type keyList struct {
	User string `placeholder:"NAME" help:"Only those of this account."`
}

// Help implements kong.HelpProvider.
func (keyList) Help() string { return "Example:\n  vitrine key list --user ann" }

// Run implements the command.
func (k keyList) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		list, err := a.Account.Keys(ctx, k.User)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tUSER\tNAME\tCREATED\tLAST USED")
		for _, k := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", k.PublicID, k.Username, k.Name, when(k.CreatedAt), when(k.LastUsedAt))
		}
		return w.Flush()
	})
}

type keyRevoke struct {
	ID string `arg:"" help:"What stands between the underscores of chv_<id>_<secret>."`
}

// Help implements kong.HelpProvider.
func (keyRevoke) Help() string {
	return "Running servers refuse the key within two seconds.\n\nExample:\n  vitrine key revoke Zq3xK9a"
}

// Run implements the command.
func (k keyRevoke) Run(ctx context.Context, g *globals) error {
	return g.with(ctx, func(a *app.App) error { return a.Account.RevokeKey(ctx, k.ID) })
}
