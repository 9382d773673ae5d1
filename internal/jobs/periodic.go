package jobs

import (
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// periodicAttempts is how often one turn of a periodic job is tried.
const periodicAttempts = 3

// Every enqueues args once in every span of length d, on one of all nodes; before
// Start. Turns come at multiples of d since midnight UTC, so that restarts neither
// shift nor skip them. With atStart the current span's turn comes as soon as a node is
// up, unless it has already been taken. For d under a second turns may come twice.
func (j *Jobs) Every(d time.Duration, args Args, atStart bool) {
	if d <= 0 {
		j.errs = append(j.errs, fmt.Errorf("period %v of job %q is not positive", d, args.Kind()))
		return
	}
	opts := &river.InsertOpts{MaxAttempts: periodicAttempts}
	if d >= time.Second {
		// The leader among the nodes enqueues; this holds when the leader changes.
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByPeriod: d}
	}
	_, err := j.client.PeriodicJobs().AddSafely(river.NewPeriodicJob(turns(d),
		func() (river.JobArgs, *river.InsertOpts) { return args, opts },
		&river.PeriodicJobOpts{RunOnStart: atStart}))
	if err != nil {
		j.errs = append(j.errs, err)
	}
}

// turns is a schedule whose instants all nodes agree on.
type turns time.Duration

// Next implements river.PeriodicSchedule.
func (t turns) Next(now time.Time) time.Time {
	d := time.Duration(t)
	return now.Truncate(d).Add(d)
}
