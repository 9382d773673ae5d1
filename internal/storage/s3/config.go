package s3

import (
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Config says which bucket to use and how to reach it.
type Config struct {
	Endpoint  string // host or host:port, without scheme
	Bucket    string
	Prefix    string // of every key, "media" or "media/a"; slashes at its ends do not matter
	Region    string // empty: asked of the server
	AccessKey string
	SecretKey string
	PathStyle bool // the bucket is a part of the path, not of the host name
	Insecure  bool // http instead of https
	Logger    *slog.Logger
}

// Validate reports all mistakes at once, without secrets.
func (c Config) Validate() error {
	var errs []error
	bad := func(text string) { errs = append(errs, errors.New(text)) }
	u, err := url.Parse("//" + c.Endpoint)
	if c.Endpoint == "" || err != nil || u.Host != c.Endpoint || u.Hostname() == "" {
		bad("the S3 endpoint must be a host name, with a port if it is unusual, and without https://")
	}
	if c.Bucket == "" || strings.ContainsAny(c.Bucket, "/ ") {
		bad("the S3 bucket must be the name of a bucket")
	}
	if c.AccessKey == "" || c.SecretKey == "" {
		bad("the S3 access key and secret key must both be given")
	}
	if len(c.Prefix) > 512 || !utf8.ValidString(c.Prefix) {
		bad("the S3 prefix must have at most 512 bytes")
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Prefix = strings.Trim(c.Prefix, "/"); c.Prefix != "" {
		c.Prefix += "/"
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if ip := net.ParseIP(strings.Split(c.Endpoint, ":")[0]); ip != nil {
		c.PathStyle = true
	}
	return c
}
