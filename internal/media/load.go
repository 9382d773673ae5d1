package media

import "time"

// Load is what decoders, and ffmpeg in their place, have to do.
type Load struct {
	Running int   // jobs that run
	Waiting int   // jobs that wait for a decoder, or for memory
	Taken   int64 // estimated bytes of the jobs that run
	// The most of what runs: decoders, one fewer while there are many views, and the
	// bytes of all their jobs.
	MostRunning int
	MostTaken   int64
}

// Load tells what decoders have to do at this moment.
func (s *Service) Load() Load {
	p := s.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	most := cap(p.slots) + cap(p.rest)
	if p.audience.many(time.Now()) {
		most = cap(p.slots)
	}
	return Load{Running: p.running, Waiting: p.waiting, Taken: p.taken, MostRunning: most, MostTaken: p.cfg.Budget}
}
