package server

import (
	"errors"
	"io"
	"math"
	"net/http"
	"sync"
	"time"
)

// How long and how much of a refused request is read after its answer, so that
// a client that sends first and reads later finds the answer, not a reset; and
// how many are waited for at the same moment. The others are cut once the answer
// is sent.
const (
	lingerTime  = 30 * time.Second
	lingerBytes = 5 << 30
	lingerMost  = 256
	lingerBlock = 32 << 10
)

var lingerBlocks = sync.Pool{New: func() any { b := make([]byte, lingerBlock); return &b }}

// lingering counts those who are waited for.
type lingering chan struct{}

// leftToHTTP is how much of a body net/http may read itself after an answer.
const leftToHTTP = 64 << 10

// early prepares a refusal of a request whose body has not been read to its end:
// net/http would first read some of it, and so ask clients to go on that wait for
// leave to send. It may be called on nil.
func (b *pacedBody) early(w http.ResponseWriter) {
	if b == nil || b.ended || b.refused || b.left() <= leftToHTTP && !b.unasked() {
		return
	}
	b.refused = true
	w.Header().Set("Connection", "close")
	_ = http.NewResponseController(w).EnableFullDuplex() // an error leaves things as they were
}

// left is how much of the body may still come.
func (b *pacedBody) left() int64 {
	if b.length < 0 {
		return math.MaxInt64
	}
	return b.length - b.got
}

// unasked reports whether the client waits for leave to send, and got none.
func (b *pacedBody) unasked() bool { return b.expects && b.start.IsZero() }

// linger reads what the client still sends after an early refusal. Clients that
// waited for leave to send, and now will not, are not waited for.
func (l lingering) linger(w *response, b *pacedBody) {
	if b == nil || !b.refused || b.ended || b.failed || b.unasked() {
		return
	}
	if err := w.FlushError(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return
	}
	select {
	case l <- struct{}{}:
		defer func() { <-l }()
	default:
		return
	}
	_ = b.conn.SetReadDeadline(time.Now().Add(lingerTime))
	block := lingerBlocks.Get().(*[]byte)
	defer lingerBlocks.Put(block)
	for n := 0; n < lingerBytes; {
		m, err := b.ReadCloser.Read(*block) // until the end, the deadline or the bound
		if n += m; err != nil {
			b.ended = errors.Is(err, io.EOF)
			return
		}
	}
}
