package jobs

import "context"

// Running is the job that a handler was called for.
type Running struct {
	ID   int64 // of its row
	Kind string
}

type runningKey struct{}

// RunningOf is the job whose handler got the context, for the log; ok is false
// outside of jobs.
func RunningOf(ctx context.Context) (r Running, ok bool) {
	r, ok = ctx.Value(runningKey{}).(Running)
	return r, ok
}
