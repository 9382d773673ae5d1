package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"vitrine/internal/vitrine"
)

// How long answers may be kept without asking again.
const (
	keepFeed    = "public, max-age=300"
	keepSitemap = "public, max-age=3600"
	keepNothing = "private, no-cache"
)

// send answers with a text, and with 304 those who have it already. changed is
// when it last did; zero: not known.
func (q *request) send(mime, caching string, changed time.Time, body []byte) error {
	sum := sha256.Sum256(body)
	h := q.w.Header()
	h.Set("Content-Type", mime)
	h.Set("Cache-Control", caching)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(q.w, q.r, "", changed, bytes.NewReader(body))
	return nil
}

// hide keeps search engines away from an answer.
func (q *request) hide() { q.w.Header().Set("X-Robots-Tag", "noindex") }

// fail turns an error into an answer. Causes go to the log, with the request's id.
func (q *request) fail(err error) {
	e, ok := errors.AsType[*vitrine.Error](err)
	if !ok {
		e = &vitrine.Error{Code: vitrine.CodeInternal}
	}
	switch e.Code {
	case vitrine.CodeNotFound, vitrine.CodePassword, vitrine.CodeForbidden:
		q.refuse(http.StatusNotFound) // nobody learns that there is something
	case vitrine.CodeInvalid:
		q.refuse(http.StatusBadRequest)
	case vitrine.CodeMaintenance, vitrine.CodeBusy:
		q.w.Header().Set("Retry-After", strconv.Itoa(max(e.RetryAfter, 10)))
		q.refuse(http.StatusServiceUnavailable)
	default:
		if q.r.Context().Err() == nil {
			q.Logger.ErrorContext(q.r.Context(), "feed failed", "request_id", q.r.Header.Get("X-Request-Id"), "err", err)
		}
		q.refuse(http.StatusInternalServerError)
	}
}

// refuse answers with a status and its usual words.
func (q *request) refuse(status int) {
	h := q.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	q.hide()
	http.Error(q.w, http.StatusText(status), status)
}

// open refuses while the site is being maintained.
func (q *request) open() error {
	if q.settings.Maintenance {
		return &vitrine.Error{Code: vitrine.CodeMaintenance, RetryAfter: 300}
	}
	return nil
}
