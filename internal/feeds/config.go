package feeds

import (
	"log/slog"
	"net/http"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/settings"
	"vitrine/internal/vitrine"
)

// Config is what the door works with.
type Config struct {
	Account  *account.Service
	Catalog  *catalog.Service
	Settings *settings.Service
	Links    *links.Builder
	Locale   *locale.Bundle
	Icons    []Icon           // of the app
	Clock    func() time.Time // nil: time.Now
	Logger   *slog.Logger     // nil: slog.Default()
}

// Icon is a picture of the app.
type Icon struct {
	Path     string // with the base path
	MIME     string
	Sizes    string // "192x192", "any"
	Maskable bool   // it may be cut to any shape
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

// Door answers the requests. It sees paths without the base path. It is safe for
// many goroutines.
type Door struct {
	Config
	block int64 // how many ids a part of the sitemap covers
	kept  keptIndex
}

// New returns the door.
func New(c Config) *Door { return &Door{Config: c.withDefaults(), block: sitemapBlock} }

// request is one request on its way to an answer.
type request struct {
	*Door
	w        http.ResponseWriter
	r        *http.Request
	settings *vitrine.Settings
	texts    *locale.Localizer
}
