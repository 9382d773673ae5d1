package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/settings"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// Config is what the door works with.
type Config struct {
	Account  *account.Service
	Upload   *upload.Service
	Catalog  *catalog.Service
	Settings *settings.Service
	Links    *links.Builder
	Locale   *locale.Bundle
	// Identify says who asks, by the cookies that this door sets; nil: guests only.
	Identify func(*http.Request) vitrine.Actor
	Clock    func() time.Time // nil: time.Now
	Logger   *slog.Logger     // nil: slog.Default()
}

func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Identify == nil {
		c.Identify = guest
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// door answers the requests.
type door struct {
	Config
	areas  area
	pages  *pages
	assets assets
	heads  heads
	mark   string // where a page's nonce goes
	memo   memo
	framed atomic.Pointer[frames]
	origin *http.CrossOriginProtection

	// Content-Security-Policy: usually, and where raw files lead to signed links.
	policy, redirectPolicy policy
}

// New reads assets and texts and returns the handler of all pages; it sees paths
// without the base path, and expects RemoteAddr to be the client's own address
// and the request header X-Request-Id to be set.
func New(c Config) (http.Handler, error) {
	d := &door{Config: c.withDefaults()}
	d.areas, d.pages = allAreas(), newPages(d.Locale)
	var err error
	if d.assets, err = readAssets(); err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	built, err := readBundle()
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	d.mark = newNonce()
	if d.heads, err = newHeads(built, d.Links, d.Locale, d.mark); err != nil {
		return nil, fmt.Errorf("write texts for scripts: %w", err)
	}
	d.origin = http.NewCrossOriginProtection()
	// Behind a proxy the Host header may be another than the public one.
	if err = d.origin.AddTrustedOrigin(d.Links.Origin()); err != nil {
		return nil, fmt.Errorf("trust own origin: %w", err)
	}
	media := ""
	if m := d.Links.MediaOrigin(); m != d.Links.Origin() {
		media = " " + m
	}
	d.policy, d.redirectPolicy = newPolicy(media), newPolicy(media+" http: https:")
	return d, nil
}
