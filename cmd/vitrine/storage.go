package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type storage struct {
	List   storageList   `cmd:"" help:"Show the storages and what is in them."`
	Move   storageMove   `cmd:"" help:"Move files from one storage to another."`
	Verify storageVerify `cmd:"" help:"Look whether everything is there, and mend what can be mended."`
}

type storageList struct{}

// Help implements kong.HelpProvider.
func (storageList) Help() string {
	return "USED is what files and their variants take, FREE what the disk has left.\n\nExample:\n  vitrine storage list"
}

// Run implements the command. It fails if a storage cannot be used.
func (storageList) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		u, err := a.Upkeep(false)
		if err != nil {
			return err
		}
		states, err := u.States(ctx)
		if err != nil {
			return err
		}
		var broken error
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tTAKES\tFILES\tUSED\tCAPACITY\tFREE\tSTATE")
		for _, s := range states {
			takes, capacity, free, state := "all", "-", "-", "ok"
			switch {
			case !s.Known || s.Rules.Full:
				takes = "nothing"
			case s.Rules.Kind != "":
				takes = string(s.Rules.Kind)
			}
			if s.Rules.Capacity > 0 {
				capacity = vitrine.Size(s.Rules.Capacity).String()
			}
			if s.Free >= 0 {
				free = vitrine.Size(s.Free).String()
			}
			switch {
			case !s.Known:
				state, broken = "not configured", errSilent
			case s.Err != nil:
				state, broken = "broken: "+strings.ReplaceAll(s.Err.Error(), "\n", "; "), errSilent
			case s.Rules.Capacity > 0 && s.Bytes >= s.Rules.Capacity:
				state = "full"
			case s.Default:
				state = "ok, default"
			}
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", s.Name, takes, s.Files, vitrine.Size(s.Bytes), capacity, free, state)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		return broken
	})
}

// tell writes what is wrong with a file or an object in one line.
func tell(t *terminal, a *app.App, p app.StorageProblem) {
	var b strings.Builder
	if p.Mended {
		b.WriteString("mended: ")
	}
	if p.File != nil {
		fmt.Fprintf(&b, "file %d (%s) in %s: ", p.File.ID, a.Viewer(p.File), p.Storage)
	} else if p.Key != "" {
		fmt.Fprintf(&b, "object %s in %s: ", p.Key, p.Storage)
	} else {
		fmt.Fprintf(&b, "storage %s: ", p.Storage)
	}
	b.WriteString(strings.ReplaceAll(p.Text, "\n", "; "))
	fmt.Fprintln(t.out, b.String())
}
