package main

import (
	"context"
	"errors"
	"log/slog"

	"vitrine/internal/app"
)

// globals are the flags of every command: the configuration.
type globals struct {
	Config  string `placeholder:"FILE" group:"configuration" help:"TOML file to read."`
	Profile string `placeholder:"FILE" group:"configuration" help:"TOML file that wins over --config, such as deploy/profiles/pic.li.toml."`

	Data           string `placeholder:"FOLDER" group:"configuration" help:"Everything that is kept on disk (./data)."`
	Database       string `placeholder:"URL" group:"configuration" help:"Another database than the file in the data folder."`
	Storage        string `placeholder:"URL" group:"configuration" help:"A bucket for the files, instead of the folder images in the data folder."`
	Listen         string `placeholder:"ADDRESS" group:"configuration" help:"Address to listen on (127.0.0.1:8080); port 0 picks one."`
	URL            string `name:"url" placeholder:"URL" group:"configuration" help:"Public address, with its sub-path if any."`
	MediaURL       string `name:"media-url" placeholder:"URL" group:"configuration" help:"Public address of raw files, if another."`
	TrustedProxies string `placeholder:"CIDR,…" group:"configuration" help:"Proxies whose X-Forwarded-* are believed."`
	Decoders       string `placeholder:"N" group:"configuration" help:"Decoder processes (one a core)."`
	UploadQueue    string `placeholder:"N" group:"configuration" help:"Uploads that may wait for their turn (512)."`
	Receiving      string `name:"upload-receiving" placeholder:"N" group:"configuration" help:"Uploads that may be received at once (1024)."`
	Connections    string `name:"max-connections" placeholder:"N" group:"configuration" help:"Open connections, if the limit of open files allows (8192); off: only that."`
	PerAddress     string `name:"max-connections-per-address" placeholder:"N" group:"configuration" help:"… of one address (512); off: no bound."`
	LogFormat      string `placeholder:"text|json" group:"configuration" help:"Form of the log (text)."`
	LogLevel       string `placeholder:"LEVEL" group:"configuration" help:"debug, info, warn or error (info)."`
	MetricsListen  string `placeholder:"ADDRESS" group:"configuration" help:"Address of metrics and profiles, not for the public (off)."`
	SlowQuery      string `placeholder:"SPAN" group:"configuration" help:"Statements to the database that take as long are logged (500ms); off: none."`

	environ []string
}

// load puts the configuration together.
func (g *globals) load() (app.Config, error) {
	flags := make(map[string]string)
	for name, value := range map[string]string{
		"data": g.Data, "database": g.Database, "storage": g.Storage, "listen": g.Listen,
		"url": g.URL, "media_url": g.MediaURL, "trusted_proxies": g.TrustedProxies, "decoders": g.Decoders,
		"upload_queue": g.UploadQueue, "upload_receiving": g.Receiving,
		"max_connections": g.Connections, "max_connections_per_address": g.PerAddress,
		"log_format": g.LogFormat, "log_level": g.LogLevel, "metrics_listen": g.MetricsListen,
		"slow_query": g.SlowQuery,
	} {
		if value != "" {
			flags[name] = value
		}
	}
	c, err := app.Load(app.Sources{Flags: flags, Environ: g.environ, Profile: g.Profile, File: g.Config})
	c.Version = versionName()
	return c, err
}

// with opens the house for a short command, and closes it again.
func (g *globals) with(ctx context.Context, fn func(*app.App) error) error {
	c, err := g.load()
	if err != nil {
		return err
	}
	c.LogLevel = max(c.LogLevel, slog.LevelWarn) // commands speak for themselves
	a, err := app.New(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.Close())
}
