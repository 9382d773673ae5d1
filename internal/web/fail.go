package web

import (
	"errors"
	"net/http"
	"strconv"

	"vitrine/internal/vitrine"
)

// refusals are the statuses and the texts of what is refused. What is not listed
// is the visitor's mistake, explained by the text of its code.
var refusals = map[vitrine.Code]struct {
	status int
	id     string
}{
	vitrine.CodeInternal:     {http.StatusInternalServerError, "error.internal"},
	vitrine.CodeNotFound:     {http.StatusNotFound, "error.not_found"},
	vitrine.CodeForbidden:    {http.StatusForbidden, "error.forbidden"},
	vitrine.CodeUnauthorized: {http.StatusUnauthorized, "error.unauthorized"},
	vitrine.CodeMaintenance:  {http.StatusServiceUnavailable, "error.maintenance"},
	vitrine.CodeBusy:         {http.StatusServiceUnavailable, "error.busy"},
	vitrine.CodeFlood:        {http.StatusTooManyRequests, "error.refused"},
	vitrine.CodeNoSpace:      {http.StatusServiceUnavailable, "error.busy"},
}

// fail shows an error as a page, or tells it to a script. Causes go to the log,
// with the request's id.
func (q *visit) fail(err error) {
	e, ok := errors.AsType[*vitrine.Error](err)
	if !ok {
		e = &vitrine.Error{Code: vitrine.CodeInternal}
	}
	as, ok := refusals[e.Code]
	if !ok {
		as.status, as.id = http.StatusBadRequest, "error.refused"
	}
	if e.Code == vitrine.CodeInvalid && e.Field == "method" {
		as.status, as.id = http.StatusMethodNotAllowed, "error.method"
	}
	// "This came from another site" is for forms of other sites only.
	if e.Code == vitrine.CodeForbidden && e.Field != "origin" {
		as.id = "error.refused"
	}
	p := &errorPage{Status: as.status, Heading: q.texts.T(as.id + ".title")}
	if as.id == "error.refused" {
		p.Text = q.explain(e)
	} else {
		p.Text = q.texts.T(as.id + ".text")
	}
	if e.Code == vitrine.CodeInternal {
		p.RequestID = q.r.Header.Get("X-Request-Id")
		if q.r.Context().Err() == nil {
			q.Logger.ErrorContext(q.r.Context(), "page failed", "request_id", p.RequestID, "err", err)
		}
	}
	if wait := q.patience(e); wait > 0 {
		q.w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	q.w.Header().Set("X-Robots-Tag", "noindex")
	if q.wantsJSON() {
		message := p.Text
		if text := q.explain(e); e.Code != vitrine.CodeInternal {
			message = text
		}
		err = q.json(p.Status, problem{message, string(e.Code), e.Field, q.linkOf(e)})
	} else {
		p.Layout = q.layout(p.Heading)
		p.Layout.NoIndex = true
		err = q.render(p.Status, "error", p)
	}
	if err != nil {
		q.Logger.ErrorContext(q.r.Context(), "error page failed", "err", err)
		http.Error(q.w, http.StatusText(p.Status), p.Status)
	}
}

// patience is after how many seconds it may go better; 0: nobody knows.
func (q *visit) patience(e *vitrine.Error) int {
	switch {
	case e.RetryAfter > 0:
		return e.RetryAfter
	case e.Code == vitrine.CodeMaintenance:
		return 300
	case e.Code == vitrine.CodeBusy, e.Code == vitrine.CodeNoSpace:
		return 10
	}
	return 0
}

// errorPage says what went wrong.
type errorPage struct {
	Layout        layout
	Status        int
	Heading, Text string
	RequestID     string // only for our own faults
}
