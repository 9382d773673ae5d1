package upload

import (
	"runtime"

	"vitrine/internal/sched"
)

// scribe reads, digests and writes one body on a thread of its own, in the
// background, while the body's goroutine waits. The zero value is ready, and has
// no thread before the first work.
type scribe struct {
	work chan func()
	done chan any // what f panicked with
}

// do runs f there, and panics if it does.
func (s *scribe) do(f func()) {
	if s.work == nil {
		s.work, s.done = make(chan func()), make(chan any)
		go func() {
			runtime.LockOSThread() // for ever: the thread ends with the goroutine
			sched.Background(0)
			defer close(s.done)
			for f := range s.work {
				s.done <- panicOf(f)
			}
		}()
	}
	s.work <- f
	if p := <-s.done; p != nil {
		panic(p)
	}
}

func panicOf(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}

// end waits for the thread to be given up.
func (s *scribe) end() {
	if s.work != nil {
		close(s.work)
		<-s.done
	}
}
