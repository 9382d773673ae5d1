package web

import (
	"net/http"
	"strings"
)

// fileRoute serves what stands below "image" and "clip": viewer, delete links.
func (q *visit) fileRoute(first, rest string) error {
	segment, rest, _ := strings.Cut(rest, "/")
	if token, ok := strings.CutPrefix(rest, "delete/"); ok {
		return q.pattern("/file/delete", func() error { return q.deletePage(segment, token) }, http.MethodGet, http.MethodPost)
	}
	if rest == "" {
		return q.pattern("/file", func() error { return q.filePage(first, segment) }, http.MethodGet)
	}
	return q.nothing()
}
