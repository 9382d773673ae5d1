package account

import (
	"context"
	"fmt"

	"vitrine/internal/db"
)

// PurgeSessions orders Service.PurgeSessions, every hour or so.
type PurgeSessions struct{}

// Kind is the stable name of the job.
func (PurgeSessions) Kind() string { return "purge_sessions" }

// PurgeSessions deletes sessions that are over, and forgets wrong tries that no
// longer count.
func (s *Service) PurgeSessions(ctx context.Context) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.PurgeSessions(ctx, s.clock()); err != nil {
			return err
		}
		return tx.PurgeAttempts(ctx, s.clock())
	})
	if err != nil {
		return fmt.Errorf("purge sessions: %w", err)
	}
	return nil
}
