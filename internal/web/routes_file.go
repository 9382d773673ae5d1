package web

import (
	"net/http"
	"strings"
)

// fileRoute serves what stands below "image" and "clip": the viewer, what the
// owner does with a file, delete links.
func (q *visit) fileRoute(first, rest string) error {
	segment, rest, _ := strings.Cut(rest, "/")
	switch rest {
	case "":
		return q.pattern("/file", func() error { return q.filePage(first, segment) }, http.MethodGet)
	case "embed":
		return q.pattern("/file/embed", func() error { return q.fileEmbed(segment) }, http.MethodGet)
	case "like":
		return q.pattern("/file/like", func() error { return q.likeFile(segment) }, http.MethodPost)
	case "edit":
		return q.pattern("/file/edit", func() error { return q.fileEdit(segment) }, http.MethodGet, http.MethodPost)
	case "delete":
		return q.pattern("/file/delete-own", func() error { return q.fileDelete(segment) }, http.MethodGet, http.MethodPost)
	}
	if token, ok := strings.CutPrefix(rest, "delete/"); ok {
		return q.pattern("/file/delete", func() error { return q.deletePage(segment, token) }, http.MethodGet, http.MethodPost)
	}
	return q.nothing()
}
