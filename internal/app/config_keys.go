package app

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// configKey is one value of the configuration: "media_url" in files, --media-url
// on the command line, VITRINE_MEDIA_URL in the environment.
type configKey struct {
	name   string
	secret bool // also as name_file, and never shown in messages
	set    func(c *Config, value string) error
}

var configKeys = []configKey{
	{name: "listen", set: func(c *Config, v string) (err error) { c.Listen, err = parseListen(v); return err }},
	{name: "url", set: func(c *Config, v string) (err error) { c.URL, err = parsePublicURL(v); return err }},
	{name: "media_url", set: func(c *Config, v string) (err error) { c.MediaURL, err = parsePublicURL(v); return err }},
	{name: "data", set: func(c *Config, v string) error { c.Data = v; return nil }},
	{name: "database", secret: true, set: func(c *Config, v string) (err error) { c.Database, err = parseDatabase(v); return err }},
	{name: "storage", set: func(c *Config, v string) (err error) { c.Storage, err = parseStorage(v); return err }},
	// The keys of a bucket come after the storage, to which they are added.
	{name: "s3_access_key", secret: true, set: func(c *Config, v string) error {
		return bucketKey(c, func(s *Storage) { s.Bucket.AccessKey = v })
	}},
	{name: "s3_secret_key", secret: true, set: func(c *Config, v string) error {
		return bucketKey(c, func(s *Storage) { s.Bucket.SecretKey = v })
	}},
	{name: "trusted_proxies", set: func(c *Config, v string) (err error) { c.TrustedProxies, err = parseProxies(v); return err }},
	{name: "decoders", set: func(c *Config, v string) (err error) { c.Decoders, err = parseDecoders(v); return err }},
	{name: "upload_queue", set: func(c *Config, v string) (err error) { c.UploadQueue, err = parseMost(v, 100_000); return err }},
	{name: "upload_receiving", set: func(c *Config, v string) (err error) { c.UploadReceived, err = parseMost(v, 100_000); return err }},
	{name: "max_connections", set: func(c *Config, v string) (err error) { c.Connections, err = parseMostOrOff(v); return err }},
	{name: "max_connections_per_address", set: func(c *Config, v string) (err error) { c.PerAddress, err = parseMostOrOff(v); return err }},
	{name: "log_format", set: func(c *Config, v string) error {
		if v != "text" && v != "json" {
			return fmt.Errorf("%q is not a log format: use text or json", v)
		}
		c.LogFormat = v
		return nil
	}},
	{name: "log_level", set: func(c *Config, v string) (err error) { c.LogLevel, err = parseLevel(v); return err }},
	{name: "metrics_listen", set: func(c *Config, v string) (err error) {
		if v == "off" {
			c.MetricsListen = ""
			return nil
		}
		c.MetricsListen, err = parseListen(v)
		return err
	}},
	{name: "slow_query", set: func(c *Config, v string) (err error) { c.SlowQuery, err = parseSlowQuery(v); return err }},
}

// findKey finds a key by its name in files.
func findKey(name string) (configKey, bool) {
	for _, k := range configKeys {
		if k.name == name {
			return k, true
		}
	}
	return configKey{}, false
}

func parseListen(v string) (string, error) {
	host, port, err := net.SplitHostPort(v)
	if err != nil {
		return "", fmt.Errorf("%q is not an address to listen on: write host:port, such as 127.0.0.1:8080 or :8080", v)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("%q has no valid port: use a number from 0 to 65535", v)
	}
	return net.JoinHostPort(host, port), nil
}

func parsePublicURL(v string) (*url.URL, error) {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is not a public address: write it like https://example.org or https://example.org/gallery", v)
	}
	if strings.Contains(u.Path, "//") || strings.Contains(u.Path, "/.") {
		return nil, fmt.Errorf("%q has a path with empty or dotted parts: write it like https://example.org/gallery", v)
	}
	return u.JoinPath(), nil
}

func parseDatabase(v string) (string, error) {
	scheme, rest, _ := strings.Cut(v, ":")
	switch scheme {
	case "sqlite":
		if rest == "" {
			return "", nil // the file in the data folder
		}
		return v, nil
	case "postgres", "postgresql":
		u, err := url.Parse(v)
		if err == nil && (u.Host != "" || u.Query().Has("host")) && len(u.Path) > 1 {
			return v, nil
		}
	}
	return "", fmt.Errorf("it is no database: write sqlite, sqlite:FILE or postgres://user:password@host/name")
}

func parseProxies(v string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for item := range strings.SplitSeq(v, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		if a, err := netip.ParseAddr(item); err == nil && a.Zone() == "" {
			a = a.Unmap()
			list = append(list, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(item)
		if err != nil {
			return nil, fmt.Errorf("%q is not an address or a network: write them like 10.0.0.0/8, 192.0.2.7", item)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

func parseDecoders(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 256 {
		return 0, fmt.Errorf("%q is not a number of decoders: use 1 to 256", v)
	}
	return n, nil
}

func parseSlowQuery(v string) (time.Duration, error) {
	if v == "off" || v == "0" {
		return -1, nil
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < time.Millisecond || d > time.Hour {
		return 0, fmt.Errorf("%q is not a span that makes a query slow: use 1ms to 1h, such as 500ms, or off", v)
	}
	return d, nil
}

// parseMost reads a number from 1 to most.
func parseMost(v string, most int) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%q is not a number that can be used: use 1 to %d", v, most)
	}
	return n, nil
}

// parseMostOrOff is parseMost where off, which is -1, means no bound.
func parseMostOrOff(v string) (int, error) {
	if v == "off" {
		return -1, nil
	}
	return parseMost(v, 1_000_000)
}

func parseLevel(v string) (slog.Level, error) {
	switch strings.ToLower(v) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn", "warning":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("%q is not a log level: use debug, info, warn or error", v)
}
