package app

import (
	"context"
	"io"
	"log/slog"
	"net/url"
	"strings"

	"vitrine/internal/jobs"
	"vitrine/internal/server"
)

// newLogger writes lines of text, or of JSON for machines.
func newLogger(w io.Writer, format string, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// handler gives each line that belongs to a request its request_id, and each that
// belongs to a job its job and kind, whichever room it comes from. Secrets of the
// configuration appear in no error, whatever library made it.
type handler struct {
	slog.Handler
	secrets *strings.Replacer // nil: none
}

// shortestSecret keeps the log readable where a password is a common word: whatever
// is shorter is not looked for. Characters.
const shortestSecret = 6

func newHandler(inner slog.Handler, secrets ...string) handler {
	h := handler{Handler: inner}
	var pairs []string
	for _, s := range secrets {
		if len(s) < shortestSecret {
			continue
		}
		pairs = append(pairs, s, hiddenSecret)
		if escaped := url.QueryEscape(s); escaped != s {
			pairs = append(pairs, escaped, hiddenSecret)
		}
		if escaped := url.PathEscape(s); escaped != s {
			pairs = append(pairs, escaped, hiddenSecret)
		}
	}
	if len(pairs) > 0 {
		h.secrets = strings.NewReplacer(pairs...)
	}
	return h
}

const hiddenSecret = "REDACTED"

// Handle implements slog.Handler.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	id := server.RequestID(ctx)
	job, inJob := jobs.RunningOf(ctx)
	secret := false
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "request_id" {
			id = "" // it is there already
		}
		secret = secret || h.leaks(a)
		return true
	})
	if secret {
		clean := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
		r.Attrs(func(a slog.Attr) bool {
			if h.leaks(a) {
				a = slog.String(a.Key, h.secrets.Replace(a.Value.String()))
			}
			clean.AddAttrs(a)
			return true
		})
		r = clean
	}
	if id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	if inJob {
		r.AddAttrs(slog.Int64("job", job.ID), slog.String("kind", job.Kind))
	}
	return h.Handler.Handle(ctx, r)
}

// clean takes secrets out of a text.
func (h handler) clean(text string) string {
	if h.secrets == nil {
		return text
	}
	return h.secrets.Replace(text)
}

// leaks reports whether an error has a secret in it. Other values are ours, and
// have none.
func (h handler) leaks(a slog.Attr) bool {
	if h.secrets == nil || a.Value.Kind() != slog.KindAny && a.Key != "err" {
		return false
	}
	text := a.Value.String()
	return h.secrets.Replace(text) != text
}

// WithAttrs implements slog.Handler.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs), h.secrets}
}

// WithGroup implements slog.Handler.
func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.secrets}
}

// secrets are the values of the configuration that nobody may read in the log.
func (c Config) secrets() []string {
	var list []string
	if u, err := url.Parse(c.Database); err == nil {
		if password, ok := u.User.Password(); ok {
			list = append(list, password)
		}
		if password := u.Query().Get("password"); password != "" {
			list = append(list, password)
		}
	}
	all, _ := c.allStorages()
	for _, st := range all {
		if st.Bucket != nil {
			list = append(list, st.Bucket.SecretKey)
		}
	}
	return list
}
