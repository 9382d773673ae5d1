package settings

import (
	"log/slog"
	"time"

	"vitrine/internal/db"
)

// Config says where the rows are and what the configuration pins.
type Config struct {
	DB      *db.DB
	Pinned  map[string]string // values by key that rows cannot change; nil: none
	Refresh time.Duration     // how often Run looks for changes by other nodes; 0: 2 s
	Logger  *slog.Logger      // nil: slog.Default()
}

func (c Config) withDefaults() Config {
	if c.Refresh <= 0 {
		c.Refresh = 2 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}
