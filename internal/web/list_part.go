package web

import "net/http"

// partHeader is sent by our scripts where they want a part of a page, not all.
const partHeader = "X-Part"

// part is what a script of ours gets of a page: the list alone, which it puts
// behind the one that is there.
type part struct {
	template string
	data     any
}

// offer makes a list the part of its page that scripts ask for. Where a page has
// files too, these are.
func (q *visit) offer(template string, data any) {
	if q.part.template == "" {
		q.part = part{template, data}
	}
}

// fragment reports whether they do.
func (q *visit) fragment() bool { return q.r.Header.Get(partHeader) != "" }

// renderPart answers with one template of a page alone.
func (q *visit) renderPart(page, part string, data any) error {
	return q.composePart(page, part, data, func(html []byte) {
		h := q.w.Header()
		h.Set("Cache-Control", "no-store") // the address is that of the whole page
		h.Add("Vary", partHeader)
		q.send(http.StatusOK, html)
	})
}
