package apiv1

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"

	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
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
	wanted := formatJSON
	if q.in != nil {
		wanted, _ = q.in.fields.format()
	}
	if wanted == formatJSON {
		q.json(m.status, &failure{m.status, notice{e.Message, m.number}, http.StatusText(m.status)})
	} else {
		q.text(m.status, e.Message)
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
