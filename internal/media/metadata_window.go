package media

import (
	"errors"
	"fmt"
	"io"
)

// span is a run of bytes of a file: from start up to but not including end.
type span struct{ start, end int64 }

func (s span) length() int64 { return s.end - s.start }

func lengthOf(spans []span) (n int64) {
	for _, s := range spans {
		n += s.length()
	}
	return n
}

// window reads a file in pieces of 64 KiB, so that scanning its structure costs
// few system calls and no memory worth mentioning. It is for one goroutine.
type window struct {
	r    io.ReaderAt
	size int64
	buf  []byte
	at   int64 // where buf lies in the file
	err  error // the first failure of reading; the file then seems to end there
}

const windowSize = 64 << 10

func newWindow(r io.ReaderAt, size int64) *window { return &window{r: r, size: size} }

// peek returns up to n bytes at the offset, at most windowSize, fewer only at the
// end of the file. They are valid until the next call.
func (w *window) peek(at int64, n int) []byte {
	if at < 0 || at >= w.size || n <= 0 {
		return nil
	}
	n = int(min(int64(n), windowSize, w.size-at))
	if at < w.at || at+int64(n) > w.at+int64(len(w.buf)) {
		w.fill(at)
	}
	have := w.buf[min(at-w.at, int64(len(w.buf))):]
	return have[:min(n, len(have))]
}

// rest returns what follows the offset: at least one byte unless the file ends.
func (w *window) rest(at int64) []byte {
	if at >= w.at && at < w.at+int64(len(w.buf)) {
		return w.buf[at-w.at:]
	}
	return w.peek(at, windowSize)
}

func (w *window) fill(at int64) {
	if w.buf == nil {
		w.buf = make([]byte, 0, min(windowSize, w.size))
	}
	n := int(min(windowSize, w.size-at))
	n, err := w.r.ReadAt(w.buf[:n], at)
	w.buf, w.at = w.buf[:n], at
	if err != nil && !errors.Is(err, io.EOF) && w.err == nil {
		w.err = fmt.Errorf("reading the file: %w", err)
	}
}

// load reads spans one after the other into memory.
func (w *window) load(spans []span) ([]byte, error) {
	b := make([]byte, 0, lengthOf(spans))
	for _, s := range spans {
		n := len(b)
		b = b[:n+int(s.length())]
		if _, err := w.r.ReadAt(b[n:], s.start); err != nil {
			return nil, fmt.Errorf("reading metadata: %w", err)
		}
	}
	return b, nil
}

// seekReader gives a ReadSeeker that cannot read at offsets that power.
type seekReader struct{ io.ReadSeeker }

// ReadAt implements io.ReaderAt. It moves the seeker.
func (s seekReader) ReadAt(p []byte, at int64) (int, error) {
	if _, err := s.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.ReadSeeker, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
