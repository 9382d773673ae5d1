package sched

import "runtime"

// processors is what the runtime found: those of the machine, or what
// a control group or GOMAXPROCS leaves of them.
var processors = runtime.GOMAXPROCS(0)

// Processors is how many processors this process may keep busy. Unlike
// GOMAXPROCS, Crowd does not change it.
func Processors() int { return processors }
