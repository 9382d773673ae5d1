package catalog

import (
	"errors"
	"log/slog"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/jobs"
	"vitrine/internal/passwords"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
)

// Config names the rooms that the catalog works with.
type Config struct {
	DB        *db.DB
	Stores    *storage.Set
	Settings  *settings.Service
	Jobs      *jobs.Jobs        // nil: what RemoveObjects and RelistAlbums do waits until they are called
	Passwords *passwords.Hasher // nil: its own
	Clock     func() time.Time  // nil: time.Now
	Logger    *slog.Logger      // nil: slog.Default()
}

// Validate reports every mistake at once.
func (c Config) Validate() error {
	var errs []error
	if c.DB == nil {
		errs = append(errs, errors.New("catalog: no database"))
	}
	if c.Stores == nil {
		errs = append(errs, errors.New("catalog: no storages"))
	}
	if c.Settings == nil {
		errs = append(errs, errors.New("catalog: no settings"))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Passwords == nil {
		c.Passwords = passwords.New()
	}
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
