package upload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// Service takes uploads in. It is safe for many goroutines.
type Service struct {
	c       Config
	started time.Time // of the file system's clock: what is older in the spool is not ours
	folders folders
	pending pending
	meter   *meter
	queue   *queue
	room    room
	hands   hands
	digests locks // of bytes and address: see onlyOne
	names   locks // of folder and name: see keepAs
}

// New checks the configuration and makes the spool folder.
func New(c Config) (*Service, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	if err := os.MkdirAll(c.Spool, 0o700); err != nil {
		return nil, fmt.Errorf("making the spool folder: %w", err)
	}
	return &Service{
		c: c, started: time.Now(), meter: newMeter(), queue: newQueue(c), room: room{folder: c.Spool}, hands: newHands(),
		folders: folders{root: c.Spool, random: c.Random},
	}, nil
}

// Accept takes one file in and closes the spooled source. When it returns a
// Result, bytes and row are durable; when it returns an error, nothing is left
// in spool, storage or database. A context that ends before the row is written
// ends the upload; one that ends later does not.
//
// A request without a Ticket, which doors get before they read a body, is
// refused with CodeBusy while there is no place for it.
//
// Refusals are vitrine.Errors with the codes of the room that knew the reason.
func (s *Service) Accept(ctx context.Context, req Request) (*Result, error) {
	u := &measured{start: time.Now(), kind: unknownKind}
	res, err := s.accept(ctx, req, u)
	s.meter.end(u, res, err)
	return res, err
}

func (s *Service) accept(ctx context.Context, req Request, u *measured) (*Result, error) {
	defer s.close(ctx, req.Source.Spooled)
	req.Actor.Address = req.Actor.Address.Unmap() // one client, one address
	set := s.c.Settings.Current()
	if req.Ticket == nil {
		ticket, err := s.Enter(Arrival{Actor: req.Actor})
		if err != nil {
			return nil, err
		}
		defer ticket.Leave()
		req.Ticket = ticket
	}

	counted, err := s.admit(ctx, req, set)
	if err != nil {
		return nil, err
	}
	defer counted()
	src, err := s.receive(ctx, req, set)
	if err != nil {
		return nil, err
	}
	defer s.close(ctx, src.Spooled)
	u.size = src.Size
	req.Ticket.arrive()
	unlock, err := s.onlyOne(ctx, req, set, src)
	if err != nil {
		return nil, err
	}
	defer unlock()
	waiting := time.Now()
	leave, err := s.queue.turns.take(ctx, req.Ticket.source)
	s.meter.since(stepWait, waiting)
	if err != nil {
		return nil, err
	}
	defer leave()

	seen, err := s.inspect(ctx, req, set, src)
	if err != nil {
		return nil, err
	}
	u.see(seen)
	if req.Shrink && req.Width > seen.Width {
		req.Width = 0
	}
	d, err := s.describe(ctx, req, set, src, seen)
	if err != nil {
		return nil, err
	}
	before := sees(req, set, src)
	earlier, err := s.duplicate(ctx, req, src, before)
	if err != nil {
		return nil, err
	}
	if earlier != nil {
		return &Result{File: earlier, Existing: true, Warnings: d.warnings}, nil
	}
	made, err := s.render(ctx, req, set, src, seen, d)
	if err != nil {
		return nil, err
	}
	defer counted() // now, not when the spool is clean
	for {
		res, err := s.keep(ctx, set, d, made, before)
		if !errors.Is(err, errSeen) {
			return res, err
		}
		// Another node was faster, which tells how this upload ends.
		earlier, err := s.duplicate(ctx, req, src, before)
		if err != nil {
			return nil, err
		}
		if earlier != nil {
			return &Result{File: earlier, Existing: true, Warnings: d.warnings}, nil
		}
	}
}

// keepTries bounds how many names are tried for one file.
const keepTries = 10

// keep places the bytes and then records the row, under the first name that is
// free in both.
func (s *Service) keep(ctx context.Context, set *vitrine.Settings, d *draft, made *vitrine.Rendition, before *seen) (*Result, error) {
	names := naming{mode: set.UploadNaming, base: d.base, random: s.c.Random}
	res := &Result{Warnings: d.warnings}
	var tokenHash []byte
	res.DeleteToken, tokenHash = s.newToken()
	var err error
	for attempt := range keepTries {
		f := d.file
		f.Slug = vitrine.NewSlug(s.c.Random)
		f.Name = names.candidate(attempt, f.Slug)
		if err = s.keepAs(ctx, &f, made, tokenHash, before); err == nil {
			res.File = &f
			return res, nil
		}
		if !vitrine.Is(err, vitrine.CodeConflict) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("no free name in %d tries: %w", keepTries, err)
}

// keepAs places and records the file under its name, and returns CodeConflict if
// somebody else has the name or the slug. After an error nothing is left.
func (s *Service) keepAs(ctx context.Context, f *vitrine.File, made *vitrine.Rendition, tokenHash []byte, before *seen) error {
	// Of many uploads of one name at the same moment, one tries that name and
	// the others spare themselves the way to the storage.
	unlock, other := s.names.try(f.Folder + "/" + f.Name)
	if other != nil {
		return storage.ErrExists
	}
	defer unlock()
	taken, err := s.c.DB.NameTaken(ctx, f.Folder, f.Name, f.Extension, f.VariantExtension())
	if err != nil {
		return fmt.Errorf("looking for a free name: %w", err)
	}
	if taken {
		return storage.ErrExists
	}
	objects := objectsOf(f, made)
	store, free, err := s.placeSomewhere(ctx, f, objects)
	if err != nil {
		return err
	}
	defer free()
	err = s.record(ctx, f, tokenHash, before)
	if err != nil && !errors.Is(err, errUnknown) {
		s.takeBack(ctx, store, objects, err)
	}
	return err
}

// close removes a spooled source; what cannot be removed now is removed by
// CleanSpool.
func (s *Service) close(ctx context.Context, sp *Spooled) {
	if err := sp.Close(); err != nil {
		s.c.Logger.WarnContext(ctx, "spooled source not removed", "err", err)
	}
}
