package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"vitrine/internal/apiv1"
	"vitrine/internal/feeds"
	"vitrine/internal/fetch"
	"vitrine/internal/fileserver"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/server"
	"vitrine/internal/upload"
	"vitrine/internal/web"
)

// Listen binds the address and builds the doors, so that Links and Addr are
// known. Clients wait until Serve.
func (a *App) Listen(ctx context.Context) (err error) {
	a.listener, err = server.Listen(ctx, a.Config.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", a.Config.Listen, listenCause(err))
	}
	base := publicURL(a.Config.URL, a.Config.Listen, a.listener.Addr())
	a.Links = links.New(links.Config{Base: base, Media: a.Config.MediaURL, Settings: a.Settings.Current})
	if err := a.openUpload(base); err != nil {
		return err
	}
	if err := a.Upload.CleanSpool(ctx); err != nil {
		return err
	}
	handler, err := a.doors(base)
	if err != nil {
		return err
	}
	a.server, err = server.New(server.Config{
		Listener: a.listener, BasePath: strings.TrimSuffix(base.Path, "/"), TrustedProxies: a.Config.TrustedProxies,
		Gate: a.Account.Banned, Parts: a.parts(), Handler: handler, Viewed: a.Media.Viewed,
		MetricsListen: a.Config.MetricsListen, Collectors: a.collectors(), Logger: a.log,
		MaxConnections: a.Config.Connections, MaxConnectionsPerAddress: a.Config.PerAddress,
	})
	if err != nil {
		return err
	}
	if err := a.server.Listen(ctx); err != nil {
		return err
	}
	a.log.InfoContext(ctx, "listening", "address", a.Addr().String(), "url", a.Links.Home())
	return nil
}

// openUpload builds what takes uploads in. Decoders start with the first picture.
func (a *App) openUpload(base *url.URL) (err error) {
	if err := a.openDecoders(); err != nil {
		return err
	}
	self := []string{base.Host}
	if a.listener != nil {
		self = append(self, a.listener.Addr().String())
	}
	if a.Config.MediaURL != nil {
		self = append(self, a.Config.MediaURL.Host)
	}
	a.Upload, err = upload.New(upload.Config{
		DB: a.DB, Settings: a.Settings, Stores: a.Stores, Processor: a.Media, Spool: a.spool.path, Clock: a.clock.Now, Logger: a.log,
		Waiting: a.Config.UploadQueue, Receiving: a.Config.UploadReceived,
		Fetcher: fetch.New(fetch.Config{SelfHosts: self, Allow: a.Config.Loopback.Prefixes}),
	})
	return err
}

// doors builds the doors and the routes to them.
func (a *App) doors(base *url.URL) (http.Handler, error) {
	texts, err := locale.New()
	if err != nil {
		return nil, err
	}
	pages, err := web.New(web.Config{
		Account: a.Account, Upload: a.Upload, Catalog: a.Catalog, Settings: a.Settings, Links: a.Links, Locale: texts, Clock: a.clock.Now, Logger: a.log,
		Identify: a.identify,
	})
	if err != nil {
		return nil, err
	}
	raw := fileserver.Config{Catalog: a.Catalog, Identify: a.identifyFetcher, Clock: a.clock.Now, Logger: a.log}
	r := &routes{
		api: apiv1.New(apiv1.Config{
			Account: a.Account, Upload: a.Upload, Settings: a.Settings, Links: a.Links, Locale: texts, Clock: a.clock.Now, Logger: a.log,
		}),
		files:    fileserver.New(raw),
		archives: fileserver.NewArchives(raw),
		feeds: feeds.New(feeds.Config{
			Account: a.Account, Catalog: a.Catalog, Settings: a.Settings, Links: a.Links, Locale: texts, Clock: a.clock.Now, Logger: a.log,
			Icons: a.icons(),
		}),
		web: pages,
	}
	if m := a.Config.MediaURL; m != nil && !strings.EqualFold(m.Host, base.Host) {
		r.mediaHost, r.mediaPath = m.Host, strings.TrimSuffix(m.Path, "/")
	}
	return r, nil
}

// icons are those of the app. Pages serve them under any digest.
func (a *App) icons() []feeds.Icon {
	at := func(name string) string { return a.Links.Path("/assets/icons/" + name) }
	return []feeds.Icon{
		{Path: at("favicon.svg"), MIME: "image/svg+xml", Sizes: "any"},
		{Path: at("icon-192.png"), MIME: "image/png", Sizes: "192x192"},
		{Path: at("icon-512.png"), MIME: "image/png", Sizes: "512x512"},
		{Path: at("icon-512.png"), MIME: "image/png", Sizes: "512x512", Maskable: true},
	}
}

// Addr is the address that is listened on.
func (a *App) Addr() net.Addr { return a.listener.Addr() }

// MetricsAddr is the address of metrics and profiles; nil where they are off.
func (a *App) MetricsAddr() net.Addr { return a.server.MetricsAddr() }

// Handler is the whole house without its listener, from Listen on.
func (a *App) Handler() http.Handler { return a.server.Handler() }

// parts are what the server needs. Without a storage pages and lists are still
// there, and so are files that lie in memory or in another storage; without the
// database nothing is, so that a balancer should look for another node.
func (a *App) parts() []server.Part {
	list := []server.Part{{Name: "database", Vital: true, Check: a.DB.Ping}}
	for _, name := range a.Stores.Names() {
		if store, err := a.Stores.Get(name); err == nil {
			list = append(list, server.Part{Name: "storage " + name, Check: store.Check})
		}
	}
	return list
}

// publicURL is the public address of the site: the one configured, with the
// port that was picked if it names port 0, or that of the listener as seen from
// this machine.
func publicURL(configured *url.URL, listen string, bound net.Addr) *url.URL {
	_, port, _ := net.SplitHostPort(bound.String()) // a bound address has a port
	if configured != nil {
		u := *configured
		if u.Port() == "0" {
			u.Host = net.JoinHostPort(u.Hostname(), port)
		}
		return &u
	}
	host, _, _ := net.SplitHostPort(listen) // it could be bound
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	u := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	if port == "80" {
		u.Host = strings.TrimSuffix(u.Host, ":80")
	}
	return u
}

// listenCause leaves out what the sentence says already.
func listenCause(err error) error {
	if e, ok := errors.AsType[*os.SyscallError](err); ok {
		return e.Err
	}
	return err
}
