package server

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// pacedBody gives a request's body a deadline that moves on with what arrives:
// slow phones may take as long as they need, those who send next to nothing may
// not. For one goroutine at a time, like every body.
type pacedBody struct {
	io.ReadCloser
	conn  interface{ SetReadDeadline(time.Time) error }
	rate  int64
	start time.Time
	grace time.Duration
	got   int64
	ended bool
}

// paceBody puts the body of the request under watch; nil if there is none.
func paceBody(w http.ResponseWriter, r *http.Request, c Config) *pacedBody {
	conn, ok := w.(interface{ SetReadDeadline(time.Time) error })
	if !ok || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	b := &pacedBody{ReadCloser: r.Body, conn: conn, rate: c.MinRate, grace: c.BodyGrace}
	r.Body = b
	return b
}

// Read implements io.Reader.
func (b *pacedBody) Read(p []byte) (int, error) {
	if b.start.IsZero() {
		b.start = time.Now() // the clock starts when somebody wants to read
	}
	due, pause := b.start.Add(b.grace+time.Duration(b.got/b.rate)*time.Second), time.Now().Add(2*b.grace)
	if pause.Before(due) {
		due = pause // nor may those pause for hours who were fast before
	}
	_ = b.conn.SetReadDeadline(due)
	n, err := b.ReadCloser.Read(p)
	b.got += int64(n)
	if errors.Is(err, io.EOF) {
		b.ended = true
		// From here on the connection is only watched for the client's going.
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}

// end leaves a deadline for what net/http reads of a body that the handler did
// not want, and may be called on nil.
func (b *pacedBody) end() {
	if b != nil && !b.ended {
		_ = b.conn.SetReadDeadline(time.Now().Add(b.grace))
	}
}
