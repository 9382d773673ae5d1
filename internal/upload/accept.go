package upload

import (
	"context"
	"errors"
)

// Service takes uploads in. It is safe for many goroutines.
type Service struct{ c Config }

// New checks the configuration and makes the spool folder.
func New(c Config) (*Service, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &Service{c: c.withDefaults()}, nil
}

// Accept takes one file in.
func (s *Service) Accept(ctx context.Context, req Request) (*Result, error) {
	return nil, errors.New("not yet")
}
