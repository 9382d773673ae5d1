package upload

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vitrine/internal/db"
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
// duplicate. The lock is this process's: of two that reach two nodes, record finds
// out, before it writes the row of the second.
func (s *Service) onlyOne(ctx context.Context, req Request, set *vitrine.Settings, src *received) (unlock func(), err error) {
	if !checksDuplicates(req, set) {
		return func() {}, nil
	}
	return s.digests.lock(ctx, src.MD5+" "+req.Actor.Address.String())
}

// seen says which earlier uploads matter, and the newest of them that was found not to
// be in the way: it had expired, or was asked for in another width. nil: none matter.
type seen struct {
	db.Seen
	known int64
}

// sees says which earlier uploads of the same bytes matter to this one.
func sees(req Request, set *vitrine.Settings, src *received) *seen {
	if !checksDuplicates(req, set) {
		return nil
	}
	s := &seen{Seen: db.Seen{MD5: src.MD5, Since: src.at.Add(-duplicateWindow)}}
	if set.OnDuplicate == vitrine.DuplicateExisting {
		s.OwnerID = req.Actor.UserID()
	}
	if !req.Actor.Admin() {
		s.From = req.Actor.Address
	}
	return s
}

// duplicate looks for an earlier upload of the same bytes. It returns the
// owner's own earlier file where the site answers with it, CodeDuplicate where
// the bytes came from this address within a day, and nil otherwise.
func (s *Service) duplicate(ctx context.Context, req Request, src *received, before *seen) (*vitrine.File, error) {
	if before == nil {
		return nil, nil
	}
	before.known = 0
	if before.OwnerID != 0 {
		f, err := s.c.DB.FileOfOwnerByDigest(ctx, before.MD5, before.OwnerID)
		if err != nil {
			return nil, fmt.Errorf("looking for the owner's earlier upload: %w", err)
		}
		if f != nil && !f.Expired(src.at) && (req.Width == 0 || req.Width == f.Width) {
			return f, nil
		}
		if f != nil {
			before.known = f.ID
		}
	}
	if !before.From.IsValid() {
		return nil, nil
	}
	f, err := s.c.DB.FileByDigest(ctx, before.MD5, before.From, before.Since)
	if err != nil {
		return nil, fmt.Errorf("looking for an earlier upload: %w", err)
	}
	if f != nil && !f.Expired(src.at) {
		return nil, duplicated(req.Actor, f)
	}
	if f != nil {
		before.known = max(before.known, f.ID)
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

// errSeen says that the same bytes were recorded since duplicate looked for them.
var errSeen = errors.New("the same bytes were recorded meanwhile")

// alone makes the transaction the only one on all nodes that records these bytes, until
// it ends. look, after the row was written, returns errSeen if another row of the same
// bytes has come. It costs two short questions where several nodes share a database and
// nothing elsewhere.
func (b *seen) alone(ctx context.Context, tx *db.Tx) (look func(own int64) error, err error) {
	nothing := func(int64) error { return nil }
	if b == nil {
		return nothing, nil
	}
	shared, err := tx.LockDigest(ctx, b.MD5)
	if err != nil || !shared {
		return nothing, err
	}
	return func(own int64) error {
		id, err := tx.NewestSeen(ctx, b.Seen, own)
		if err == nil && id != 0 && id != b.known {
			err = errSeen
		}
		return err
	}, nil
}
