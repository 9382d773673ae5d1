package storage

import (
	"errors"
	"fmt"
	"io"
)

// Exactly reads from r and turns a length other than size bytes into ErrSize:
// before the last byte is handed out it looks whether another one follows, so
// that a receiver which stops at size bytes cannot miss it.
//
// A size of 0 needs a Read to be checked; one below 0 is always ErrSize.
func Exactly(r io.Reader, size int64) io.Reader {
	e := &exactReader{r: r, left: size}
	if size < 0 {
		e.err = ErrSize
	}
	return e
}

type exactReader struct {
	r    io.Reader
	left int64
	idle int   // reads in a row that gave nothing
	err  error // sticky
}

// mostIdle is how many empty reads in a row are taken for a broken reader.
const mostIdle = 100

func (e *exactReader) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	if e.left == 0 { // only for size 0: all others end below
		e.err = e.end()
		return 0, e.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	if n == 0 && err == nil {
		if e.idle++; e.idle >= mostIdle {
			err = io.ErrNoProgress
		}
	} else {
		e.idle = 0
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		e.err = fmt.Errorf("read source: %w", err)
		return n, e.err
	case e.left == 0:
		if e.err = e.end(); !errors.Is(e.err, io.EOF) {
			return 0, e.err
		}
		return n, nil
	case err != nil:
		e.err = ErrSize
		return n, e.err
	}
	return n, nil
}

// end gives io.EOF if the source has no more bytes.
func (e *exactReader) end() error {
	var b [1]byte
	for range mostIdle {
		n, err := e.r.Read(b[:])
		switch {
		case n > 0:
			return ErrSize
		case errors.Is(err, io.EOF):
			return io.EOF
		case err != nil:
			return fmt.Errorf("read source: %w", err)
		}
	}
	return io.ErrNoProgress
}
