package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"vitrine/internal/app"
)

type ban struct {
	Add    banAdd    `cmd:"" help:"Keep an address or a network out."`
	Remove banRemove `cmd:"" help:"Let it in again."`
	List   banList   `cmd:"" help:"List the bans."`
}

type banAdd struct {
	Address string        `arg:"" help:"192.0.2.7, 192.0.2.0/24, 192.0.2.* or 2001:db8::/32."`
	Message string        `placeholder:"TEXT" help:"What the banned are told."`
	For     time.Duration `placeholder:"DURATION" help:"How long, such as 30m or 72h; for ever if not given."`
}

// Help implements kong.HelpProvider.
func (banAdd) Help() string {
	return "Running servers follow within two seconds.\n\nExample:\n  vitrine ban add 192.0.2.0/24 --for 72h --message \"Too many uploads, come back in three days\""
}

// Run implements the command.
func (b banAdd) Run(ctx context.Context, g *globals, t *terminal) error {
	if b.For < 0 {
		return &usageError{errors.New("--for must not be negative: write it like 72h")}
	}
	return g.with(ctx, func(a *app.App) error {
		var expires time.Time
		if b.For > 0 {
			expires = a.Now().Add(b.For)
		}
		made, err := a.Account.AddBan(ctx, b.Address, b.Message, expires)
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, made.Prefix)
		return nil
	})
}

type banRemove struct {
	Address string `arg:"" help:"As it stands in the list."`
}

// Help implements kong.HelpProvider.
func (banRemove) Help() string { return "Example:\n  vitrine ban remove 192.0.2.0/24" }

// Run implements the command.
func (b banRemove) Run(ctx context.Context, g *globals) error {
	return g.with(ctx, func(a *app.App) error { return a.Account.RemoveBan(ctx, b.Address) })
}

type banList struct{}

// Help implements kong.HelpProvider.
func (banList) Help() string { return "Example:\n  vitrine ban list" }

// Run implements the command.
func (banList) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		list, err := a.Account.Bans(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ADDRESS\tUNTIL\tMESSAGE")
		for _, b := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\n", b.Prefix, when(b.ExpiresAt), b.Text())
		}
		return w.Flush()
	})
}
