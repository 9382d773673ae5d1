package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"vitrine/internal/vitrine"
)

// readyFor is how long an answer of Config.Ready is good, and readyTimeout how
// long it may take.
const (
	readyFor     = time.Second
	readyTimeout = 5 * time.Second
)

// health answers /livez and /readyz.
type health struct {
	ready    func(context.Context) error
	stopping *atomic.Bool
	log      *slog.Logger

	mu    sync.Mutex // held while asking: those who come meanwhile share the answer
	asked time.Time
	last  error
}

// serve answers if the request is one about health.
func (h *health) serve(w http.ResponseWriter, r *http.Request) bool {
	switch r.URL.Path {
	case "/livez":
		r.Pattern = "/livez"
		h.write(w, r, nil)
	case "/readyz":
		r.Pattern = "/readyz"
		err := errors.New("the server is being stopped")
		if !h.stopping.Load() {
			err = h.ask(r.Context())
		}
		h.write(w, r, err)
	default:
		return false
	}
	return true
}

// ask asks once a second at most.
func (h *health) ask(ctx context.Context) error {
	if h.ready == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.asked.IsZero() && time.Since(h.asked) < readyFor {
		return h.last
	}
	// The answer is for others too, so it must not depend on this client's patience.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
	defer cancel()
	err := h.ready(ctx)
	if err != nil {
		h.log.WarnContext(ctx, "not ready", slog.Any("err", err))
	} else if h.last != nil {
		h.log.InfoContext(ctx, "ready again")
	}
	h.asked, h.last = time.Now(), err
	return err
}

func (h *health) write(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		plain(w, http.StatusMethodNotAllowed, "use GET")
	case err != nil:
		plain(w, http.StatusServiceUnavailable, "not ready: "+plainWords(err, h.stopping.Load()))
	default:
		plain(w, http.StatusOK, "ok")
	}
}

// plainWords is what strangers may read of a cause.
func plainWords(err error, stopping bool) string {
	if stopping {
		return "the server is being stopped"
	}
	if e, ok := errors.AsType[*vitrine.Error](err); ok && e.Code != vitrine.CodeInternal {
		return e.Message
	}
	return "the database or the storage does not answer"
}
