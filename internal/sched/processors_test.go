package sched

import (
	"runtime"
	"testing"
)

// TestWiden changes what the whole process is told, and puts it back.
func TestWiden(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	Widen()
	if got, want := runtime.GOMAXPROCS(0), 2*Processors()+2; got != want {
		t.Errorf("GOMAXPROCS is %d, want %d", got, want)
	}
	if Processors() != before {
		t.Errorf("Processors is %d, want %d as before", Processors(), before)
	}
}
