package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vitrine/internal/vitrine"
)

// Config says where to listen and what to hand requests to. The zero value
// listens on a free loopback port and answers 404.
type Config struct {
	Listen   string       // host:port; empty: 127.0.0.1:0
	Listener net.Listener // used instead of Listen if set; the server closes it

	BasePath       string         // "/gallery", or empty where the site has the whole host
	TrustedProxies []netip.Prefix // peers whose forwarding headers are believed
	Handler        http.Handler   // nil: 404

	Viewed func() // told of each GET and HEAD that the handler gets; nil: nobody is

	Gate  func(context.Context, netip.Addr) *vitrine.Ban // asked first; nil: nobody is banned
	Ready func(context.Context) error                    // for /readyz; nil: always ready
	Parts []Part                                         // for /readyz, one by one

	MetricsListen string                 // host:port of the Prometheus listener; empty: off
	Collectors    []prometheus.Collector // further metrics to show there

	Logger *slog.Logger // nil: nothing is logged
	// Quiet are prefixes of paths below the base path whose requests are logged
	// at debug level only; nil: /images/, /assets/, /livez and /readyz.
	Quiet []string

	HeaderTimeout time.Duration // for a request's head; default 10 s
	IdleTimeout   time.Duration // between two requests of a connection; default 2 min
	StopTimeout   time.Duration // for running requests at a stop; default 30 s
	MaxHeader     int           // bytes of a request's head with its URL; default 64 KiB
	// Bodies, and answers too, have no fixed deadline, but must on the average
	// keep up MinRate bytes per second (default 4096) after BodyGrace (default
	// 30 s) has gone by, and bodies must not pause for more than twice that.
	MinRate   int64
	BodyGrace time.Duration

	// MaxConnections bounds open connections (default 8192, and never more than
	// the limit of open files allows), MaxConnectionsPerAddress those of one IPv4
	// address or IPv6 /64 (default 512); trusted proxies are exempt from the
	// latter. Below 0: no bound. Where there are more, those that wait for a request
	// make room.
	MaxConnections           int
	MaxConnectionsPerAddress int
}

// Validate reports all mistakes at once.
func (c Config) Validate() error {
	var errs []error
	if c.BasePath != "" && (!strings.HasPrefix(c.BasePath, "/") || strings.HasSuffix(c.BasePath, "/")) {
		errs = append(errs, errors.New("the base path must begin with a slash and not end with one"))
	}
	for name, d := range map[string]time.Duration{"header": c.HeaderTimeout, "idle": c.IdleTimeout, "stop": c.StopTimeout, "body": c.BodyGrace} {
		if d < 0 {
			errs = append(errs, errors.New("the "+name+" timeout must not be negative"))
		}
	}
	if c.MaxHeader < 0 || c.MinRate < 0 {
		errs = append(errs, errors.New("limits must not be negative"))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Handler == nil {
		c.Handler = http.NotFoundHandler()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Quiet == nil {
		c.Quiet = []string{"/images/", "/assets/", "/livez", "/readyz"}
	}
	setDefault(&c.HeaderTimeout, 10*time.Second)
	setDefault(&c.IdleTimeout, 2*time.Minute)
	setDefault(&c.StopTimeout, 30*time.Second)
	setDefault(&c.BodyGrace, 30*time.Second)
	setDefault(&c.MaxHeader, 64<<10)
	setDefault(&c.MinRate, 4096)
	setDefault(&c.MaxConnections, 8192)
	setDefault(&c.MaxConnectionsPerAddress, 512)
	if most := connectionsOfFiles(); most > 0 && (c.MaxConnections < 0 || c.MaxConnections > most) {
		c.MaxConnections = most
	}
	return c
}

func setDefault[T comparable](at *T, value T) {
	var zero T
	if *at == zero {
		*at = value
	}
}

// filesKept are the open files that are not for connections: database, decoders,
// the logs.
const filesKept = 128

// connectionsOfFiles is how many connections the limit of open files allows, where
// each may have a file open: one that it reads, or one that is received from it.
// Running out of them would keep the server from accepting anybody. 0: unknown.
func connectionsOfFiles() int {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil || l.Cur > 1<<30 {
		return 0
	}
	return max(16, (int(l.Cur)-filesKept)/2)
}
