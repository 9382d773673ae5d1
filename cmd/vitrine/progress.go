package main

import (
	"fmt"
	"os"
	"time"
)

const (
	// progressEvery is how often a terminal is told how far it is, logEvery who reads it later.
	progressEvery = 300 * time.Millisecond
	logEvery      = 10 * time.Second
)

// progress is one line on a terminal that says how far it is, or a line now and then
// where nobody sees it at once. It belongs to one goroutine at a time.
type progress struct {
	t        *terminal
	live     bool
	started  time.Time
	shown    time.Time
	standing bool // the line is on the terminal
}

func newProgress(t *terminal) *progress {
	f, ok := t.err.(*os.File)
	if ok {
		info, err := f.Stat()
		ok = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	now := time.Now()
	return &progress{t: t, live: ok, started: now, shown: now}
}

// show writes the text, which is made of the time since the start, if it is time to.
func (p *progress) show(text func(took time.Duration) string) {
	now, every := time.Now(), logEvery
	if p.live {
		every = progressEvery
	}
	if now.Sub(p.shown) < every {
		return
	}
	p.shown = now
	if p.live {
		fmt.Fprintf(p.t.err, "\r\x1b[K%s", text(now.Sub(p.started)))
		p.standing = true
		return
	}
	fmt.Fprintln(p.t.err, text(now.Sub(p.started)))
}

// clear takes the line off the terminal.
func (p *progress) clear() {
	if p.standing {
		fmt.Fprint(p.t.err, "\r\x1b[K")
		p.standing = false
	}
}
