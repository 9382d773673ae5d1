package fetch

import (
	"crypto/x509"
	"net"
	"net/netip"
	"slices"
	"time"
)

// Config holds the limits. The zero value fetches from public addresses only.
type Config struct {
	Timeout        time.Duration // for everything, the body too; default 60 s
	ConnectTimeout time.Duration // for each connection and its TLS handshake; default 5 s
	MaxRedirects   int           // default 3; below 0: none
	SelfHosts      []string      // own names, "host" for all ports or "host:port"

	Ports []uint16       // default 80 and 443; where Allow is set, any
	Allow []netip.Prefix // addresses allowed besides the public ones, for tests

	Resolver *net.Resolver  // nil: the system's
	RootCAs  *x509.CertPool // nil: the system's
}

func (c Config) withDefaults() Config {
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.ConnectTimeout <= 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	if c.MaxRedirects == 0 {
		c.MaxRedirects = 3
	}
	if len(c.Ports) == 0 && len(c.Allow) == 0 {
		c.Ports = []uint16{80, 443}
	}
	c.SelfHosts = slices.Clone(c.SelfHosts)
	for i, h := range c.SelfHosts {
		c.SelfHosts[i] = normalHost(h)
	}
	return c
}
