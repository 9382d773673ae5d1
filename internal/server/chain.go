package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// chain is everything that happens around the one handler, in the order of
// ServeHTTP. It copies the request once, at the beginning: what the mux writes into
// the copy, such as the pattern, is there for the log afterwards.
type chain struct {
	cfg      Config
	ids      *requestIDs
	proxies  proxies
	health   *health
	metrics  *metrics // nil: off
	stopping atomic.Bool
	running  atomic.Int64
	linger   lingering
}

func newChain(c Config, m *metrics) *chain {
	h := &chain{cfg: c, ids: newRequestIDs(), proxies: proxies{c.TrustedProxies}, metrics: m, linger: make(lingering, lingerMost)}
	h.health = newHealth(c, &h.stopping)
	return h
}

// ServeHTTP implements http.Handler.
func (h *chain) ServeHTTP(inner http.ResponseWriter, r *http.Request) {
	h.running.Add(1)
	defer h.running.Add(-1)
	start := time.Now()
	h.metrics.begin()
	id := h.ids.next()
	body := paceBody(inner, r, h.cfg) // before the copy: net/http looks at the body too
	r = r.WithContext(withRequestID(r.Context(), id))
	w := newResponse(inner, h.cfg)
	w.Header()["X-Request-Id"] = []string{id}
	r.Header["X-Request-Id"] = []string{id}
	client := h.proxies.reveal(r)
	w.body = body
	path := h.below(r)

	defer func() {
		cause := recover()
		abort := isAbort(cause)
		if cause != nil && !abort {
			h.apologise(w, r, id, cause)
		}
		w.end()
		if r.MultipartForm != nil { // net/http would only look at the original
			_ = r.MultipartForm.RemoveAll() // what stays is in the system's temporary folder
		}
		took := time.Since(start)
		h.metrics.end(r, w, took)
		h.log(r, w, path, id, took)
		if !abort && !w.broken && !h.stopping.Load() {
			h.linger.linger(w, body)
		}
		body.end()
		if abort || w.broken {
			panic(http.ErrAbortHandler) // cut the connection: the answer is not whole
		}
	}()
	h.route(w, r, client)
}

// isAbort reports whether a panic is the agreed way to cut a connection.
func isAbort(cause any) bool {
	err, ok := cause.(error)
	return ok && errors.Is(err, http.ErrAbortHandler)
}

// route decides who answers.
func (h *chain) route(w http.ResponseWriter, r *http.Request, client netip.Addr) {
	if h.health.serve(w, r) {
		return
	}
	if h.cfg.Gate != nil {
		if ban := h.cfg.Gate(r.Context(), client); ban != nil {
			refuseBanned(w, ban)
			return
		}
	}
	if !strings.HasPrefix(r.URL.Path, "/") {
		h.outside(w, r)
		return
	}
	if h.cfg.Viewed != nil && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		h.cfg.Viewed()
	}
	if h.stopping.Load() {
		w.Header().Set("Connection", "close")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			refuseStopping(w, r)
			return
		}
	}
	h.cfg.Handler.ServeHTTP(w, r)
}

// below cuts the base path off the request's path, which then begins with a
// slash only if it was there. It returns the whole path for the log.
func (h *chain) below(r *http.Request) string {
	path := r.URL.Path
	if h.cfg.BasePath == "" {
		return path
	}
	if path == "/livez" || path == "/readyz" {
		return path // balancers ask without knowing the base path
	}
	rest, ok := strings.CutPrefix(path, h.cfg.BasePath)
	if !ok || rest != "" && rest[0] != '/' {
		r.URL.Path, r.URL.RawPath = "", ""
		return path
	}
	r.URL.Path = rest
	r.URL.RawPath = strings.TrimPrefix(r.URL.RawPath, h.cfg.BasePath)
	return path
}

// outside answers for paths that are not below the base path, and for the base
// path without its slash.
func (h *chain) outside(w http.ResponseWriter, r *http.Request) {
	whole, _, _ := strings.Cut(r.RequestURI, "?")
	if whole == h.cfg.BasePath && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		w.Header().Set("Location", h.cfg.BasePath+"/")
		w.WriteHeader(http.StatusPermanentRedirect)
		return
	}
	http.Error(w, "404 page not found", http.StatusNotFound)
}

// wait reports whether all handlers ended within the time.
func (h *chain) wait(d time.Duration) bool {
	for until := time.Now().Add(d); h.running.Load() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			return false
		}
	}
	return true
}

// log writes the line of the access log.
func (h *chain) log(r *http.Request, w *response, path, id string, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case w.status >= http.StatusInternalServerError:
		level = slog.LevelWarn
	case h.quiet(r.URL.Path):
		level = slog.LevelDebug
	}
	ctx := context.WithoutCancel(r.Context())
	if !h.cfg.Logger.Enabled(ctx, level) {
		return
	}
	h.cfg.Logger.LogAttrs(ctx, level, "request",
		slog.String("request_id", id),
		slog.String("method", r.Method),
		slog.String("route", r.Pattern),
		slog.String("path", redactPath(path)+redactQuery(r.URL.RawQuery)),
		slog.Int("status", w.status),
		slog.Int64("bytes", w.bytes),
		slog.Duration("duration", took),
		slog.String("client", r.RemoteAddr),
	)
}

func (h *chain) quiet(path string) bool {
	for _, prefix := range h.cfg.Quiet {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
