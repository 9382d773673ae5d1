package server

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// pacedBody gives a request's body a deadline that moves on with what arrives:
// slow phones may take as long as they need, those who send next to nothing may
// not. For one goroutine at a time, like every body.
type pacedBody struct {
	io.ReadCloser
	conn   interface{ SetReadDeadline(time.Time) error }
	rate   int64
	start  time.Time
	grace  time.Duration
	got    int64
	ended  bool
	failed bool // the connection broke, or was too slow

	length  int64 // as announced; -1: unknown
	expects bool  // the client sends when it is told to
	refused bool  // the answer came before the end of the body

	block *[]byte // nil: none is held
	rest  []byte  // of the block: what was not given yet
	err   error   // what follows it
	fast  bool    // the last block was full at once
}

// paceBody puts the body of the request under watch; nil if there is none.
func paceBody(w http.ResponseWriter, r *http.Request, c Config) *pacedBody {
	conn, ok := w.(interface{ SetReadDeadline(time.Time) error })
	if !ok || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	b := &pacedBody{ReadCloser: r.Body, conn: conn, rate: c.MinRate, grace: c.BodyGrace, length: r.ContentLength}
	b.expects = strings.EqualFold(r.Header.Get("Expect"), "100-continue")
	r.Body = b
	return b
}

// Reading in big blocks saves system calls, but whoever sends slowly would hold
// one for hours: everybody begins with a small one and gets a big one as long as
// that is full at once.
const (
	smallBlock = 8 << 10
	largeBlock = 256 << 10
	mostLarge  = 32 // large blocks in use at once; who gets none takes a small one
)

// largeTaken counts large blocks in use.
var largeTaken atomic.Int64

var smallBlocks, largeBlocks = newBlocks(smallBlock), newBlocks(largeBlock)

func newBlocks(size int) *sync.Pool {
	return &sync.Pool{New: func() any { b := make([]byte, size); return &b }}
}

// Read implements io.Reader.
func (b *pacedBody) Read(p []byte) (n int, err error) {
	if len(b.rest) == 0 && b.err == nil {
		if len(p) >= largeBlock/4 {
			n, b.err = b.receive(p)
			return n, b.err
		}
		b.refill()
	}
	n = copy(p, b.rest)
	if b.rest = b.rest[n:]; len(b.rest) > 0 {
		return n, nil
	}
	if b.err != nil {
		b.release()
	}
	return n, b.err
}

// refill reads a block.
func (b *pacedBody) refill() {
	if b.block == nil || (len(*b.block) == largeBlock) != b.fast {
		b.release()
		b.block = takeBlock(b.fast)
	}
	var n int
	n, b.err = b.receive(*b.block)
	b.rest = (*b.block)[:n]
	b.fast = n >= smallBlock
}

// takeBlock gives a large block if one is wanted and there is one.
func takeBlock(large bool) *[]byte {
	if large && largeTaken.Add(1) <= mostLarge {
		return largeBlocks.Get().(*[]byte)
	}
	if large {
		largeTaken.Add(-1)
	}
	return smallBlocks.Get().(*[]byte)
}

// release gives the block back. What was read from it is gone then.
func (b *pacedBody) release() {
	switch {
	case b.block == nil:
	case len(*b.block) == largeBlock:
		largeTaken.Add(-1)
		largeBlocks.Put(b.block)
	default:
		smallBlocks.Put(b.block)
	}
	b.block, b.rest = nil, nil
}

// receive reads from the connection under the deadline.
func (b *pacedBody) receive(p []byte) (int, error) {
	if b.start.IsZero() {
		b.start = time.Now() // the clock starts when somebody wants to read
	}
	due, pause := b.start.Add(b.grace+time.Duration(float64(b.got)/float64(b.rate)*float64(time.Second))), time.Now().Add(2*b.grace)
	if pause.Before(due) {
		due = pause // nor may those pause for hours who were fast before
	}
	_ = b.conn.SetReadDeadline(due)
	n, err := b.ReadCloser.Read(p)
	b.got += int64(n)
	b.failed = err != nil
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
	if b == nil {
		return
	}
	b.release()
	if !b.ended {
		_ = b.conn.SetReadDeadline(time.Now().Add(b.grace))
	}
}
