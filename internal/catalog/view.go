package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

const (
	viewFlush = 2 * time.Second // between two writes of views
	viewBatch = 500             // files or albums whose views one transaction adds
	lastFlush = 5 * time.Second // for what is left at the end
)

// CountView counts that a visitor looked at a file: once an hour for the same
// address and browser, never for the owner or a robot. It only remembers; Run
// writes. agent is the browser's User-Agent.
func (s *Service) CountView(actor vitrine.Actor, f *vitrine.File, agent string) {
	if !actor.Owns(f.OwnerID) && !robot(agent) {
		s.views.count(viewed{id: f.ID}, actor.Address, agent, s.c.Clock())
	}
}

// CountAlbumView is CountView for an album.
func (s *Service) CountAlbumView(actor vitrine.Actor, a *vitrine.Album, agent string) {
	if !actor.Owns(a.OwnerID) && !robot(agent) {
		s.views.count(viewed{id: a.ID, album: true}, actor.Address, agent, s.c.Clock())
	}
}

// Run writes counted views every few seconds until ctx ends, and then what is
// left. While the database fails it keeps them, up to a bound, and tries again.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(viewFlush)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-tick.C:
			err := s.flushViews(ctx)
			if err != nil && !failing && ctx.Err() == nil {
				s.c.Logger.WarnContext(ctx, "views not written, trying again", "err", err)
			}
			failing = err != nil
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
			defer cancel()
			if err := s.flushViews(last); err != nil {
				return fmt.Errorf("writing the last views: %w", err)
			}
			return nil
		}
	}
}

// flushViews writes what has been counted. What could not be written is counted
// again.
func (s *Service) flushViews(ctx context.Context) error {
	waiting, at := s.views.take(), s.c.Clock()
	seen := slices.SortedFunc(maps.Keys(waiting), func(a, b viewed) int { return cmp.Compare(a.id, b.id) })
	for batch := range slices.Chunk(seen, viewBatch) {
		files, albums := make(map[int64]int64), make(map[int64]int64)
		for _, v := range batch {
			if v.album {
				albums[v.id] = waiting[v]
			} else {
				files[v.id] = waiting[v]
			}
		}
		err := s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.AddViews(ctx, files, albums, at) })
		if err != nil {
			s.views.giveBack(waiting)
			return err
		}
		for _, v := range batch {
			delete(waiting, v)
		}
	}
	return nil
}
