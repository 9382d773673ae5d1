package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type backup struct {
	Folder    string `arg:"" help:"Folder of the backup, made if there is none; nothing else may be in it."`
	Verify    bool   `help:"Read everything that is in the backup again and compare it with its digests, instead of adding to it."`
	NoObjects bool   `help:"Leave the files out, where their storage has a backup of its own."`
	Snapshot  string `placeholder:"NAME" help:"With --verify: which snapshot; the newest if not given."`
	Keep      int    `default:"7" placeholder:"N" help:"How many finished snapshots stay (7)."`
	Workers   int    `default:"4" placeholder:"N" help:"Files read at once, 1 to 64 (4)."`
	Rate      string `placeholder:"SIZE" help:"Most bytes of files a second, such as 50MB; no limit if not given."`
}

// Help implements kong.HelpProvider.
func (backup) Help() string {
	return `The site may go on serving. What is in the folder already is not copied again, and a run
that was broken off is continued. Whoever can read the folder can read password hashes.

Example:
  vitrine backup /mnt/backup/vitrine --data /var/lib/vitrine
  vitrine backup /mnt/backup/vitrine --verify`
}

// Run implements the command.
func (b backup) Run(ctx context.Context, g *globals, t *terminal) error {
	o := app.BackupOptions{NoObjects: b.NoObjects, Workers: b.Workers, Keep: b.Keep}
	if b.Rate != "" {
		rate, err := vitrine.ParseSize(b.Rate)
		if err != nil || rate < 1000 {
			return vitrine.Invalid("rate", "Invalid rate %q: write it like 50MB", b.Rate)
		}
		o.Rate = int64(rate)
	}
	if b.Keep < 1 || b.Workers < 1 || b.Workers > 64 {
		return vitrine.Invalid("keep", "Invalid number: --keep is 1 or more, --workers 1 to 64")
	}
	line := newProgress(t)
	defer line.clear()
	if b.Verify {
		return b.verify(ctx, t, line)
	}
	if b.Snapshot != "" {
		return vitrine.Invalid("snapshot", "--snapshot is for --verify")
	}
	return g.with(ctx, func(a *app.App) error {
		o.Progress = told(line)
		r, err := a.Backup(ctx, b.Folder, "vitrine "+versionName(), o)
		line.clear()
		if errors.Is(err, context.Canceled) {
			return errors.New("the backup was interrupted: run it again, it goes on where it was")
		}
		if err != nil {
			return err
		}
		return said(t, r)
	})
}

// told shows steps on the line.
func told(line *progress) func(app.BackupStep) {
	var doing string
	var began time.Time
	return func(s app.BackupStep) {
		if s.Doing != doing {
			doing, began = s.Doing, time.Now()
		}
		line.show(func(time.Duration) string { return stepText(s, time.Since(began)) })
	}
}

// stepText is a step in one line; took is how long it has lasted.
func stepText(s app.BackupStep, took time.Duration) string {
	text := s.Doing
	if s.Done > 0 {
		text += fmt.Sprintf(" %d", s.Done)
	}
	if s.Total > 0 {
		text += fmt.Sprintf(" of %d", s.Total)
	}
	if s.Bytes > 0 {
		text += ", " + vitrine.Size(s.Bytes).String()
	}
	if s.Total > 0 && s.Done > 0 && took > 5*time.Second {
		left := time.Duration(float64(took) * float64(s.Total-s.Done) / float64(s.Done))
		text += fmt.Sprintf(", about %s left", max(left, 0).Round(time.Second))
	}
	return text
}

func said(t *terminal, r *app.BackupReport) error {
	m := r.Manifest
	fmt.Fprintf(t.out, "Snapshot %s: %d files, %d albums, %d users.\n", m.Snapshot, m.Rows("files"), m.Rows("albums"), m.Rows("users"))
	if m.Objects == nil {
		fmt.Fprintln(t.out, "Rows only: the files themselves are not in it.")
		return nil
	}
	fmt.Fprintf(t.out, "%d objects with %s; %d of them with %s were new.\n",
		m.Objects.Count, vitrine.Size(m.Objects.Bytes), r.Copied, vitrine.Size(r.Bytes))
	if r.Whole() {
		return nil
	}
	listFaults(t, r.Faults, m.Objects.Missing+m.Objects.Damaged)
	return fmt.Errorf("the backup was made, but the site had lost objects before: %d are missing, %d are damaged", m.Objects.Missing, m.Objects.Damaged)
}

func listFaults(t *terminal, faults []string, all int64) {
	for _, f := range faults {
		fmt.Fprintln(t.out, "  "+f)
	}
	if more := all - int64(len(faults)); more > 0 {
		fmt.Fprintf(t.out, "  and %d more\n", more)
	}
}

func (b backup) verify(ctx context.Context, t *terminal, line *progress) error {
	v, err := app.VerifyBackup(ctx, b.Folder, b.Snapshot, b.Workers, told(line))
	line.clear()
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted: what was read until then was good")
	}
	if err != nil {
		return err
	}
	m := v.Manifest
	fmt.Fprintf(t.out, "Snapshot %s of %s: rows are as they were written.\n", m.Snapshot, m.Program)
	if m.Objects == nil {
		fmt.Fprintln(t.out, "Rows only: the files themselves are not in it.")
		return nil
	}
	fmt.Fprintf(t.out, "%d objects with %s were read.\n", v.Objects, vitrine.Size(v.Bytes))
	if m.Objects.Missing+m.Objects.Damaged > 0 {
		fmt.Fprintf(t.out, "The site had lost %d objects before this backup, and %d were damaged.\n", m.Objects.Missing, m.Objects.Damaged)
	}
	if v.Faulty > 0 {
		listFaults(t, v.Faults, v.Faulty)
		return fmt.Errorf("%d objects of the backup are missing or damaged: the next vitrine backup copies them anew", v.Faulty)
	}
	return nil
}
