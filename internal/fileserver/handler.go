package fileserver

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

// Handler answers with bytes. It is safe for many goroutines.
type Handler struct{ cfg Config }

// New makes the door. It sees the path behind /images/, with or without a slash
// in front.
func New(c Config) http.Handler { return &Handler{cfg: c.withDefaults()} }

// ServeHTTP implements http.Handler. Whatever must not be seen is a 404 without
// a body, the same for all reasons.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	safe(header)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	if err := h.serve(w, r); err != nil {
		h.fail(w, r, err)
	}
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) error {
	c, err := h.cfg.Catalog.Locate(r.Context(), h.cfg.Identify(r), strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil {
		return err
	}
	header := w.Header()
	header["Etag"] = []string{c.ETag}
	header["Cache-Control"] = []string{cacheControl(c.File, h.cfg.Clock())}
	if secret(c.File.Privacy) {
		keepHere(header)
	}
	if r.Header.Get("If-None-Match") == c.ETag {
		w.WriteHeader(http.StatusNotModified) // the usual question, without a look at the file
		return nil
	}
	s, err := h.cfg.Catalog.Open(r.Context(), c)
	if err != nil {
		return err
	}
	if s.Link != "" {
		redirect(w, s.Link)
		return nil
	}
	defer s.Body.Close()
	describe(header, c)
	if b := s.Bytes(); b != nil && plain(r.Header) {
		header["Content-Length"] = []string{strconv.Itoa(len(b))}
		header["Accept-Ranges"] = []string{"bytes"}
		header["Last-Modified"] = []string{c.ModTime.UTC().Format(http.TimeFormat)}
		_, _ = w.Write(b) // in one piece; a client that went away needs no answer
		return nil
	}
	http.ServeContent(w, r, "", c.ModTime, s.Body)
	return nil
}

// plain reports whether a request asks for the whole file without conditions.
func plain(h http.Header) bool {
	for _, name := range []string{"Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"} {
		if len(h[name]) > 0 {
			return false
		}
	}
	return true
}

// redirect sends the client to a link that lives shorter than the file.
func redirect(w http.ResponseWriter, link string) {
	header := w.Header()
	header.Del("Etag")
	header.Set("Cache-Control", "private, no-store")
	header.Set("Location", link)
	header["Content-Type"] = nil // no page with the link in it
	w.WriteHeader(http.StatusFound)
}

// fail answers with a status alone. Causes go to the log.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch vitrine.CodeOf(err) {
	case vitrine.CodeNotFound:
		refuse(w, http.StatusNotFound)
	case vitrine.CodeBusy, vitrine.CodeMaintenance:
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable)
	default:
		if !errors.Is(err, context.Canceled) {
			h.cfg.Logger.ErrorContext(r.Context(), "file not served", "request_id", r.Header.Get("X-Request-Id"), "err", err)
		}
		refuse(w, http.StatusInternalServerError)
	}
}

// refuse answers with a status and no body, to be asked again next time.
func refuse(w http.ResponseWriter, status int) {
	header := w.Header()
	header.Del("Etag")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Length", "0")
	w.WriteHeader(status)
}
