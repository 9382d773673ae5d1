package upload

import (
	"context"
	"io"
	"time"

	"vitrine/internal/vitrine"
)

// Arrival is what a door knows of an upload as soon as its head is there.
type Arrival struct {
	Actor vitrine.Actor // with address, and with account as far as that is known
	Size  int64         // bytes of the body as announced; not above 0: unknown
}

// Enter is for doors, before they read a body. It returns CodeBusy, with the
// time after which to try again, while there is no place for another upload, and
// CodeNoSpace if the disk of the spool could not take this one. Otherwise the
// upload will be waited for; the place must be given back by Leave.
func (s *Service) Enter(a Arrival) (*Ticket, error) {
	if err := s.room.look(a.Size); err != nil {
		return nil, s.noRoom(err, 0)
	}
	t, err := s.queue.enter(sourceOf(a.Actor))
	if err != nil {
		return nil, err
	}
	t.service = s
	return t, nil
}

// Spool is Service.Spool for the upload that the ticket is for.
func (t *Ticket) Spool(ctx context.Context, r io.Reader, limit vitrine.Size) (*Spooled, error) {
	sp, err := t.service.Spool(ctx, r, limit)
	if vitrine.Is(err, vitrine.CodeNoSpace) {
		err = t.service.noRoom(err, 1)
	}
	if err != nil { // Accept will not hear of it
		t.service.meter.end(&measured{kind: unknownKind}, nil, err)
	}
	return sp, err
}

// noRoom turns the refusal of a full disk into one to come back later where that
// is because of other uploads on their way, of which mine are not.
func (s *Service) noRoom(full error, mine int) error {
	if q := s.Queue(); q.Receiving+q.Waiting+q.Running <= mine {
		return full
	}
	return &vitrine.Error{
		Code: vitrine.CodeBusy, Message: "There is no room for more uploads at the moment, please try again in a minute", Err: full,
		RetryAfter: s.queue.retryAfter(30 * time.Second),
	}
}

// Queue is how much is on its way in.
type Queue struct {
	Receiving int // bodies that are being received or fetched
	Waiting   int // uploads that wait for their turn
	Running   int // uploads that are inspected, rendered, stored or recorded
	// Wait is how long the next upload would have to wait, as far as can be told.
	Wait    time.Duration
	Refused uint64 // uploads refused with CodeBusy since the start, because too many were there
	// The most of each.
	MostReceiving, MostWaiting, MostRunning int
}

// Queue tells how much is on its way in at this moment.
func (s *Service) Queue() Queue {
	q := s.queue
	q.mu.Lock()
	state := Queue{
		Receiving: q.arriving, Refused: q.refused,
		MostReceiving: q.receiving, MostWaiting: q.waiting, MostRunning: q.active,
	}
	ahead := q.queued
	q.mu.Unlock()
	state.Wait = q.turns.wait(ahead)
	state.Running, state.Waiting = q.turns.count()
	return state
}
