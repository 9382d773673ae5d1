package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it was understood, but not done
	exitUsage  = 2 // it was not understood: a flag, an argument, the configuration
)

// commands is everything that can be typed after "vitrine".
type commands struct {
	globals

	Serve    serve          `cmd:"" help:"Run the server."`
	User     user           `cmd:"" help:"Accounts."`
	Key      key            `cmd:"" help:"API keys."`
	Album    album          `cmd:"" help:"Albums."`
	Category category       `cmd:"" help:"Categories."`
	Ban      ban            `cmd:"" help:"Banned addresses."`
	Backup   backup         `cmd:"" help:"Add a snapshot of the whole site to a backup, or verify one."`
	Restore  restore        `cmd:"" help:"Make a site of a backup."`
	Seed     seed           `cmd:"" help:"Fill a site with demo content."`
	Settings settings       `cmd:"" help:"The switches of the site."`
	Storage  storage        `cmd:"" help:"Storages: what is in them, moving files, verifying."`
	Doctor   doctor         `cmd:"" help:"Check database, storage, decoders, disk and limits."`
	Health   health         `cmd:"" help:"Ask the server on this machine whether it is ready."`
	Version  versionCommand `cmd:"" help:"Print the version."`
}

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	// The decoder is started by the server, not by people, and must start fast.
	if len(os.Args) > 1 && os.Args[1] == "decoder" {
		os.Exit(app.RunDecoder(os.Args[2:], os.Stdin, os.Stdout))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the program at once
	}()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), &terminal{os.Stdin, os.Stdout, os.Stderr}))
}

// run does what the arguments say and returns the exit code.
func run(ctx context.Context, args, environ []string, t *terminal) int {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("vitrine"),
		kong.Description("A media host: it takes in pictures and films, and shows them."),
		kong.Writers(t.out, t.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.ExplicitGroups([]kong.Group{{Key: "configuration", Title: "Configuration, for every command (each also as VITRINE_… and in a TOML file):"}}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t),
	)
	if err != nil {
		return fail(t, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	call, err := parser.Parse(args)
	if err != nil {
		return fail(t, &usageError{err})
	}
	c.environ = environ
	return fail(t, call.Run(&c.globals))
}

// usageError is a mistake on the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() + " (see vitrine --help)" }

// errSilent fails without a word, since everything was said on standard output.
var errSilent = errors.New("")

// fail prints the error, one line for each mistake, and returns the exit code.
func fail(t *terminal, err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errSilent) {
		return exitFailed
	}
	if e, ok := errors.AsType[*app.ConfigError](err); ok {
		for _, mistake := range e.Mistakes {
			complain(t, mistake)
		}
		return exitUsage
	}
	if e, ok := errors.AsType[*vitrine.Error](err); ok && e.Code != vitrine.CodeInternal {
		complain(t, e.Message)
		if e.Code == vitrine.CodeInvalid {
			return exitUsage
		}
		return exitFailed
	}
	complain(t, err.Error())
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

// complain prints one line, whatever lines the message has.
func complain(t *terminal, message string) {
	var parts []string
	for line := range strings.Lines(message) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(parts, line) {
			parts = append(parts, line)
		}
	}
	fmt.Fprintf(t.err, "vitrine: %s\n", strings.ReplaceAll(strings.Join(parts, "; "), ":; ", ": "))
}
