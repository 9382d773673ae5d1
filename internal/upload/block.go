package upload

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Reading in big blocks halves the cost of receiving (performance.md), but a
// sender who is slow would hold one for hours. So everybody begins with a small
// one and gets a big one as long as that is filled in no time.
const (
	smallBlock = 8 << 10
	largeBlock = 256 << 10
	// fastBlock is how long filling the small block may take for a big one to
	// follow, and eight times that for another big one: 160 to 640 KB/s.
	fastBlock = 50 * time.Millisecond
	// mostLarge is how many large blocks there may be: more would not make anything
	// faster, since few bodies are worked on at a time, but take memory.
	mostLarge = 32
)

// largeTaken counts large blocks in use.
var largeTaken atomic.Int64

func newBlocks(size int) *sync.Pool {
	return &sync.Pool{New: func() any { b := make([]byte, size); return &b }}
}

var smallBlocks, largeBlocks = newBlocks(smallBlock), newBlocks(largeBlock)

// block reads one source piece by piece.
type block struct {
	hold hold // on what was read, until done
	held *[]byte
	fast bool
}

// read gives the next bytes, most at most and as many as fit, to be worked on
// until done: what it returned before is void. Unlike io.ReadFull it tells the
// end of r from an error that r gave.
func (b *block) read(r io.Reader, most int64) ([]byte, error) {
	b.take()
	part := (*b.held)[:min(int64(len(*b.held)), most)]
	start := time.Now()
	n, err := r.Read(part) // which may take long
	b.hold.take()
	for n < len(part) && err == nil {
		var m int
		m, err = r.Read(part[n:])
		n += m
	}
	limit := fastBlock
	if b.fast {
		limit = 8 * fastBlock
	}
	b.fast = time.Since(start) < limit
	b.hold.keep()
	return part[:n], err
}

// done lets others have their blocks worked on.
func (b *block) done() { b.hold.drop() }

// take makes sure that the block is of the right kind.
func (b *block) take() {
	large := b.held != nil && len(*b.held) == largeBlock
	if b.held != nil && large == b.fast {
		return
	}
	b.release()
	if b.fast && largeTaken.Add(1) <= mostLarge {
		b.held = largeBlocks.Get().(*[]byte)
		return
	}
	if b.fast {
		largeTaken.Add(-1)
	}
	b.held = smallBlocks.Get().(*[]byte)
}

// release gives the buffer back.
func (b *block) release() {
	b.done()
	switch {
	case b.held == nil:
	case len(*b.held) == largeBlock:
		largeTaken.Add(-1)
		largeBlocks.Put(b.held)
	default:
		smallBlocks.Put(b.held)
	}
	b.held = nil
}
