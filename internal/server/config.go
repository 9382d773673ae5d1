package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"vitrine/internal/vitrine"
)

// Config says where to listen and what to hand requests to. The zero value
// listens on a free loopback port and answers 404.
type Config struct {
	Listen         string       // host:port; empty: 127.0.0.1:0
	Listener       net.Listener // used instead of Listen if set
	BasePath       string       // "/gallery" or empty
	TrustedProxies []netip.Prefix
	Gate           func(context.Context, netip.Addr) *vitrine.Ban // nil: nobody is banned
	Ready          func(context.Context) error                    // nil: always ready
	Handler        http.Handler
	MetricsListen  string // host:port of the Prometheus listener; empty: off
	Logger         *slog.Logger

	HeaderTimeout time.Duration // to send a request's head; default 10 s
	IdleTimeout   time.Duration // between two requests of a connection; default 2 min
	MinBodyRate   int64         // bytes per second that a body must keep up; default 4096
	StopTimeout   time.Duration // for running requests at a stop; default 30 s
}
