package main

import (
	"context"
	"fmt"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

type storageMove struct {
	From    string        `required:"" placeholder:"STORAGE" help:"Storage that files leave."`
	To      string        `required:"" placeholder:"STORAGE" help:"Storage that they go to."`
	Kind    string        `default:"" enum:",image,video" placeholder:"image|video" help:"Only files of this kind."`
	User    string        `placeholder:"NAME" help:"Only files of this account."`
	Limit   int64         `placeholder:"N" help:"At most so many files." xor:"most"`
	Bytes   string        `placeholder:"SIZE" help:"At most so many bytes, such as 10GB." xor:"most"`
	Workers int           `default:"4" placeholder:"N" help:"Files at once (4)."`
	Rate    string        `placeholder:"SIZE" help:"At most so many bytes a second, such as 50MB."`
	Keep    time.Duration `default:"1h" placeholder:"TIME" help:"How long old copies stay for those who still read them (1h)."`
}

// Help implements kong.HelpProvider.
func (storageMove) Help() string {
	return `The site stays open meanwhile. Every file is copied, read back and compared before its
row changes; the servers remove the old copy later. It can be stopped at any moment
and started again. Files that cannot be moved are named and stay where they are.

Example:
  vitrine storage move --from local --to s3 --rate 50MB`
}

// Run implements the command. It fails if a file stays behind.
func (c storageMove) Run(ctx context.Context, g *globals, t *terminal) error {
	o := app.MoveOptions{From: c.From, To: c.To, Kind: vitrine.Kind(c.Kind), Limit: c.Limit, Workers: c.Workers, Keep: c.Keep}
	for flag, v := range map[string]struct {
		text string
		to   *int64
	}{"--bytes": {c.Bytes, &o.Bytes}, "--rate": {c.Rate, &o.Rate}} {
		if v.text == "" {
			continue
		}
		size, err := vitrine.ParseSize(v.text)
		if err != nil || size < 1 {
			return &usageError{fmt.Errorf("%s=%s is not a size: write it like 50MB", flag, v.text)}
		}
		*v.to = int64(size)
	}
	if c.Workers < 1 || c.Workers > 256 || c.Limit < 0 || c.Keep <= 0 {
		return &usageError{fmt.Errorf("--workers must be 1 to 256, --limit and --keep more than nothing")}
	}
	return g.with(ctx, func(a *app.App) error {
		if c.User != "" {
			u, err := a.Account.User(ctx, c.User)
			if err != nil {
				return err
			}
			o.OwnerID = u.ID
		}
		u, err := a.Upkeep(false)
		if err != nil {
			return err
		}
		line := newProgress(t)
		o.Progress = func(s app.MoveState) { line.show(func(took time.Duration) string { return moveLine(s, took) }) }
		o.Problem = func(p app.StorageProblem) {
			line.clear()
			tell(t, a, p)
		}
		state, err := u.Move(ctx, o)
		line.clear()
		return c.end(t, state, err)
	})
}

// end says what became of it.
func (c storageMove) end(t *terminal, s app.MoveState, err error) error {
	if err != nil && s.Files == 0 && s.Failed == 0 {
		return err
	}
	fmt.Fprintf(t.out, "%d files (%s) were moved from %s to %s; the old copies are removed after %s.\n",
		s.Files, vitrine.Size(s.Bytes), c.From, c.To, span(c.Keep))
	if s.Gone > 0 {
		fmt.Fprintf(t.out, "%d files were deleted or moved by others meanwhile.\n", s.Gone)
	}
	switch {
	case err != nil:
		return err
	case s.Stopped:
		fmt.Fprintln(t.out, "Stopped. The same command goes on where it ended.")
		return errSilent
	case s.Failed > 0:
		return fmt.Errorf("%d files could not be moved and stay in %s: vitrine storage verify --only %s --deep says more", s.Failed, c.From, c.From)
	}
	return nil
}

// moveLine is how far a move is after a time.
func moveLine(s app.MoveState, took time.Duration) string {
	text := fmt.Sprintf("%d of %d files, %s of %s", s.Files, s.TotalFiles, vitrine.Size(s.Bytes), vitrine.Size(s.TotalBytes))
	if s.Failed > 0 {
		text += fmt.Sprintf(", %d stay behind", s.Failed)
	}
	seconds := took.Seconds()
	if s.Bytes == 0 || seconds < 1 {
		return text
	}
	perSecond := float64(s.Bytes) / seconds
	text += fmt.Sprintf(", %s/s, %.1f files/s", vitrine.Size(perSecond), float64(s.Files)/seconds)
	if left := s.TotalBytes - s.Bytes; left > 0 {
		text += ", about " + span(time.Duration(float64(left)/perSecond*float64(time.Second))) + " left"
	}
	return text
}

// span writes a span without what nobody needs: "1h", "2m30s".
func span(d time.Duration) string {
	switch {
	case d >= time.Hour:
		d = d.Round(time.Minute)
	case d >= time.Second:
		d = d.Round(time.Second)
	}
	text := d.String()
	for _, end := range []string{"m0s", "h0m"} {
		if n := len(text) - len(end); n > 0 && text[n:] == end {
			text = text[:n+1]
		}
	}
	return text
}
