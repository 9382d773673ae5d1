package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	// flushTime is for answers that are written but not sent. Connections that
	// never asked anything, as browsers open them in advance, do not get more.
	flushTime = time.Second
	// lastWords is how long handlers have to end once their connections were cut.
	lastWords = 5 * time.Second
)

// Server is the listener with its middleware.
type Server struct {
	cfg         Config
	chain       *chain
	metrics     *metrics // nil: off
	connections *connections

	listener        net.Listener
	metricsListener net.Listener
}

// New checks the configuration. It does not listen yet.
func New(c Config) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	s := &Server{cfg: c, listener: c.Listener}
	if c.MetricsListen != "" {
		m, err := newMetrics(c.Collectors)
		if err != nil {
			return nil, err
		}
		s.metrics = m
	}
	s.chain = newChain(c, s.metrics)
	s.connections = newConnections(c, s.chain.proxies)
	if s.metrics != nil {
		if err := s.metrics.registry.Register(healthMetrics{s.chain.health}); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	return s, nil
}

// Listen binds the addresses, so that Addr is known before Serve. Clients that
// connect wait until then. Calling it again does nothing.
func (s *Server) Listen(ctx context.Context) (err error) {
	if s.listener == nil {
		if s.listener, err = Listen(ctx, s.cfg.Listen); err != nil {
			return fmt.Errorf("listen on %s: %w", s.cfg.Listen, err)
		}
	}
	if s.metrics != nil && s.metricsListener == nil {
		if s.metricsListener, err = new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.MetricsListen); err != nil {
			return fmt.Errorf("listen for metrics on %s: %w", s.cfg.MetricsListen, err)
		}
	}
	return nil
}

// Addr is the address that is listened on; nil before Listen.
func (s *Server) Addr() net.Addr { return addr(s.listener) }

// MetricsAddr is the address of the metrics listener; nil where that is off.
func (s *Server) MetricsAddr() net.Addr { return addr(s.metricsListener) }

func addr(l net.Listener) net.Addr {
	if l == nil {
		return nil
	}
	return l.Addr()
}

// Handler is the whole chain without the listener and its limits.
func (s *Server) Handler() http.Handler { return s.chain }

// Serve answers until ctx ends or the listener fails, then stops: no new
// connections, no new uploads on old ones, and Config.StopTimeout for what is
// running. Contexts of requests do not end with ctx, but when that time is over.
// When Serve returns, no handler is running any more, unless one ignored its
// context. It returns nil after a stop without casualties.
func (s *Server) Serve(ctx context.Context) error {
	if err := s.Listen(ctx); err != nil {
		return err
	}
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	main := s.httpServer(requests, s.chain)
	main.ConnState = s.connections.watch
	servers := []*http.Server{main}
	failed := make(chan error, 2)
	go func() { failed <- main.Serve(s.listener) }()
	if s.metrics != nil {
		side := s.httpServer(requests, s.metrics.handler())
		servers = append(servers, side)
		go func() { failed <- side.Serve(s.metricsListener) }()
	}
	var err error
	running := len(servers)
	select {
	case <-ctx.Done():
	case err = <-failed:
		running--
	}
	err = errors.Join(unlessClosed(err), s.stop(requests, cut, servers))
	for range running {
		if last := <-failed; !errors.Is(last, net.ErrClosed) {
			err = errors.Join(err, unlessClosed(last))
		}
	}
	return err
}

// stop lets running requests end, then cuts those that did not. Until then
// requests on connections that exist are still answered, uploads with a refusal:
// http.Server.Shutdown alone would drop them without a word.
func (s *Server) stop(ctx context.Context, cut context.CancelFunc, servers []*http.Server) error {
	s.chain.stopping.Store(true)
	_ = s.listener.Close() // no new connections; it may be closed already
	var errs []error
	if !s.chain.wait(s.cfg.StopTimeout) {
		errs = append(errs, fmt.Errorf("requests were still running after %s: %w", s.cfg.StopTimeout, context.DeadlineExceeded))
	}
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	for _, h := range servers {
		if h.Shutdown(ctx) != nil {
			_ = h.Close() // of the rest, nobody has asked anything
		}
	}
	cut()
	if !s.chain.wait(lastWords) {
		errs = append(errs, errors.New("a request did not end when it was cut off"))
	}
	return errors.Join(errs...)
}

func (s *Server) httpServer(requests context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: s.cfg.HeaderTimeout,
		IdleTimeout:       s.cfg.IdleTimeout,
		MaxHeaderBytes:    s.cfg.MaxHeader,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          slog.NewLogLogger(s.cfg.Logger.Handler(), slog.LevelDebug),
	}
}

func unlessClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
