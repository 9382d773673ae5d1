package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"vitrine/internal/app"
)

type category struct {
	Create categoryCreate `cmd:"" help:"Make a category and print its id alone."`
	List   categoryList   `cmd:"" help:"List the categories."`
}

type categoryCreate struct {
	Name   string `arg:"" help:"1 to 32 characters."`
	URLKey string `name:"url-key" placeholder:"KEY" help:"Its part of addresses: a-z, 0-9 and -; made from the name if not given."`
}

// Help implements kong.HelpProvider.
func (categoryCreate) Help() string {
	return "The id is what the API takes as category_id.\n\nExample:\n  vitrine category create \"Wild life\" --url-key wild-life"
}

// Run implements the command.
func (c categoryCreate) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		made, err := a.Catalog.CreateCategory(ctx, c.Name, c.URLKey)
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, made.ID)
		return nil
	})
}

type categoryList struct{}

// Help implements kong.HelpProvider.
func (categoryList) Help() string { return "Example:\n  vitrine category list" }

// Run implements the command.
func (categoryList) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		list, err := a.Catalog.Categories(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tKEY\tFILES")
		for _, c := range list {
			fmt.Fprintf(w, "%d\t%s\t%s\t%d\n", c.ID, c.Name, c.URLKey, c.FileCount)
		}
		return w.Flush()
	})
}
