package server

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// sendWindow is how many bytes may leave under one deadline.
const sendWindow = 1 << 20

// response counts what a handler answers, and gives slow readers a deadline that
// grows with what they take. It keeps the way from a file to the socket inside
// the kernel: ReadFrom hands on the very readers that the kernel can send.
type response struct {
	http.ResponseWriter
	deadline interface{ SetWriteDeadline(time.Time) error } // nil: has none
	from     io.ReaderFrom                                  // nil: has none
	window   time.Duration                                  // for sendWindow bytes
	status   int                                            // 0 until the head is written
	bytes    int64                                          // of the body
	left     int64                                          // bytes that the current deadline is good for
	broken   bool                                           // an error came after the head
	body     *pacedBody                                     // of the request; nil: none
}

func newResponse(inner http.ResponseWriter, c Config) *response {
	w := &response{ResponseWriter: inner, window: c.BodyGrace + time.Duration(sendWindow/c.MinRate)*time.Second}
	w.deadline, _ = inner.(interface{ SetWriteDeadline(time.Time) error })
	w.from, _ = inner.(io.ReaderFrom)
	return w
}

// Unwrap is for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *response) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		if w.status = status; status >= http.StatusBadRequest {
			w.body.early(w)
		}
	}
	w.allow(0)
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *response) Write(p []byte) (n int, err error) {
	w.begin()
	for more := true; more; more = len(p) > 0 && err == nil {
		part := p[:min(len(p), sendWindow)]
		w.allow(int64(len(part)))
		var m int
		m, err = w.ResponseWriter.Write(part)
		n, p = n+m, p[m:]
		w.bytes += int64(m)
	}
	return n, err
}

// WriteString implements io.StringWriter.
func (w *response) WriteString(s string) (int, error) {
	if len(s) > sendWindow {
		return w.Write([]byte(s))
	}
	w.begin()
	w.allow(int64(len(s)))
	n, err := io.WriteString(w.ResponseWriter, s)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom implements io.ReaderFrom. A file, or an io.LimitedReader of one, goes
// on as such, which is what the kernel can send.
func (w *response) ReadFrom(r io.Reader) (n int64, err error) {
	if w.from == nil {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	w.begin()
	source, limit := r, int64(-1)
	limited, ok := r.(*io.LimitedReader)
	if ok {
		source, limit = limited.R, limited.N
	}
	for limit < 0 || n < limit {
		window := int64(sendWindow)
		if limit >= 0 {
			window = min(window, limit-n)
		}
		w.allow(window)
		part := io.LimitedReader{R: source, N: window}
		m, err := w.from.ReadFrom(&part)
		n += m
		w.bytes += m
		if ok {
			limited.N -= m
		}
		if err != nil || m < window {
			return n, err
		}
	}
	return n, nil
}

// Flush implements http.Flusher.
func (w *response) Flush() { _ = w.FlushError() }

// FlushError is for http.ResponseController.
func (w *response) FlushError() error {
	w.begin()
	w.allow(0)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *response) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

// allow makes sure that a deadline covers the next n bytes.
func (w *response) allow(n int64) {
	if w.deadline == nil || w.left > n {
		w.left -= n
		return
	}
	if err := w.deadline.SetWriteDeadline(time.Now().Add(w.window)); errors.Is(err, http.ErrNotSupported) {
		w.deadline = nil
	}
	w.left = sendWindow - n
}

// end covers what is still in buffers when the handler is done.
func (w *response) end() {
	w.begin()
	if w.left <= 0 {
		w.allow(1)
	}
}
