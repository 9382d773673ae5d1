package main

import (
	"context"
	"encoding/json"
	"fmt"

	"vitrine/internal/app"
)

type doctor struct {
	JSON bool `name:"json" help:"Print a list of objects with name, state (ok, weak, broken), text and advice."`
}

// Help implements kong.HelpProvider.
func (doctor) Help() string {
	return `It looks at database, clock, jobs, storages, decoders, disk, memory, limits and addresses, and says what
to do. It migrates nothing; in each storage it writes, reads and deletes a small file.

It ends with 0 if a server can work, even if not as well as it could (weak), and with 1 if something is broken.

Example:
  vitrine doctor --data /var/lib/vitrine
  vitrine doctor --json`
}

// Run implements the command.
func (d doctor) Run(ctx context.Context, g *globals, t *terminal) error {
	c, err := g.load()
	if err != nil {
		return err
	}
	found := app.Examine(ctx, c)
	for _, f := range found {
		if f.State == app.Broken {
			err = errSilent
		}
	}
	if d.JSON {
		text, failed := json.MarshalIndent(found, "", "  ")
		if failed != nil {
			return failed
		}
		fmt.Fprintf(t.out, "%s\n", text)
		return err
	}
	for _, f := range found {
		fmt.Fprintf(t.out, "%-7s %-9s %s\n", f.State, f.Name, f.Text)
		if f.Advice != "" {
			fmt.Fprintf(t.out, "%-17s → %s\n", "", f.Advice)
		}
	}
	return err
}
