package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type restore struct {
	Folder   string `arg:"" help:"Folder of the backup."`
	Snapshot string `placeholder:"NAME" help:"Which snapshot; the newest if not given."`
	To       string `name:"to" placeholder:"NAME" help:"Storage that takes all files; if not given, each goes to the storage of the name that it had, or to the default."`
	Workers  int    `default:"4" placeholder:"N" help:"Files written at once, 1 to 64 (4)."`
	Yes      bool   `help:"Do not ask."`
}

// Help implements kong.HelpProvider.
func (restore) Help() string {
	return `Fills an empty database and its storages, and compares digests. The database may be of the
other kind than the one that the backup was made of. What was broken off is continued by the
same command; until it has ended no server starts on that database.

Example:
  vitrine restore /mnt/backup/vitrine --data /var/lib/vitrine
  vitrine restore /mnt/backup/vitrine --database postgres://vitrine@db/vitrine --storage s3://pictures`
}

// Run implements the command.
func (r restore) Run(ctx context.Context, g *globals, t *terminal) error {
	if r.Workers < 1 || r.Workers > 64 {
		return vitrine.Invalid("workers", "Invalid number: --workers is 1 to 64")
	}
	c, err := g.load()
	if err != nil {
		return err
	}
	c.LogLevel = max(c.LogLevel, slog.LevelWarn)
	if !r.Yes {
		fmt.Fprint(t.err, "This fills the database and the storages of this configuration. Type yes to go on:\n")
		if answer, err := readLine(t.in); err != nil || answer != "yes" {
			return errors.Join(err, vitrine.Errorf(vitrine.CodeForbidden, "Nothing was restored: it was not confirmed (--yes does not ask)"))
		}
	}
	line := newProgress(t)
	defer line.clear()
	done, err := app.Restore(ctx, c, r.Folder, app.RestoreOptions{Snapshot: r.Snapshot, Storage: r.To, Workers: r.Workers, Progress: told(line)})
	line.clear()
	if errors.Is(err, context.Canceled) {
		return errors.New("the restore was interrupted: run it again, it goes on where it was")
	}
	if err != nil {
		return err
	}
	return restored(t, done)
}

func restored(t *terminal, r *app.Restored) error {
	m := r.Manifest
	fmt.Fprintf(t.out, "Restored %s: %d files, %d albums, %d users; as many rows as the backup has.\n",
		m.Snapshot, m.Rows("files"), m.Rows("albums"), m.Rows("users"))
	if r.Changed > 0 {
		fmt.Fprintf(t.out, "%d texts had characters that this database cannot keep; those were left out.\n", r.Changed)
	}
	if m.Objects == nil {
		fmt.Fprintln(t.out, "Rows only: the backup has no files. The storages must have them already.")
		return nil
	}
	fmt.Fprintf(t.out, "%d objects with %s are in the storage %s, each with the digest of the backup (%d stood there before).\n",
		r.Placed+r.Found, vitrine.Size(r.Bytes), strings.Join(r.Storages, ", "), r.Found)
	if r.Missing+r.Faulty > 0 {
		listFaults(t, r.Faults, r.Faulty)
		return fmt.Errorf("the site is restored, but %d objects were missing when the backup was made and %d are missing or damaged in it", r.Missing, r.Faulty)
	}
	return nil
}
