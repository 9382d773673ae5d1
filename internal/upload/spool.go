package upload

import (
	"context"
	"errors"
	"io"

	"vitrine/internal/vitrine"
)

// Spooled is a source on the local disk. Close removes it.
type Spooled struct {
	Size int64  // bytes
	MD5  string // 32 hex digits
}

// Spool writes the source aside.
func (s *Service) Spool(ctx context.Context, r io.Reader, limit vitrine.Size) (*Spooled, error) {
	return nil, errors.New("not yet")
}

// Close removes the source. It is safe to call twice.
func (sp *Spooled) Close() error { return nil }

// CleanSpool removes what a crash left.
func (s *Service) CleanSpool(ctx context.Context) error { return errors.New("not yet") }
