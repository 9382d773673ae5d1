package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

const (
	// blockSize is how much is handed on at once.
	blockSize = 256 << 10
	// mostLine bounds the memory that a damaged backup can make us take; no row is near.
	mostLine = 256 << 20
	// window bounds the memory that reading takes.
	window = 1 << 20
)

// writer writes lines into a compressed file and counts them.
type writer struct {
	file  *os.File
	count *counter
	zip   *zstd.Encoder
	lines int64
}

// counter counts and hashes what it passes on.
type counter struct {
	to    io.Writer
	hash  hash.Hash
	bytes int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.hash.Write(p[:n])
	c.bytes += int64(n)
	return n, err
}

func create(path string) (*writer, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, err
	}
	count := &counter{to: f, hash: sha256.New()}
	zip, err := zstd.NewWriter(count, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window),
		zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &writer{file: f, count: count, zip: zip}, nil
}

// line writes a line, which has its end.
func (w *writer) line(b []byte) error {
	w.lines++
	_, err := w.zip.Write(b)
	return err
}

// flush makes what was written durable; a reader of the file that was broken off after
// it finds it.
func (w *writer) flush() error {
	if err := w.zip.Flush(); err != nil {
		return err
	}
	return w.file.Sync()
}

// close makes the file durable and says what it is.
func (w *writer) close(p Part) (Part, error) {
	if err := errors.Join(w.zip.Close(), w.file.Sync(), w.file.Close()); err != nil {
		return p, err
	}
	p.Bytes, p.SHA256 = w.count.bytes, hex.EncodeToString(w.count.hash.Sum(nil))
	return p, nil
}

// abandon lets the file go as it is.
func (w *writer) abandon() {
	_ = w.zip.Close() // it will be written anew
	w.file.Close()
}

// reader reads the lines of a compressed file.
type reader struct {
	file *os.File
	zip  *zstd.Decoder
	in   *bufio.Reader
	long []byte // a line that does not fit into the buffer
}

func open(path string) (*reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	zip, err := zstd.NewReader(bufio.NewReaderSize(f, blockSize), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8*window))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &reader{file: f, zip: zip, in: bufio.NewReaderSize(zip, blockSize)}, nil
}

// line reads a line with its end, io.EOF after the last. It stays until the next call.
// A last line without its end is io.ErrUnexpectedEOF.
func (r *reader) line() ([]byte, error) {
	part, err := r.in.ReadSlice('\n')
	if err == nil {
		return part, nil
	}
	r.long = r.long[:0]
	for errors.Is(err, bufio.ErrBufferFull) && len(r.long) < mostLine {
		r.long = append(r.long, part...)
		part, err = r.in.ReadSlice('\n')
	}
	r.long = append(r.long, part...)
	switch {
	case err == nil:
		return r.long, nil
	case errors.Is(err, io.EOF) && len(r.long) > 0:
		return nil, io.ErrUnexpectedEOF
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	}
	return nil, fmt.Errorf("read a compressed file: %w", err)
}

func (r *reader) close() {
	r.zip.Close()
	r.file.Close()
}

// digestOf is size and SHA-256 of a file.
func digestOf(path string, read func([]byte) error) (size int64, digest string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h, b := sha256.New(), make([]byte, blockSize)
	for {
		n, err := f.Read(b)
		h.Write(b[:n])
		size += int64(n)
		if read != nil && n > 0 {
			if err := read(b[:n]); err != nil {
				return 0, "", err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return size, hex.EncodeToString(h.Sum(nil)), nil
		case err != nil:
			return 0, "", err
		}
	}
}

// trim takes the line end off.
func trim(line []byte) []byte { return bytes.TrimSuffix(line, []byte("\n")) }
