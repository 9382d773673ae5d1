package db

import (
	"log/slog"
	"strings"
	"time"

	"vitrine/internal/sched"
	"vitrine/internal/vitrine"
)

// Config says which database to open.
type Config struct {
	// URL is "sqlite:PATH", whose folder must exist, or "postgres://…".
	URL string
	// MaxReaders is the number of connections that read at the same time. For
	// SQLite 0 means two a core and at least 4, and one more connection writes. For
	// PostgreSQL it is the size of the one pool; 0 means 16.
	MaxReaders int
	Logger     *slog.Logger // nil: slog.Default
	// SlowQuery is how long a statement may take before the log tells of it, without
	// its values; 0: nothing is told.
	SlowQuery time.Duration
	// LookTime is how long a list or a search looks for more to show before it gives what
	// it has; 0: 300 ms.
	LookTime time.Duration

	watch *watch
}

// lookTime is the default of Config.LookTime.
const lookTime = 300 * time.Millisecond

// postgresConnections keeps six nodes under the 100 connections that PostgreSQL
// allows by default.
const postgresConnections = 16

// dialect picks the engine by the URL and fills in the defaults.
func (c *Config) dialect() (dialect, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.LookTime == 0 {
		c.LookTime = lookTime
	}
	c.watch = newWatch(c.Logger, c.SlowQuery)
	scheme, rest, _ := strings.Cut(c.URL, ":")
	switch scheme {
	case "sqlite":
		if rest == "" || strings.Contains(rest, ":memory:") {
			return nil, vitrine.Invalid("database", "Invalid database address: write sqlite:PATH with the path of a file")
		}
		if c.MaxReaders < 1 {
			c.MaxReaders = max(4, 2*sched.Processors())
		}
		return sqliteDialect{path: rest}, nil
	case "postgres", "postgresql":
		if c.MaxReaders < 1 {
			c.MaxReaders = postgresConnections
		}
		return postgresDialect{url: c.URL}, nil
	}
	return nil, vitrine.Invalid("database", "Invalid database address: write sqlite:PATH or postgres://user:password@host/name")
}
