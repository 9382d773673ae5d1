package upload

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"vitrine/internal/vitrine"
)

// admit refuses an actor who may not upload, not this kind of source, or not
// this much. The upload counts for its address from here until done is called,
// which must be as soon as its row is written, or has failed.
func (s *Service) admit(ctx context.Context, req Request, set *vitrine.Settings) (done func(), err error) {
	if err := req.Actor.MayUpload(set); err != nil {
		return nil, err
	}
	switch {
	case req.Source.Spooled == nil && req.Source.URL == "":
		return nil, vitrine.Errorf(vitrine.CodeSourceMissing, "Empty upload source")
	case req.Source.Spooled == nil && (s.c.Fetcher == nil || !req.Actor.MayUploadByURL(set)):
		return nil, vitrine.Errorf(vitrine.CodeURLDisabled, "URL uploading is disabled")
	}
	limits := set.FloodLimits()
	// An admin's own scripts must not lock the admin out.
	if len(limits) == 0 || req.Actor.Admin() || !req.Actor.Address.IsValid() {
		return func() {}, nil
	}
	return s.flood(ctx, req.Actor.Address, limits)
}

// flood counts the uploads of an address against the limits, rows and uploads on
// their way together. Most addresses are far from every limit, which one count
// over the longest window tells.
func (s *Service) flood(ctx context.Context, from netip.Addr, limits []vitrine.FloodLimit) (done func(), err error) {
	ahead, done := s.pending.add(from)
	lowest := slices.MinFunc(limits, func(a, b vitrine.FloodLimit) int { return a.Most - b.Most })
	longest := limits[len(limits)-1]
	// Uploads ahead are read before the rows: one that turns into a row meanwhile
	// is counted twice rather than missed.
	before := ahead()
	n, err := s.floodCount(ctx, from, longest, lowest.Most)
	for i := 0; err == nil && n+before >= lowest.Most && i < len(limits); i++ {
		err = s.floodCheck(ctx, from, limits[i], ahead)
	}
	if err != nil {
		done()
		return nil, err
	}
	return done, nil
}

// floodRecounts bounds how often a count is repeated that uploads on their way
// to the database made doubtful.
const floodRecounts = 10

// floodCheck refuses for one limit. Each count lies between one that misses what
// became a row meanwhile and one that counts it twice; where the two disagree it
// counts again.
func (s *Service) floodCheck(ctx context.Context, from netip.Addr, l vitrine.FloodLimit, ahead func() int) error {
	for range floodRecounts {
		before := ahead()
		n, err := s.floodCount(ctx, from, l, l.Most)
		if err != nil {
			return err
		}
		if n+before < l.Most {
			return nil
		}
		if n+ahead() >= l.Most {
			break
		}
	}
	return l.Exceeded()
}

func (s *Service) floodCount(ctx context.Context, from netip.Addr, l vitrine.FloodLimit, most int) (int, error) {
	n, err := s.c.DB.UploadCount(ctx, from, s.now().Add(-l.Window), most)
	if err != nil {
		return 0, fmt.Errorf("counting uploads: %w", err)
	}
	return n, nil
}

// pending counts uploads that are not in the database yet, so that many at the
// same moment cannot slip below a limit together. It knows this process only.
type pending struct {
	mu sync.Mutex
	n  map[netip.Addr]int
}

// add counts one more until done, which may be called again, is called. ahead
// tells how many of those that came before may still be on their way.
func (p *pending) add(from netip.Addr) (ahead func() int, done func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.n == nil {
		p.n = make(map[netip.Addr]int)
	}
	before := p.n[from]
	p.n[from]++
	ahead = func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return min(before, p.n[from]-1)
	}
	done = sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.n[from]--; p.n[from] == 0 {
			delete(p.n, from)
		}
	})
	return ahead, done
}
