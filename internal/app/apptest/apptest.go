package apptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/app/internal/loopback"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/storage/s3"
	"vitrine/internal/storage/storagetest"
)

// Options say what site to start. The zero value is SQLite and a local folder.
type Options struct {
	Engine  string // "sqlite" or "postgres"; empty: sqlite
	Storage string // "local" or "s3"; empty: local
	// Storages are further ones by name, each "local" or "s3".
	Storages map[string]string
	// DatabaseURL and Bucket are used instead of fresh ones, for sites of several
	// nodes.
	DatabaseURL string
	Bucket      *s3.Config

	Profile  string            // file in deploy/profiles without .toml; empty: none
	Settings map[string]string // values of settings; also over those of the profile
	Flood    bool              // leaves flood protection on

	BasePath       string // "/gallery": the site stands below it
	MediaURL       string // public address of raw files
	TrustedProxies []string
	Decoders       int    // 0: one
	NoLoopback     bool   // uploads by URL reach public addresses only, as in life
	Data           string // data folder; empty: a fresh one

	// As those of app.Config.
	UploadQueue, UploadReceived, PerAddress int

	Metrics   bool          // metrics and profiles on an address of their own
	JSONLog   bool          // the log has lines of JSON
	SlowQuery time.Duration // as in app.Config
}

// Site is a running site.
type Site struct {
	URL      string // public address without a final slash, with the base path
	Data     string // its data folder
	AdminKey string // of the user admin
	UserKey  string // of the user ann
	GuestKey string // empty where the profile has none
	App      *app.App

	stop   context.CancelFunc
	served chan error
	once   sync.Once
	err    error
	log    *logBuffer
}

