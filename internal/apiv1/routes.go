package apiv1

import (
	"errors"
	"net/http"
	"strings"

	"vitrine/internal/vitrine"
)

// ServeHTTP answers everything below /api. Paths are taken with and without a
// final slash and never redirected: a client that follows a redirect loses its
// upload.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	if r.Method == http.MethodOptions {
		preflight(w)
		return
	}
	q := &request{door: d, w: w, r: r}
	if err := q.serve(); err != nil {
		q.refuse(err)
	}
}

// serve goes through the checks in the recorded order: version given, action
// given, key given, version known, key right, allowed to upload, action known,
// source.
func (q *request) serve() error {
	version, action, _ := strings.Cut(strings.Trim(strings.TrimPrefix(q.r.URL.Path, "/api"), "/"), "/")
	switch q.r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		q.w.Header().Set("Allow", "GET, HEAD, OPTIONS, POST")
		return errMethod
	}
	switch {
	case version == "":
		return errNoVersion
	case action == "":
		return errNoAction
	case strings.Contains(strings.ToLower(q.r.Header.Get("Content-Type")), "json") && q.r.Method == http.MethodPost:
		return errJSONBody
	}
	return q.upload(version, action)
}

// setHeaders are the headers of every answer, as recorded, and what lets scripts
// of any site use the API: it takes no cookies, so there is nothing to abuse.
func setHeaders(h http.Header) {
	h.Set("Cache-Control", "no-store, no-cache, must-revalidate")
	h.Set("Pragma", "no-cache")
	h.Set("Expires", "0")
	h.Set("Permissions-Policy", "interest-cohort=()")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Vitrine-Warning, Retry-After, X-Request-Id")
}

// preflight answers what a browser asks before a request with X-API-Key. The
// other headers are those that common libraries add on their own.
func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "X-API-Key, Content-Type, Authorization, Cache-Control, X-Requested-With")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

// refuse answers an error. Causes go to the log, with the request's id.
func (q *request) refuse(err error) {
	e, ok := errors.AsType[*vitrine.Error](err)
	if !ok {
		e = &vitrine.Error{Code: vitrine.CodeInternal, Err: err}
	}
	id := q.r.Header.Get("X-Request-Id")
	switch {
	case e.Code == vitrine.CodeInternal:
		if q.r.Context().Err() == nil {
			q.Logger.ErrorContext(q.r.Context(), "upload failed", "request_id", id, "err", err)
		}
		e = &vitrine.Error{Code: e.Code, Message: "Internal error. Please try again, and tell the site's owner this request id if it stays: " + id}
	case e.Err != nil:
		q.Logger.InfoContext(q.r.Context(), "upload refused", "request_id", id, "err", err)
	}
	q.answerError(e)
}
