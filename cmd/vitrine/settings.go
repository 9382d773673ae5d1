package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"vitrine/internal/app"
)

type settings struct {
	Get   settingsGet   `cmd:"" help:"Print the value of a setting alone."`
	Set   settingsSet   `cmd:"" help:"Change a setting."`
	Reset settingsReset `cmd:"" help:"Give a setting its default again."`
	List  settingsList  `cmd:"" help:"List all settings."`
}

type settingsGet struct {
	Key string `arg:"" help:"Name of the setting."`
}

// Help implements kong.HelpProvider.
func (settingsGet) Help() string { return "Example:\n  vitrine settings get upload_max_size" }

// Run implements the command.
func (s settingsGet) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		value, err := a.Settings.Value(s.Key)
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, value)
		return nil
	})
}

type settingsSet struct {
	Key   string `arg:"" help:"Name of the setting."`
	Value string `arg:"" help:"New value; \"\" is empty."`
}

// Help implements kong.HelpProvider.
func (settingsSet) Help() string {
	return "Running servers follow within two seconds.\n\nExample:\n  vitrine settings set upload_max_size 50MB"
}

// Run implements the command.
func (s settingsSet) Run(ctx context.Context, g *globals) error {
	return g.with(ctx, func(a *app.App) error { return a.Settings.Set(ctx, s.Key, s.Value) })
}

type settingsReset struct {
	Key string `arg:"" help:"Name of the setting."`
}

// Help implements kong.HelpProvider.
func (settingsReset) Help() string { return "Example:\n  vitrine settings reset upload_max_size" }

// Run implements the command.
func (s settingsReset) Run(ctx context.Context, g *globals) error {
	return g.with(ctx, func(a *app.App) error { return a.Settings.Reset(ctx, s.Key) })
}

type settingsList struct{}

// Help implements kong.HelpProvider.
func (settingsList) Help() string {
	return "A star marks what differs from the default, a + what the configuration pins.\n\nExample:\n  vitrine settings list"
}

// Run implements the command.
func (settingsList) Run(ctx context.Context, g *globals, t *terminal) error {
	return g.with(ctx, func(a *app.App) error {
		w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "KEY\t\tVALUE\tMEANING")
		for _, e := range a.Settings.List() {
			mark, value := "", short(e.Value)
			if e.Changed {
				mark = "*"
			}
			if e.Pinned {
				mark = "+"
			}
			if e.Secret && e.Changed {
				value = "(hidden)"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Key, mark, value, e.Help)
		}
		return w.Flush()
	})
}

// short is a value that does not spoil the table; get prints the whole.
func short(value string) string {
	const most = 40
	r := []rune(strings.ReplaceAll(value, "\n", " "))
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	return string(r)
}
