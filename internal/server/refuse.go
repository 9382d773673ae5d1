package server

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"vitrine/internal/vitrine"
)

// refuseBanned tells the banned so, or sends them where the ban's text says.
func refuseBanned(w http.ResponseWriter, ban *vitrine.Ban) {
	text := ban.Text()
	w.Header().Set("Cache-Control", "no-store")
	if u, err := url.Parse(text); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		w.Header().Set("Location", u.String())
		w.WriteHeader(http.StatusFound)
		return
	}
	plain(w, http.StatusForbidden, text)
}

// refuseStopping turns away what would change something while the server stops.
func refuseStopping(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "5")
	answer(w, r, http.StatusServiceUnavailable, "The server is being restarted, please try again in a moment")
}

// apologise logs a panic and answers with a fixed text, if there is still time.
func (h *chain) apologise(w *response, r *http.Request, id string, cause any) {
	h.cfg.Logger.ErrorContext(r.Context(), "panic in a handler",
		slog.String("request_id", id), slog.String("method", r.Method), slog.String("route", r.Pattern),
		slog.String("err", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
	if w.status != 0 {
		w.broken = true
		return
	}
	header := w.Header()
	clear(header)
	header["X-Request-Id"] = []string{id}
	answer(w, r, http.StatusInternalServerError, "Internal error. Please try again, and tell the site's owner this request id if it stays: "+id)
}

// answer speaks the API's language to its clients and plain text to others.
func answer(w http.ResponseWriter, r *http.Request, status int, text string) {
	w.Header().Set("Cache-Control", "no-store")
	if r.URL.Path != "/api" && !strings.HasPrefix(r.URL.Path, "/api/") {
		plain(w, status, text)
		return
	}
	type apiError struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
	}
	body, err := json.Marshal(struct {
		StatusCode int      `json:"status_code"`
		Error      apiError `json:"error"`
		StatusText string   `json:"status_txt"`
	}{status, apiError{text, status}, http.StatusText(status)})
	if err != nil {
		plain(w, status, text)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=UTF-8")
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
