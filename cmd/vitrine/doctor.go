package main

import (
	"context"
	"fmt"

	"vitrine/internal/app"
)

type doctor struct{}

// Help implements kong.HelpProvider.
func (doctor) Help() string {
	return "It writes, reads and deletes a small file in the storage, and fails if something is broken.\n\nExample:\n  vitrine doctor --data /var/lib/vitrine"
}

// Run implements the command.
func (doctor) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		var broken error
		for _, f := range a.Examine(ctx) {
			fmt.Fprintf(t.out, "%-7s %-9s %s\n", f.State, f.Name, f.Text)
			if f.State == app.Broken {
				broken = errSilent
			}
		}
		return broken
	})
}
