package server

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// Server is the listener with its middleware.
type Server struct{ cfg Config }

// New checks the configuration.
func New(c Config) (*Server, error) { return &Server{cfg: c}, nil }

// Listen binds the addresses, so that Addr is known before Serve.
func (s *Server) Listen(ctx context.Context) error { return errors.New("not yet") }

// Addr is the address that is listened on; nil before Listen.
func (s *Server) Addr() net.Addr { return nil }

// MetricsAddr is the address of the metrics listener; nil where that is off.
func (s *Server) MetricsAddr() net.Addr { return nil }

// Handler is the whole chain, for tests without a listener.
func (s *Server) Handler() http.Handler { return s.cfg.Handler }

// Serve answers until ctx ends, then stops gracefully.
func (s *Server) Serve(ctx context.Context) error { return errors.New("not yet") }
