package web

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"

	"vitrine/internal/vitrine"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestBuffer is the capacity above which a buffer is not kept.
const largestBuffer = 256 << 10

// render writes a page. Nothing is sent if the template fails.
func (q *visit) render(status int, page string, data any) error {
	if q.part.template != "" && q.fragment() {
		return q.renderPart(page, q.part.template, q.part.data)
	}
	return q.compose(page, data, func(html []byte) { q.send(status, html) })
}

// compose fills a template and hands the page to use, which must not keep it.
func (q *visit) compose(page string, data any, use func(html []byte)) error {
	return q.composePart(page, "base", data, use)
}

// composePart is compose for one template of a page alone.
func (q *visit) composePart(page, part string, data any, use func(html []byte)) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= largestBuffer {
			buffers.Put(buf)
		}
	}()
	buf.Reset()
	if err := q.pages.execute(buf, q.texts.Lang(), page, part, data); err != nil {
		return err
	}
	use(buf.Bytes())
	return nil
}

// send writes a page that is ready.
func (q *visit) send(status int, html []byte) {
	h, nonce := q.w.Header(), newNonce()
	q.setHeaders(h, nonce)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(html)))
	q.w.WriteHeader(status)
	writeWithNonce(q.w, html, q.mark, nonce)
}

// setHeaders are the headers of every page.
func (q *visit) setHeaders(h http.Header, nonce string) {
	policy := q.policy
	if q.settings.Delivery == vitrine.DeliveryRedirect {
		policy = q.redirectPolicy // raw files lead to signed links on the bucket's own host
	}
	h.Set("Content-Security-Policy", policy.header(nonce, q.anywhere))
	if !q.anywhere {
		h.Set("X-Frame-Options", "DENY")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "interest-cohort=(), camera=(), microphone=(), geolocation=()")
	if h.Get("Referrer-Policy") == "" {
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	h.Add("Vary", "Accept-Language, Cookie")
	h.Set("Content-Language", q.texts.Lang())
}
