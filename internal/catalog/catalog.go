package catalog

import (
	"context"
	"fmt"
	"sync"

	"vitrine/internal/vitrine"
)

// Service finds, lists, serves, changes and deletes. It is safe for many
// goroutines.
type Service struct {
	c        Config
	cache    *cache
	warm     *warm
	meter    *meter
	views    *views
	removing sync.Mutex // one RemoveObjects at a time in this process
}

// New makes a Service. It panics if the configuration names no database,
// storages or settings: Validate tells before.
func New(c Config) *Service {
	if err := c.Validate(); err != nil {
		panic(err)
	}
	return &Service{c: c.withDefaults(), cache: newCache(), warm: newWarm(), meter: newMeter(), views: newViews()}
}

// Close ends the housekeeping of the caches. The Service may not be used after.
func (s *Service) Close() error {
	s.cache.close()
	s.warm.close()
	return nil
}

// File finds a file by its slug. A file that has expired, or that the actor may
// not see, gives the same CodeNotFound as one that never was.
func (s *Service) File(ctx context.Context, actor vitrine.Actor, slug vitrine.Slug) (*vitrine.File, error) {
	f, err := s.c.DB.FileBySlug(ctx, slug)
	if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && !s.visible(actor, f) {
		return nil, noFile()
	}
	if err != nil {
		return nil, fmt.Errorf("finding a file: %w", err)
	}
	return f, nil
}

// visible decides for one actor at this instant.
func (s *Service) visible(actor vitrine.Actor, f *vitrine.File) bool {
	if f.Expired(s.c.Clock()) {
		return false
	}
	if !f.Approved && !actor.MayChange(f.OwnerID) {
		return false // waits for a moderator
	}
	return actor.MaySee(f.Privacy, f.OwnerID, f.Pass)
}

// noFile is the one answer for everything that is not there for the actor.
func noFile() error { return vitrine.NotFound("file") }
