package settings

import (
	"context"
	"time"
)

// Run follows changes that other nodes make until ctx ends, and then returns
// nil. While the database does not answer, the last known settings stay.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(s.refresh)
	defer tick.Stop()
	silent := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := s.follow(ctx)
		if err != nil && ctx.Err() == nil && !silent {
			s.log.WarnContext(ctx, "settings not refreshed", "err", err)
		}
		silent = err != nil
	}
}

// follow reads the rows again if their version has changed.
func (s *Service) follow(ctx context.Context) error {
	version, err := s.db.SettingsVersion(ctx)
	if err != nil || version == s.now.Load().version {
		return err
	}
	s.change.Lock()
	defer s.change.Unlock()
	_, err = s.load(ctx)
	return err
}
