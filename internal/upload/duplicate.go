package upload

import (
	"context"
	"fmt"
	"time"

	"vitrine/internal/vitrine"
)

// duplicateWindow is how long bytes from one address count as seen.
const duplicateWindow = 24 * time.Hour

// checksDuplicates reports whether it matters for this upload that its bytes
// were seen before. Admins are never refused for it, but get their own earlier
// file where the site answers with those.
func checksDuplicates(req Request, set *vitrine.Settings) bool {
	switch set.OnDuplicate {
	case vitrine.DuplicateExisting:
		return true
	case vitrine.DuplicateError:
		return !req.Actor.Admin()
	}
	return false
}

// onlyOne holds back other uploads of the same bytes from the same address until
// unlock is called, so that of two at the same moment at most one passes
// duplicate. The lock is this process's: two that reach two nodes within the
// time that one upload takes both pass.
func (s *Service) onlyOne(ctx context.Context, req Request, set *vitrine.Settings, src *received) (unlock func(), err error) {
	if !checksDuplicates(req, set) {
		return func() {}, nil
	}
	return s.digests.lock(ctx, src.MD5+" "+req.Actor.Address.String())
}

// duplicate looks for an earlier upload of the same bytes. It returns the
// owner's own earlier file where the site answers with it, CodeDuplicate where
// the bytes came from this address within a day, and nil otherwise.
func (s *Service) duplicate(ctx context.Context, req Request, set *vitrine.Settings, src *received) (*vitrine.File, error) {
	if !checksDuplicates(req, set) {
		return nil, nil
	}
	if set.OnDuplicate == vitrine.DuplicateExisting && !req.Actor.Guest() {
		f, err := s.c.DB.FileOfOwnerByDigest(ctx, src.MD5, req.Actor.UserID())
		if err != nil {
			return nil, fmt.Errorf("looking for the owner's earlier upload: %w", err)
		}
		if f != nil && !f.Expired(src.at) && (req.Width == 0 || req.Width == f.Width) {
			return f, nil
		}
	}
	if req.Actor.Admin() || !req.Actor.Address.IsValid() {
		return nil, nil
	}
	f, err := s.c.DB.FileByDigest(ctx, src.MD5, req.Actor.Address, src.at.Add(-duplicateWindow))
	if err != nil {
		return nil, fmt.Errorf("looking for an earlier upload: %w", err)
	}
	if f != nil && !f.Expired(src.at) {
		return nil, duplicated(req.Actor, f)
	}
	return nil, nil
}

// duplicated is the refusal. It names the earlier file to its owner, and to
// others if it may be found by anybody.
func duplicated(actor vitrine.Actor, f *vitrine.File) error {
	e := vitrine.Errorf(vitrine.CodeDuplicate, "Duplicated upload")
	if actor.Owns(f.OwnerID) || f.Listed() {
		e.Field, e.Facts = "known", vitrine.Facts{"Slug": string(f.Slug)}
	}
	return e
}
