package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// State is how the jobs of all nodes are.
type State struct {
	Waiting  int       // due, counted up to 1000
	Failing  int       // to be tried again, counted up to 1000
	Oldest   time.Time // since when the first of those waiting is due; zero: none waits
	Longest  time.Time // when the job that runs for longest began; zero: none runs
	LedUntil time.Time // until when a node leads, which enqueues what is on the calendar; zero: none ever did
}

// StuckAfter is when a job that runs counts as lost with its node.
const StuckAfter = rescueAfter

// Look tells how the jobs of all nodes are. It needs no Start.
func (j *Jobs) Look(ctx context.Context) (State, error) {
	d := j.meter.db.ReadSQL()
	seen, err := takeSample(ctx, d)
	if err != nil {
		return State{}, fmt.Errorf("look at jobs: %w", err)
	}
	s := State{Waiting: seen.states["available"], Failing: seen.states["retryable"], Oldest: seen.oldest}
	for at, text := range map[*time.Time]string{
		&s.Longest:  "SELECT attempted_at FROM river_job WHERE state = 'running' AND attempted_at IS NOT NULL ORDER BY attempted_at LIMIT 1",
		&s.LedUntil: "SELECT expires_at FROM river_leader ORDER BY expires_at DESC LIMIT 1",
	} {
		if err := d.QueryRowContext(ctx, text).Scan(at); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return State{}, fmt.Errorf("look at jobs: %w", err)
		}
	}
	return s, nil
}
