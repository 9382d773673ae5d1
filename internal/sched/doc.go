// Package sched tells the kernel and the Go runtime who goes first: whoever
// looks at a page, before all the work that uploads make.
//
// It owns the scheduling policy of threads and processes that work in the
// background, and how many processors the runtime is told of. It must not know
// what they work on.
//
// Start reading at Background, then Crowd.
package sched
