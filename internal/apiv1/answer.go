package apiv1

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
)

// How long and how much of a refused request is read after its answer, so that
// a client that sends first and reads later finds the answer, not a reset.
const (
	drainTime  = 30 * time.Second
	drainBytes = 5 << 30
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// success is the answer to an upload, in the recorded order of keys.
type success struct {
	StatusCode int         `json:"status_code"`
	Success    notice      `json:"success"`
	Image      *image      `json:"image,omitempty"`
	Data       *imgbbImage `json:"data,omitempty"`
	Status     int         `json:"status,omitempty"` // ImgBB's
	StatusText string      `json:"status_txt"`
}

type notice struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
}

// imgbbImage is the image with ImgBB's id at its end.
type imgbbImage struct {
	*image
	ID string `json:"id"`
}

// failure is the answer to a refused request.
type failure struct {
	StatusCode int    `json:"status_code"`
	Error      notice `json:"error"`
	StatusText string `json:"status_txt"`
}

// answer shows the stored file in the wanted format.
func (q *request) answer(result *upload.Result) {
	wanted, _ := q.in.fields.format()
	switch wanted {
	case formatText:
		q.text(http.StatusOK, q.Links.Original(result.File))
	case formatRedirect:
		q.w.Header().Set("Location", q.Links.ViewerPath(result.File))
		q.w.WriteHeader(http.StatusFound)
	default:
		img := q.imageOf(result)
		a := success{StatusCode: 200, Success: notice{"file uploaded", 200}, StatusText: "OK"}
		if q.in.dialect() {
			a.Status, a.Data = 200, &imgbbImage{img, img.IDEncoded}
		} else {
			a.Image = img
		}
		q.json(http.StatusOK, &a)
	}
}

// answerError shows a refusal, in the wanted format as far as that is known.
func (q *request) answerError(e *vitrine.Error) {
	m, ok := meanings[e.Code]
	if !ok {
		m = meanings[vitrine.CodeInvalid]
	}
	if special, ok := fieldMeanings[e.Field]; ok && e.Code == vitrine.CodeInvalid {
		m = special
	}
	if m.status == http.StatusTooManyRequests || m.status == http.StatusServiceUnavailable {
		q.w.Header().Set("Retry-After", strconv.Itoa(cmp.Or(e.RetryAfter, retryAfter[e.Code])))
	}
	linger := q.beginEarlyAnswer()
	wanted := formatJSON
	if q.in != nil {
		wanted, _ = q.in.fields.format()
	}
	if wanted == formatJSON {
		q.json(m.status, &failure{m.status, notice{e.Message, m.number}, http.StatusText(m.status)})
	} else {
		q.text(m.status, e.Message)
	}
	linger()
}

// beginEarlyAnswer prepares for an answer while the client may still be sending.
// The function it returns reads on, within bounds, once the answer was written:
// closing at once would reset the connection and take the answer with it.
func (q *request) beginEarlyAnswer() (linger func()) {
	b := (*body)(nil)
	if q.in != nil {
		b = q.in.body
	}
	switch {
	case q.r.Body == nil || q.r.Body == http.NoBody || q.r.ContentLength == 0, b != nil && (b.done || b.err != nil):
		return func() {}
	}
	control := http.NewResponseController(q.w)
	duplex := control.EnableFullDuplex() == nil
	q.w.Header().Set("Connection", "close")
	return func() {
		expects := strings.EqualFold(q.r.Header.Get("Expect"), "100-continue")
		if expects && (b == nil || !b.begun) {
			return // the client has not begun, and now will not
		}
		if !duplex {
			return
		}
		if err := control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return
		}
		_ = control.SetReadDeadline(time.Now().Add(drainTime))
		block := blocks.Get().(*bufio.Reader)
		block.Reset(q.r.Body)
		_, _ = block.Discard(drainBytes) // until the end, the deadline or the bound
		block.Reset(nil)
		blocks.Put(block)
	}
}

func (q *request) text(status int, s string) {
	q.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	q.w.Header().Set("Content-Length", strconv.Itoa(len(s)))
	q.w.WriteHeader(status)
	_, _ = io.WriteString(q.w, s) // a client that went away hears nothing
}

func (q *request) json(status int, v any) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		// Only numbers that JSON lacks could fail, and there are none.
		q.Logger.ErrorContext(q.r.Context(), "answer not encoded", "err", err)
		q.w.WriteHeader(http.StatusInternalServerError)
		return
	}
	buf.Truncate(buf.Len() - 1) // Encode ends with a newline
	q.w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	q.w.Header().Set("Content-Length", strconv.Itoa(buf.Len()))
	q.w.WriteHeader(status)
	_, _ = q.w.Write(buf.Bytes())
}
