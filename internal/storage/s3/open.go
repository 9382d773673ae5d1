package s3

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"

	"vitrine/internal/storage"
)

// The ranges that a reader asks for grow from the first to the last of these
// while it reads on, so that a look at the beginning of a film costs little and
// reading all of it few requests. Both are bytes.
const (
	firstWindow = 1 << 20
	lastWindow  = 16 << 20
)

// mostFailures is how often in a row a broken connection is made anew.
const mostFailures = 3

// Open implements storage.Store. It asks for the object's description only;
// Content then fetches what is read. ctx governs those fetches too.
func (s *Store) Open(ctx context.Context, key string) (*storage.Object, error) {
	oi, err := s.stat(ctx, key)
	if err != nil {
		return nil, err
	}
	content := &reader{
		size:   oi.Size,
		window: firstWindow,
		fetch: func(from, to int64) (io.ReadCloser, error) {
			return s.fetch(ctx, s.cfg.Prefix+key, oi.ETag, from, to)
		},
	}
	return &storage.Object{Info: info(key, oi), Content: content}, nil
}

// fetch asks for the bytes from, up to but without to, of the very object that
// has the ETag.
func (s *Store) fetch(ctx context.Context, name, etag string, from, to int64) (io.ReadCloser, error) {
	var opts minio.GetObjectOptions
	if err := opts.SetRange(from, to-1); err != nil {
		return nil, fmt.Errorf("read object: %w", err)
	}
	if etag != "" {
		if err := opts.SetMatchETag(etag); err != nil {
			return nil, fmt.Errorf("read object: %w", err)
		}
	}
	body, _, header, err := s.core.GetObject(ctx, s.cfg.Bucket, name, opts)
	if err != nil {
		return nil, refusal("read object", err)
	}
	if from > 0 && header.Get("Content-Range") == "" {
		return nil, errors.Join(errors.New("read object: the S3 server does not know ranges"), body.Close())
	}
	return body, nil
}

// reader reads an object of known size by ranges. For one goroutine.
type reader struct {
	size     int64
	pos      int64
	window   int64
	fetch    func(from, to int64) (io.ReadCloser, error)
	body     io.ReadCloser // stands at pos; nil: none open
	end      int64         // where body ends
	failures int           // without a byte in between
	closed   bool
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	for {
		switch {
		case r.closed:
			return 0, errors.New("read object: already closed")
		case r.pos >= r.size:
			return 0, io.EOF
		case len(p) == 0:
			return 0, nil
		}
		if err := r.open(); err != nil {
			return 0, err
		}
		n, err := r.body.Read(p[:min(int64(len(p)), r.end-r.pos)])
		r.pos += int64(n)
		if n > 0 {
			r.failures = 0
		}
		switch {
		case r.pos == r.end:
			r.drain()
			return n, nil
		case err == nil && n > 0:
			return n, nil
		case err != nil:
			r.drop()
			if n > 0 {
				return n, nil
			}
			if r.failures++; r.failures >= mostFailures {
				return 0, refusal("read object", cut(err))
			}
		}
	}
}

func (r *reader) open() error {
	if r.body != nil {
		return nil
	}
	end := min(r.pos+r.window, r.size)
	body, err := r.fetch(r.pos, end)
	if err != nil {
		return err
	}
	r.body, r.end = body, end
	r.window = min(2*r.window, lastWindow)
	return nil
}

// drain closes a body that is used up, so that its connection can be used again.
func (r *reader) drain() {
	_, _ = r.body.Read(make([]byte, 1))
	r.drop()
}

func (r *reader) drop() {
	if r.body != nil {
		_ = r.body.Close()
		r.body = nil
	}
}

// Seek implements io.Seeker. It asks nothing of the server.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return r.pos, errors.New("seek object: before its beginning")
	}
	if offset != r.pos {
		r.drop()
		r.pos, r.window = offset, firstWindow
	}
	return offset, nil
}

// Close implements io.Closer.
func (r *reader) Close() error {
	r.drop()
	r.closed = true
	return nil
}

// cut is what an end before the end means.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
