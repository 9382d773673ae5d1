package account

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// limit is how many wrong tries there may be under a key within a window that
// the first one opens.
type limit struct {
	key    string
	most   int
	window time.Duration
}

// signInLimits hold for a name tried from an address, and for all names tried
// from there. There is none for a name alone: it would let strangers lock others
// out. IPv6 addresses count by their /64, which is what one customer gets.
func signInLimits(name string, from netip.Addr) []limit {
	from = from.Unmap().WithZone("")
	if from.Is6() {
		if p, err := from.Prefix(64); err == nil {
			from = p.Addr()
		}
	}
	return []limit{
		{attemptKey("name", strings.ToLower(name), from.String()), 10, 15 * time.Minute},
		{attemptKey("address", from.String()), 50, time.Hour},
	}
}

// passwordLimits hold for tries of the old password when a user changes it: who
// holds a stolen session must not learn the password.
func passwordLimits(userID int64) []limit {
	return []limit{{attemptKey("password", strconv.FormatInt(userID, 10)), 10, 15 * time.Minute}}
}

// attemptKey is a digest: the table need not tell who tried what.
func attemptKey(kind string, parts ...string) string {
	sum := digest(strings.Join(parts, "\x00"))
	return "signin:" + kind + ":" + hex.EncodeToString(sum[:16])
}

// refuseFlood refuses with CodeFlood once one of the limits is reached.
func (s *Service) refuseFlood(ctx context.Context, limits []limit) error {
	now := s.clock()
	for _, l := range limits {
		n, ends, err := s.db.Attempts(ctx, l.key, now)
		if err != nil {
			return fmt.Errorf("read attempts: %w", err)
		}
		if n >= l.most {
			wait := int(math.Ceil(ends.Sub(now).Seconds()))
			return &vitrine.Error{Code: vitrine.CodeFlood, Field: "sign_in", Message: "Too many wrong tries: please wait a while", RetryAfter: max(wait, 1)}
		}
	}
	return nil
}

// countAttempt counts a wrong try.
func (s *Service) countAttempt(ctx context.Context, limits []limit) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, l := range limits {
			if _, _, err := tx.CountAttempt(ctx, l.key, s.clock(), l.window); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("count an attempt: %w", err)
	}
	return nil
}
