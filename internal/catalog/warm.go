package catalog

import (
	"bytes"
	"fmt"
	"io"

	"github.com/maypok86/otter/v2"

	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

const (
	// warmLimit is the largest file whose bytes are kept: thumbs, mediums and small
	// originals. Larger ones are sent by the kernel straight from the disk, which
	// pays from about here on: 200 KB leave memory a fifth faster than they are
	// opened and sent.
	warmLimit = 256 << 10
	// warmTotal bounds the memory of all of them together.
	warmTotal = 64 << 20
)

// warm keeps the bytes of small files that are asked for often, so that a page of
// thumbs costs no call to disk or bucket. Bytes are kept by the id of their file,
// which is never given again: nothing can go stale. Whether somebody may see them
// is asked before, at every request.
type warm struct{ entries *otter.Cache[warmKey, []byte] }

type warmKey struct {
	fileID  int64
	variant vitrine.VariantKind // empty: the original
}

func newWarm() *warm {
	return &warm{entries: otter.Must(&otter.Options[warmKey, []byte]{
		MaximumWeight: warmTotal,
		Weigher:       func(_ warmKey, b []byte) uint32 { return uint32(len(b)) + 128 },
	})}
}

func (w *warm) close() { w.entries.StopAllGoroutines() }

func (w *warm) get(c *Content) (io.ReadSeekCloser, bool) {
	if c.Size > warmLimit {
		return nil, false
	}
	b, ok := w.entries.GetIfPresent(warmKey{c.File.ID, c.Variant})
	if !ok {
		return nil, false
	}
	return newInMemory(b), true
}

// keep reads a small object into memory and gives its bytes back; a large one it
// gives back as it is. Objects of another size than the row says are not kept.
func (w *warm) keep(c *Content, o *storage.Object) (io.ReadSeekCloser, error) {
	if c.Size > warmLimit || o.Size != c.Size {
		return o.Content, nil
	}
	defer o.Content.Close()
	b := make([]byte, c.Size)
	if _, err := io.ReadFull(o.Content, b); err != nil {
		return nil, fmt.Errorf("reading a small file: %w", err)
	}
	w.entries.Set(warmKey{c.File.ID, c.Variant}, b)
	return newInMemory(b), nil
}

// inMemory is bytes that need no closing.
type inMemory struct {
	*bytes.Reader
	all []byte
}

func newInMemory(b []byte) inMemory { return inMemory{bytes.NewReader(b), b} }

func (inMemory) Close() error { return nil }

// Bytes is all of Body where it lies in memory, to be sent at once and never
// changed; nil where it does not.
func (s Stream) Bytes() []byte {
	if m, ok := s.Body.(inMemory); ok {
		return m.all
	}
	return nil
}
