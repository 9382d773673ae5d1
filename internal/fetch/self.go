package fetch

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// self reports whether the URL names this site.
func (f *Fetcher) self(u *url.URL) bool {
	host, port := normalHost(u.Hostname()), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return slices.Contains(f.cfg.SelfHosts, host) || slices.Contains(f.cfg.SelfHosts, net.JoinHostPort(host, port))
}

// normalHost writes a host name, with or without a port, in the one way in which
// names are compared: lower case, ASCII, no dot at the end, addresses without
// brackets.
func normalHost(s string) string {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.Trim(s, "[]"), ""
	}
	host = strings.TrimSuffix(host, ".")
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	host = strings.ToLower(host)
	if ip := net.ParseIP(host); ip != nil {
		host = ip.String() // 0:0::1 and ::1, ::ffff:192.0.2.1 and 192.0.2.1
	}
	if port != "" {
		return net.JoinHostPort(host, port)
	}
	return host
}
