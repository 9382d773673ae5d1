package main

import (
	"context"
	"fmt"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type storageVerify struct {
	Only    string `placeholder:"STORAGE" help:"Only what is in this storage."`
	Deep    bool   `help:"Read every object and compare digests; look whether variants can be decoded."`
	Mend    bool   `help:"Mend what can be mended."`
	After   int64  `placeholder:"ID" help:"Only files with a higher id, to go on where a run ended."`
	Workers int    `default:"4" placeholder:"N" help:"Files at once (4)."`
}

// Help implements kong.HelpProvider.
func (storageVerify) Help() string {
	return `It looks whether every file has its objects, whether every object belongs to a file,
and whether removals and counters are as they should be. With --mend, variants are made
anew, originals are taken from another storage or another file with the same bytes, and
orphans are removed. The site stays open meanwhile.

Example:
  vitrine storage verify --deep --mend`
}

// Run implements the command. It fails if something is wrong and was not mended.
func (c storageVerify) Run(ctx context.Context, g *globals, t *terminal) error {
	if c.Workers < 1 || c.Workers > 256 || c.After < 0 {
		return &usageError{fmt.Errorf("--workers must be 1 to 256, --after the id of a file")}
	}
	return g.with(ctx, func(a *app.App) error {
		u, err := a.Upkeep(c.Deep || c.Mend)
		if err != nil {
			return err
		}
		line := newProgress(t)
		s, err := u.Verify(ctx, app.VerifyOptions{
			Storage: c.Only, After: c.After, Deep: c.Deep, Mend: c.Mend, Workers: c.Workers,
			Progress: func(s app.VerifyState) {
				line.show(func(took time.Duration) string {
					return fmt.Sprintf("%d files up to id %d, %s read, %d problems, %.1f files/s",
						s.Files, s.LastID, vitrine.Size(s.Bytes), s.Problems, float64(s.Files)/max(1, took.Seconds()))
				})
			},
			Problem: func(p app.StorageProblem) {
				line.clear()
				tell(t, a, p)
			},
		})
		line.clear()
		if c.Mend {
			a.SettleRemovals(ctx)
		}
		if err != nil && s.Files == 0 && s.Problems == 0 {
			return err
		}
		fmt.Fprintf(t.out, "%d files with %d objects were looked at: %d problems, %d mended.\n", s.Files, s.Objects, s.Problems, s.Mended)
		if s.Young > 0 {
			fmt.Fprintf(t.out, "%d objects belong to no file, but are less than a day old: uploads and moves may be at them.\n", s.Young)
		}
		if s.Foreign > 0 {
			fmt.Fprintf(t.out, "%d objects are not named as ours and were left alone.\n", s.Foreign)
		}
		switch {
		case err != nil || s.Stopped:
			fmt.Fprintf(t.out, "Stopped. Go on with --after %d.\n", s.LastID)
			if err == nil {
				err = errSilent
			}
			return err
		case s.Wrong() > 0:
			return errSilent
		}
		return nil
	})
}
