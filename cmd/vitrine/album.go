package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type album struct {
	Create albumCreate `cmd:"" help:"Make an album and print its id alone."`
	List   albumList   `cmd:"" help:"List albums."`
}

type albumCreate struct {
	User        string `required:"" placeholder:"NAME" help:"Account that owns it."`
	Name        string `required:"" placeholder:"TEXT" help:"1 to 100 characters."`
	Description string `placeholder:"TEXT" help:"What is in it."`
	Privacy     string `default:"public" enum:"public,unlisted,private" help:"public, unlisted or private."`
	Parent      string `placeholder:"ID" help:"Album that it stands in."`
}

// Help implements kong.HelpProvider.
func (albumCreate) Help() string {
	return "The id is what the API takes as album_id.\n\nExample:\n  vitrine album create --user ann --name Holidays --privacy unlisted"
}

// Run implements the command.
func (c albumCreate) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		owner, err := a.Account.User(ctx, c.User)
		if err != nil {
			return err
		}
		made, err := a.Catalog.CreateAlbum(ctx, app.NewAlbum{
			OwnerID: owner.ID, Name: c.Name, Description: c.Description, Privacy: vitrine.Privacy(c.Privacy), Parent: vitrine.Slug(c.Parent),
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, made.Slug)
		return nil
	})
}

type albumList struct {
	User string `placeholder:"NAME" help:"Only those of this account."`
}

// Help implements kong.HelpProvider.
func (albumList) Help() string { return "Example:\n  vitrine album list --user ann" }

// Run implements the command.
func (l albumList) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		var ownerID int64
		if l.User != "" {
			owner, err := a.Account.User(ctx, l.User)
			if err != nil {
				return err
			}
			ownerID = owner.ID
		}
		list, err := a.Catalog.Albums(ctx, ownerID)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tPRIVACY\tFILES\tCREATED")
		for _, b := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", b.Slug, b.Name, b.Privacy, b.FileCount, when(b.CreatedAt))
		}
		return w.Flush()
	})
}
