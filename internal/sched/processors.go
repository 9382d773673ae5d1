package sched

import "runtime"

// processors is what the runtime found: those of the machine, or what
// a control group or GOMAXPROCS leaves of them.
var processors = runtime.GOMAXPROCS(0)

// Processors is how many processors this process may keep busy. Unlike
// GOMAXPROCS, Widen does not change it.
func Processors() int { return processors }

// Widen tells the runtime of twice as many processors and two more. A thread
// keeps one of those also while the kernel lets others run in its place or while
// it waits for the disk, and the runtime takes it back after up to 10 ms only;
// meanwhile views need others.
func Widen() { runtime.GOMAXPROCS(2*processors + 2) }
