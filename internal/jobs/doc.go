// Package jobs is durable work: enqueue it in the transaction of a deed, register who
// handles it, put it on the calendar. Any node runs any job.
//
// A job is a small struct of ids with a stable kind. It may run twice, or long after it
// was enqueued, so its handler reads the state of the world from rows. A handler that
// returns an error or panics is tried again later, ever more seldom; a periodic job
// gives up after a few tries, since its next turn comes anyway.
//
// The room knows River and its tables, and no kind of job: the deeds bring kinds and
// handlers, app registers them. It polls: the same code works on both engines and
// behind connection poolers.
//
// Start reading at jobs.go, then periodic.go.
package jobs
