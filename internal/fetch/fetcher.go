package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"code.dny.dev/ssrf"
)

// maxHeader is the most bytes that an answer's head may have.
const maxHeader = 64 << 10

// maxURL is the most bytes that a URL may have.
const maxURL = 8 << 10

// Fetcher downloads. It is safe for many goroutines.
type Fetcher struct {
	cfg    Config
	client *http.Client
}

// New makes a Fetcher. Every connection, also one that a redirect leads to, is
// looked at when its address is finally known, after the name was resolved: a
// name cannot show one address to a check and another to the connection.
// Proxies of the environment are not used, since they would connect unchecked.
func New(c Config) *Fetcher {
	c = c.withDefaults()
	dialer := &net.Dialer{Timeout: c.ConnectTimeout, Control: guardian(c).Safe, Resolver: c.Resolver, KeepAlive: -1}
	f := &Fetcher{cfg: c}
	f.client = &http.Client{
		CheckRedirect: f.redirect,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    c.ConnectTimeout,
			ResponseHeaderTimeout:  c.Timeout,
			MaxResponseHeaderBytes: maxHeader,
			DisableKeepAlives:      true,
			DisableCompression:     true,
		},
	}
	return f
}

// guardian refuses addresses and ports: loopback, private, link-local, shared,
// multicast, documentation, mapped, translated and the like.
func guardian(c Config) *ssrf.Guardian {
	var v4, v6 []netip.Prefix
	for _, p := range c.Allow {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return ssrf.New(ssrf.WithPorts(c.Ports...), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
}

// Response is an answer whose body is still to be read.
type Response struct {
	// Body streams with no limit of its own but the time: the caller counts.
	// An error in between is ErrUnreachable. The caller closes it.
	Body     io.ReadCloser
	Size     int64  // bytes announced; -1: unknown. Not to be trusted
	Filename string // last segment of the path and the query of the URL given: "a.jpg?x=1"; may be empty
}

// Get asks for the URL. ctx and Config.Timeout govern reading the body too. All
// errors are of the kinds in errors.go.
func (f *Fetcher) Get(ctx context.Context, rawURL string) (*Response, error) {
	u, err := f.parse(rawURL)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, f.cfg.Timeout)
	resp, err := f.ask(ctx, u) //nolint:bodyclose // the body is handed on, inside Response
	if err != nil {
		cancel()
		return nil, err
	}
	return &Response{Body: &body{resp.Body, cancel}, Size: resp.ContentLength, Filename: filename(u)}, nil
}

func (f *Fetcher) ask(ctx context.Context, u *url.URL) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &failure{ErrURL, err}
	}
	r.Header.Set("Accept", "image/*, video/*, */*;q=0.5")
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("User-Agent", "Vitrine")
	resp, err := f.client.Do(r)
	if err != nil {
		return nil, kindOf(err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, &failure{ErrStatus, errors.Join(errors.New(resp.Status), resp.Body.Close())}
	}
	return resp, nil
}

// parse refuses what is not worth a connection.
func (f *Fetcher) parse(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, ErrURL
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, &failure{ErrURL, err}
	}
	return u, f.check(u)
}

func (f *Fetcher) check(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return ErrScheme
	case u.Hostname() == "" || u.User != nil || u.Opaque != "":
		return ErrURL
	case f.self(u):
		return ErrSelf
	}
	return nil
}

// redirect is asked before each redirect is followed.
func (f *Fetcher) redirect(r *http.Request, via []*http.Request) error {
	if len(via) > f.cfg.MaxRedirects {
		return ErrRedirects
	}
	r.Header.Del("Referer")
	return f.check(r.URL)
}

// kindOf sorts the client's errors.
func kindOf(err error) error {
	for _, kind := range []error{ErrRedirects, ErrSelf, ErrScheme, ErrURL} {
		if errors.Is(err, kind) {
			return &failure{kind, err}
		}
	}
	for _, refused := range []error{ssrf.ErrProhibitedIP, ssrf.ErrProhibitedPort, ssrf.ErrProhibitedNetwork, ssrf.ErrInvalidHostPort} {
		if errors.Is(err, refused) {
			return &failure{ErrAddress, err}
		}
	}
	return &failure{ErrUnreachable, err}
}

// body ends the request's time when it is closed.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &failure{ErrUnreachable, err}
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// filename is the last segment of the path with the query. Escapes of the
// segment are undone where text comes of it.
func filename(u *url.URL) string {
	raw := u.EscapedPath()
	name := raw[strings.LastIndexByte(raw, '/')+1:]
	if plain, err := url.PathUnescape(name); err == nil && utf8.ValidString(plain) && !strings.ContainsFunc(plain, unicode.IsControl) {
		name = path.Base("/" + plain)
	}
	if name == "/" || name == "" {
		return ""
	}
	if u.RawQuery != "" {
		name += "?" + u.RawQuery
	}
	return name
}
