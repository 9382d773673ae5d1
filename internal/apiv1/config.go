package apiv1

import (
	"log/slog"
	"net/http"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/settings"
	"vitrine/internal/upload"
)

// Config is what the door works with.
type Config struct {
	Account  *account.Service
	Upload   *upload.Service
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

// door answers the requests.
type door struct{ Config }

// New returns the handler of /api and everything below it; it sees paths
// without the base path, and expects RemoteAddr to be the client's own address
// and the request header X-Request-Id to be set.
func New(c Config) http.Handler { return &door{c.withDefaults()} }
