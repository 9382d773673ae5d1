package web

import (
	"bytes"
	"fmt"
	"net/http"
)

// partHeader is sent by our scripts where they want a part of a page, not all.
const partHeader = "X-Part"

// fragment reports whether they do.
func (q *visit) fragment() bool { return q.r.Header.Get(partHeader) != "" }

// renderPart answers with one template of a page alone.
func (q *visit) renderPart(page, part string, data any) error {
	var buf bytes.Buffer
	if err := q.pages[q.texts.Lang()][page].ExecuteTemplate(&buf, part, data); err != nil {
		return fmt.Errorf("render %s of page %s: %w", part, page, err)
	}
	h := q.w.Header()
	h.Set("Cache-Control", "no-store") // the address is that of the whole page
	h.Add("Vary", partHeader)
	q.send(http.StatusOK, buf.Bytes())
	return nil
}
