package fileserver

import (
	"log/slog"
	"net/http"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// Config names what the door works with.
type Config struct {
	Catalog *catalog.Service
	// Identify says who asks. It is called for every request; nil: all are guests.
	Identify func(*http.Request) vitrine.Actor
	Clock    func() time.Time // nil: time.Now
	Logger   *slog.Logger     // nil: nothing is logged
}

func (c Config) withDefaults() Config {
	if c.Identify == nil {
		c.Identify = func(*http.Request) vitrine.Actor { return vitrine.Actor{} }
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}
