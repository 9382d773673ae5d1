package upload

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/fetch"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// Processor looks inside received bytes and makes what is to be stored of them.
// Both methods return a vitrine.Error where the bytes are to blame.
type Processor interface {
	Inspect(ctx context.Context, path string) (*vitrine.Inspection, error)
	Render(ctx context.Context, req vitrine.RenderRequest) (*vitrine.Rendition, error)
}

// The limits of uploads in progress where Config says nothing.
const (
	// DefaultActive bounds what rendering leaves in the spool until it is
	// stored: at 20 MB a file, about 2 GB.
	DefaultActive  = 64
	DefaultWaiting = 512
	// DefaultReceiving bounds buffers and files of bodies on their way. Most of
	// them are small, since slow senders get small ones.
	DefaultReceiving = 1024
)

// Config names the rooms that an upload goes through.
type Config struct {
	DB        *db.DB
	Settings  *settings.Service
	Stores    *storage.Set
	Processor Processor
	Fetcher   *fetch.Fetcher // nil: nobody may upload by URL
	Spool     string         // folder of received bytes, made if missing; decoders must be able to read it

	Active    int // uploads that are inspected, rendered, stored or recorded at once; 0: DefaultActive
	Waiting   int // uploads that may wait for their turn before CodeBusy; 0: DefaultWaiting
	Receiving int // uploads whose bodies are being received or fetched before CodeBusy; 0: DefaultReceiving

	Clock  func() time.Time // nil: time.Now
	Random func([]byte)     // fills its argument with random bytes; nil: crypto/rand
	Logger *slog.Logger     // nil: slog.Default()
}

// Validate reports every mistake at once.
func (c Config) Validate() error {
	var errs []error
	for _, part := range []struct {
		name    string
		missing bool
	}{
		{"database", c.DB == nil},
		{"settings", c.Settings == nil},
		{"storages", c.Stores == nil},
		{"processor", c.Processor == nil},
		{"spool folder", c.Spool == ""},
	} {
		if part.missing {
			errs = append(errs, errors.New("upload: no "+part.name))
		}
	}
	if c.Active < 0 || c.Waiting < 0 || c.Receiving < 0 {
		errs = append(errs, errors.New("upload: active, waiting and receiving must not be negative"))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Active == 0 {
		c.Active = DefaultActive
	}
	if c.Waiting == 0 {
		c.Waiting = DefaultWaiting
	}
	if c.Receiving == 0 {
		c.Receiving = DefaultReceiving
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = func(b []byte) { _, _ = rand.Read(b) } // crypto/rand.Read never fails
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}