// Main is for TestMain: it runs the tests, or a decoder if a site started this
// binary as one.
func Main(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decoder" {
		os.Exit(app.RunDecoder(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// Start runs a site until the test ends. The log of a site whose test failed is
// shown with the failure.
func Start(t testing.TB, o Options) *Site {
	t.Helper()
	s := &Site{Data: o.Data, served: make(chan error, 1), log: new(logBuffer)}
	if s.Data == "" {
		s.Data = t.TempDir()
	}
	c := o.config(t, s.Data)
	debug := &slog.HandlerOptions{Level: slog.LevelDebug}
	if c.Logger = slog.New(slog.NewTextHandler(s.log, debug)); o.JSONLog {
		c.Logger = slog.New(slog.NewJSONHandler(s.log, debug))
	}
	a, err := app.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	s.App = a
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		if t.Failed() {
			t.Logf("log of the site, what was wrong first:\n%s\n%s", s.log.wrong(), s.log)
		}
	})
	if err := a.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.URL = strings.TrimSuffix(a.Links.Home(), "/")
	s.settle(t, o)
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	go func() { s.served <- a.Serve(ctx) }()
	return s
}

// Stop ends the site as SIGTERM does, and waits for it. Stopping twice is no
// error.
func (s *Site) Stop() error {
	s.once.Do(func() {
		if s.stop == nil {
			s.err = s.App.Close()
			return
		}
		s.stop()
		select {
		case s.err = <-s.served:
		case <-time.After(time.Minute):
			s.err = errors.New("the site did not stop within a minute")
		}
	})
	return s.err
}

// Log is what the site has logged until now.
func (s *Site) Log() string { return s.log.String() }

// Set changes a setting of the running site.
func (s *Site) Set(t testing.TB, key, value string) {
	t.Helper()
	if err := s.App.Settings.Set(t.Context(), key, value); err != nil {
		t.Fatal(err)
	}
}

// KeyOf makes a key for a user, who is made if there is none of the name.
func (s *Site) KeyOf(t testing.TB, username string) string {
	t.Helper()
	s.user(t, username)
	key, _, err := s.App.Account.CreateKey(t.Context(), username, "test")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// settle makes accounts, keys and settings. A site on a database that has them
// already gets new keys.
func (s *Site) settle(t testing.TB, o Options) {
	t.Helper()
	first, err := s.App.Account.Bootstrap(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if first != nil {
		s.AdminKey = first.Key
	} else {
		s.AdminKey = s.KeyOf(t, "admin")
	}
	s.UserKey = s.KeyOf(t, "ann")
	values := make(map[string]string)
	if !o.Flood {
		values["flood_protection"] = "off"
	}
	if o.Profile == "" {
		if _, err := s.App.Account.CreateGuestKey(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	maps.Copy(values, o.Settings)
	for key, value := range values {
		if _, pinned := s.App.Config.Settings[key]; !pinned {
			s.Set(t, key, value)
		}
	}
	s.GuestKey = s.App.Settings.Current().GuestKey
}

// config is the configuration of the site.
func (o Options) config(t testing.TB, data string) app.Config {
	t.Helper()
	var sources app.Sources
	if o.Profile != "" {
		sources.Profile = filepath.Join(repository(t), "deploy", "profiles", o.Profile+".toml")
	}
	c, err := app.Load(sources)
	if err != nil {
		t.Fatal(err)
	}
	for key := range c.Settings {
		if value, ok := o.Settings[key]; ok {
			c.Settings[key] = value
		}
	}
	c.Listen, c.Data, c.Decoders = "127.0.0.1:0", data, max(o.Decoders, 1)
	c.UploadQueue, c.UploadReceived, c.PerAddress = o.UploadQueue, o.UploadReceived, o.PerAddress
	c.SlowQuery = o.SlowQuery
	if o.Metrics {
		c.MetricsListen = "127.0.0.1:0"
	}
	if !o.NoLoopback {
		c.Loopback = loopback.All()
	}
	c.Database = o.database(t)
	c.Storage.Bucket = o.bucket(t)
	for name, kind := range o.Storages {
		st := app.Storage{Folder: filepath.Join(data, name)}
		if kind == "s3" {
			st = app.Storage{Bucket: Bucket(t)}
		}
		if c.Storages == nil {
			c.Storages = make(map[string]app.Storage)
		}
		c.Storages[name] = st
	}
	if o.BasePath != "" {
		c.URL = &url.URL{Scheme: "http", Host: "127.0.0.1:0", Path: o.BasePath}
	}
	if o.MediaURL != "" {
		if c.MediaURL, err = url.Parse(o.MediaURL); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range o.TrustedProxies {
		c.TrustedProxies = append(c.TrustedProxies, netip.MustParsePrefix(p))
	}
	return c
}

func (o Options) database(t testing.TB) string {
	t.Helper()
	switch {
	case o.DatabaseURL != "":
		return o.DatabaseURL
	case o.Engine == "":
		return "" // in the data folder
	}
	return Database(t, o.Engine)
}

// Database is the URL of a fresh database; empty for the one that an App makes in
// its data folder.
func Database(t testing.TB, engine string) string {
	t.Helper()
	switch engine {
	case "sqlite":
		return ""
	case "postgres":
		return dbtest.PostgresURL(t)
	}
	t.Fatalf("no such engine: %q", engine)
	return ""
}

func (o Options) bucket(t testing.TB) *s3.Config {
	t.Helper()
	switch {
	case o.Bucket != nil:
		return o.Bucket
	case o.Storage == "s3":
		return Bucket(t)
	case o.Storage == "" || o.Storage == "local":
		return nil
	}
	t.Fatalf("no such storage: %q", o.Storage)
	return nil
}

// Bucket is room of its own in the bucket of this test process.
func Bucket(t testing.TB) *s3.Config {
	t.Helper()
	b := storagetest.S3(t)
	return &s3.Config{
		Endpoint: b.Endpoint, Bucket: b.Bucket, AccessKey: b.AccessKey, SecretKey: b.SecretKey,
		Prefix: fmt.Sprintf("site-%d", time.Now().UnixNano()), PathStyle: true, Insecure: true,
	}
}

// repository is the top of the project.
func repository(t testing.TB) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("this file is nowhere")
	}
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// logBuffer keeps what a site logs.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// wrong is what was logged as a warning or an error.
func (b *logBuffer) wrong() string {
	var wrong strings.Builder
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "WARN") || strings.Contains(line, "ERROR") {
			wrong.WriteString(line)
		}
	}
	return wrong.String()
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
