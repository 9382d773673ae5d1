package upkeep

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// Processor looks inside files and makes their variants.
type Processor interface {
	Inspect(ctx context.Context, path string) (*vitrine.Inspection, error)
	Render(ctx context.Context, req vitrine.RenderRequest) (*vitrine.Rendition, error)
}

const (
	// DefaultKeep is how long the old objects of a moved file stay. Nodes remember rows
	// for two seconds and hand out links to buckets that live ten minutes; a download
	// from a bucket that began before may last, and fetches its parts as it goes. An hour
	// is enough for 20 MB at 50 Kbit/s, and costs room only for what moves in an hour.
	DefaultKeep = time.Hour
	// DefaultOrphanAge is how old an object without a row must be to be an orphan:
	// younger ones may belong to an upload or a move under way.
	DefaultOrphanAge = 24 * time.Hour
	// DefaultWorkers is how many files are worked on at once.
	DefaultWorkers = 4
)

// Config names the rooms that upkeep works with.
type Config struct {
	DB        *db.DB
	Stores    *storage.Set
	Settings  *settings.Service
	Processor Processor        // nil: nothing is looked into and no variant is made
	Spool     string           // folder of what is looked into; decoders must be able to read it
	Clock     func() time.Time // nil: time.Now
	Logger    *slog.Logger     // nil: slog.Default()
}

// Validate reports every mistake at once.
func (c Config) Validate() error {
	var errs []error
	if c.DB == nil {
		errs = append(errs, errors.New("upkeep: no database"))
	}
	if c.Stores == nil {
		errs = append(errs, errors.New("upkeep: no storages"))
	}
	if c.Settings == nil {
		errs = append(errs, errors.New("upkeep: no settings"))
	}
	if c.Processor != nil && c.Spool == "" {
		errs = append(errs, errors.New("upkeep: no spool folder"))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}
