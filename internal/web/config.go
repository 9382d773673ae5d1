package web

import (
	"log/slog"
	"net/http"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/settings"
)

// Config is what the door works with.
type Config struct {
	Account  *account.Service
	Catalog  *catalog.Service
	Settings *settings.Service
	Links    *links.Builder
	Locale   *locale.Bundle
	Clock    func() time.Time // nil: time.Now
	Logger   *slog.Logger     // nil: slog.Default()
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

// New parses the templates and returns the handler of all pages; it sees paths
// without the base path.
func New(c Config) (http.Handler, error) {
	_ = c.withDefaults()
	return http.NotFoundHandler(), nil
}
