package account

import (
	"log/slog"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/passwords"
	"vitrine/internal/settings"
)

// Config says what the service works with.
type Config struct {
	DB        *db.DB
	Settings  *settings.Service
	Passwords *passwords.Hasher // nil: its own
	Clock     func() time.Time  // nil: time.Now
	Logger    *slog.Logger      // nil: slog.Default()
}

func (c Config) withDefaults() Config {
	if c.Passwords == nil {
		c.Passwords = passwords.New()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}
