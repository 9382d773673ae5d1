package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vitrine/internal/vitrine"
)

// Part is something that the server needs.
type Part struct {
	Name  string // for people, such as "database"; no address
	Vital bool   // without it nothing of use can be answered
	// Check says what is wrong. It is called by one goroutine at a time, and given up
	// after 3 seconds even if it does not mind its context.
	Check func(context.Context) error
}

// readyFor is how long an answer about parts is good, and readyTimeout how long it
// may take.
const (
	readyFor     = time.Second
	readyTimeout = 3 * time.Second
)

// What /readyz says.
const (
	statusOK       = "ok"
	statusDegraded = "degraded" // something is missing, but answers can be given
	statusDown     = "down"
	statusStopping = "stopping"
)

// errSilent is the state of a part that does not answer in time.
var errSilent = errors.New("no answer in time")

// health answers /livez and /readyz.
type health struct {
	parts    []*watchedPart
	stopping *atomic.Bool
	log      *slog.Logger

	mu    sync.Mutex // held while asking: those who come meanwhile share the answer
	asked time.Time
	said  string // status that the log has
}

// watchedPart is a part with what was last found.
type watchedPart struct {
	Part
	pending chan error // of a Check that runs; nil: none does
	err     error
}

func newHealth(c Config, stopping *atomic.Bool) *health {
	h := &health{stopping: stopping, log: c.Logger, said: statusOK}
	if c.Ready != nil {
		h.parts = append(h.parts, &watchedPart{Part: Part{Name: "database or storage", Vital: true, Check: c.Ready}})
	}
	for _, p := range c.Parts {
		h.parts = append(h.parts, &watchedPart{Part: p})
	}
	return h
}

// report is the answer of /readyz for programs.
type report struct {
	Status string       `json:"status"`
	Parts  []partReport `json:"parts,omitempty"`
}

type partReport struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Text string `json:"text,omitempty"`
}

// serve answers if the request is one about health.
func (h *health) serve(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case "/livez":
		r.Pattern = "/livez"
		h.write(w, r, report{Status: statusOK})
	case "/readyz":
		r.Pattern = "/readyz"
		if h.stopping.Load() {
			h.write(w, r, report{Status: statusStopping})
		} else {
			h.write(w, r, h.ask(r.Context()))
		}
	default:
		return false
	}
	return true
}

// ask asks all parts, once a second at most.
func (h *health) ask(ctx context.Context) report {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asked.IsZero() || time.Since(h.asked) >= readyFor {
		// The answer is for others too, so it must not depend on this client's patience.
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
		var all sync.WaitGroup
		for _, p := range h.parts {
			all.Go(func() { p.err = p.ask(patience) })
		}
		all.Wait()
		cancel()
		h.asked = time.Now()
		h.tell(ctx)
	}
	return h.report()
}

// ask runs the check, or waits for one that still runs. One that minds no context, as
// of a disk that hangs, is left alone and looked at again the next time.
func (p *watchedPart) ask(ctx context.Context) error {
	if p.pending == nil {
		done := make(chan error, 1)
		p.pending = done
		go func() { done <- p.Check(ctx) }()
	}
	select {
	case err := <-p.pending:
		p.pending = nil
		return err
	case <-ctx.Done():
	}
	select { // it may have noticed the end of its context just now
	case err := <-p.pending:
		p.pending = nil
		return errors.Join(errSilent, err)
	case <-time.After(50 * time.Millisecond):
		return errSilent
	}
}

// report says what was last found.
func (h *health) report() report {
	r := report{Status: statusOK}
	for _, p := range h.parts {
		part := partReport{Name: p.Name, OK: p.err == nil}
		if p.err != nil {
			part.Text = plainWords(p.err)
			if p.Vital {
				r.Status = statusDown
			} else if r.Status == statusOK {
				r.Status = statusDegraded
			}
		}
		r.Parts = append(r.Parts, part)
	}
	return r
}

// tell logs a change of the status, with the causes that strangers are not told.
func (h *health) tell(ctx context.Context) {
	status := h.report().Status
	if status == h.said {
		return
	}
	h.said = status
	if status == statusOK {
		h.log.InfoContext(ctx, "ready again")
		return
	}
	message := "degraded"
	if status == statusDown {
		message = "not ready"
	}
	for _, p := range h.parts {
		if p.err != nil {
			h.log.WarnContext(ctx, message, slog.String("part", p.Name), slog.Any("err", p.err))
		}
	}
}

func (h *health) write(w http.ResponseWriter, r *http.Request, rep report) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		plain(w, http.StatusMethodNotAllowed, "use GET")
		return
	}
	status := http.StatusOK
	if rep.Status == statusDown || rep.Status == statusStopping {
		status = http.StatusServiceUnavailable
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		if body, err := json.Marshal(rep); err == nil {
			header.Set("Content-Type", "application/json")
			header.Set("X-Content-Type-Options", "nosniff")
			w.WriteHeader(status)
			_, _ = w.Write(append(body, '\n'))
			return
		}
	}
	plain(w, status, rep.words())
}

// words is the report in one line.
func (r report) words() string {
	var wrong []string
	for _, p := range r.Parts {
		if !p.OK {
			wrong = append(wrong, "the "+p.Name+" "+p.Text)
		}
	}
	switch r.Status {
	case statusStopping:
		return "not ready: the server is being stopped"
	case statusDown:
		return "not ready: " + strings.Join(wrong, "; ")
	case statusDegraded:
		return "degraded: " + strings.Join(wrong, "; ")
	}
	return "ok"
}

// plainWords is what strangers may read of a cause, as the rest of a sentence that
// begins with the part. What is busy is away or silent, and says nothing of its own.
func plainWords(err error) string {
	if e, ok := errors.AsType[*vitrine.Error](err); ok && e.Code != vitrine.CodeInternal && e.Code != vitrine.CodeBusy {
		return "says: " + e.Message
	}
	return "does not answer"
}
