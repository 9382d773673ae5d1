package app

import (
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"time"

	"vitrine/internal/app/internal/loopback"
	"vitrine/internal/sched"
	"vitrine/internal/storage"
	"vitrine/internal/storage/s3"
)

// Config is everything that is decided before the server starts. The zero value
// serves ./data on 127.0.0.1:8080. Load fills it from flags, environment and
// files.
type Config struct {
	Listen         string   // host:port; port 0 picks a free one; empty: 127.0.0.1:8080
	URL            *url.URL // public address; nil: made from Listen
	MediaURL       *url.URL // public address of raw files; nil: URL
	Data           string   // folder for everything kept on disk; empty: ./data
	Database       string   // "sqlite:PATH" or "postgres://…"; empty: vitrine.db in Data
	Storage        Storage
	Storages       map[string]Storage // further ones, by name
	TrustedProxies []netip.Prefix     // peers whose X-Forwarded-* are believed
	Decoders       int                // decoder processes; 0: sched.Processors
	UploadQueue    int                // uploads that may wait for their turn; 0: upload.DefaultWaiting
	UploadReceived int                // uploads that may be received at once; 0: upload.DefaultReceiving
	Connections    int                // most at once; 0: 8192, below 0: as many as there may be open files
	PerAddress     int                // … of one address; 0: 512, below 0: no bound
	LogFormat      string             // text or json; empty: text
	LogLevel       slog.Level         // zero: info
	MetricsListen  string             // host:port of the metrics and profiles; empty: off
	SlowQuery      time.Duration      // statements that take as long are logged; 0: 500 ms, below 0: none
	Settings       map[string]string  // settings that are pinned, by key

	Version string // of the program, for the metrics and the doctor; empty: unknown

	Logger *slog.Logger     // nil: made by LogFormat and LogLevel, to standard error
	Clock  func() time.Time // nil: time.Now; for a node whose clock is wrong

	// Loopback lets uploads by URL reach this machine. Only apptest can fill it.
	Loopback loopback.Allowance
}

// Storage says where bytes are and which files they may be of. The zero value is
// the folder images in the data folder, for everything.
type Storage struct {
	Folder string     // path of the local folder; empty: images in the data folder
	Bucket *s3.Config // nil: the local folder
	Rules  storage.Rules
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	if c.Data == "" {
		c.Data = "data"
	}
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "vitrine.db")
	}
	if c.Storage.Folder == "" {
		c.Storage.Folder = filepath.Join(c.Data, "images")
	}
	if c.Decoders == 0 {
		c.Decoders = sched.Processors()
	}
	if c.SlowQuery == 0 {
		c.SlowQuery = 500 * time.Millisecond
	}
	if c.LogFormat == "" {
		c.LogFormat = "text"
	}
	return c
}

// spool is the folder for what is on its way in.
func (c Config) spool() string { return filepath.Join(c.Data, "spool") }
