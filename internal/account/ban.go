package account

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// AddBan keeps an address ("192.0.2.7"), a prefix ("192.0.2.0/24") or a pattern
// ("192.0.2.*") out until it expires; the zero time means for ever. A ban of the
// same prefix is replaced. The message is shown to the banned; empty means the
// usual text, up to 500 characters.
func (s *Service) AddBan(ctx context.Context, address, message string, expires time.Time) (*vitrine.Ban, error) {
	prefix, err := vitrine.ParseBan(address)
	if err != nil {
		return nil, err
	}
	message = strings.TrimSpace(message)
	if utf8.RuneCountInString(message) > 500 || !utf8.ValidString(message) {
		return nil, vitrine.Invalid("message", "Invalid message: use up to 500 characters")
	}
	now := s.clock().UTC()
	if !expires.IsZero() && !expires.After(now) {
		return nil, vitrine.Invalid("expires", "Invalid expiration: a ban must end in the future")
	}
	b := &vitrine.Ban{Prefix: prefix, Message: message, ExpiresAt: expires, CreatedAt: now}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.CreateBan(ctx, b) })
	s.forgetBans()
	if err != nil {
		return nil, err
	}
	return b, nil
}

// RemoveBan lets an address, prefix or pattern in again. CodeNotFound if exactly
// this one is not banned.
func (s *Service) RemoveBan(ctx context.Context, address string) error {
	prefix, err := vitrine.ParseBan(address)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteBan(ctx, prefix) })
	s.forgetBans()
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return vitrine.Errorf(vitrine.CodeNotFound, "No such ban: %s ('vitrine ban list' shows them)", prefix)
	}
	return err
}

// Bans lists all bans, also those that have expired.
func (s *Service) Bans(ctx context.Context) ([]vitrine.Ban, error) { return s.db.Bans(ctx) }

// Banned is the ban that keeps this address out, nil if none does. Bans made by
// other processes count within RevocationDelay. While the database does not
// answer, the last known bans stay.
func (s *Service) Banned(ctx context.Context, a netip.Addr) *vitrine.Ban {
	now := s.clock()
	return s.currentBans(ctx, now).match(a.Unmap().WithZone(""), now)
}

// currentBans is a list that is not older than RevocationDelay. One caller reads
// a new one while the others go on with the old.
func (s *Service) currentBans(ctx context.Context, now time.Time) *banList {
	list := s.bans.Load()
	if list.fresh(now) {
		return list
	}
	if list == nil {
		s.refreshing.Lock() // nothing to go on with
	} else if !s.refreshing.TryLock() {
		return list
	}
	defer s.refreshing.Unlock()
	if other := s.bans.Load(); other.fresh(now) {
		return other
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), RevocationDelay)
	defer cancel()
	bans, err := s.db.Bans(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "bans not refreshed", "err", err)
		if list == nil {
			return newBanList(nil, now)
		}
		next := *list
		next.read = now // ask again after a pause, not on every request
		s.bans.Store(&next)
		return &next
	}
	list = newBanList(bans, now)
	s.bans.Store(list)
	return list
}

// forgetBans makes the next look at the bans read them again. Whoever is reading
// them now may have read them before the change, and is waited for.
func (s *Service) forgetBans() {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	s.bans.Store(nil)
}

// banList finds the bans of an address with one look-up per prefix length in
// use, however many bans there are.
type banList struct {
	read    time.Time
	lengths [2][]int // IPv4, IPv6
	bans    map[netip.Prefix]vitrine.Ban
}

func newBanList(bans []vitrine.Ban, read time.Time) *banList {
	l := &banList{read: read, bans: make(map[netip.Prefix]vitrine.Ban, len(bans))}
	for _, b := range bans {
		p := b.Prefix.Masked()
		l.bans[p] = b
		if f := family(p.Addr()); !slices.Contains(l.lengths[f], p.Bits()) {
			l.lengths[f] = append(l.lengths[f], p.Bits())
		}
	}
	return l
}

func (l *banList) fresh(now time.Time) bool {
	return l != nil && now.Sub(l.read) < RevocationDelay && !now.Before(l.read)
}

// match expects an address that is not IPv4-mapped and has no zone.
func (l *banList) match(a netip.Addr, now time.Time) *vitrine.Ban {
	if !a.IsValid() {
		return nil
	}
	for _, bits := range l.lengths[family(a)] {
		p, err := a.Prefix(bits)
		if err != nil {
			continue
		}
		if b, ok := l.bans[p]; ok && b.Matches(a, now) {
			return &b
		}
	}
	return nil
}

func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}
