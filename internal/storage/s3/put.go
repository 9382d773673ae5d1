package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"vitrine/internal/storage"
)

const (
	// maxObject is the most that one PUT may carry.
	maxObject = 5 << 30
	// cacheControl is for clients that are sent to the bucket: objects never change.
	cacheControl = "public, max-age=31536000, immutable"
	// writerTag is the metadata by which a Put recognises its own object, when
	// the answer to its first try was lost and the second finds the key taken.
	writerTag = "Vitrine-Writer"
)

// Put implements storage.Store. A reader that is an io.ReaderAt and io.Seeker,
// as an *os.File is, is sent again when the network fails or another writer stands
// in the way; others get one try.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	name, err := s.object(key)
	if err != nil {
		return err
	}
	if size < 0 || size > maxObject {
		return fmt.Errorf("put object of %d bytes: %w", size, storage.ErrSize)
	}
	body, err := bodyOf(r, size)
	if err != nil {
		return err
	}
	exclusive, err := s.Exclusive(ctx)
	if err != nil {
		return err
	}
	if !exclusive {
		defer s.writing.lock(key)()
		if _, err := s.stat(ctx, key); err == nil {
			return storage.ErrExists
		} else if !errors.Is(err, storage.ErrNotFound) {
			return err
		}
	}
	writer := rand.Text()
	err = s.send(ctx, name, body, size, mime, writer, exclusive)
	if err == nil {
		return nil
	}
	if answer, ok := errors.AsType[minio.ErrorResponse](err); ok && (taken(answer) || contested(answer)) {
		return s.settle(ctx, key, writer, refusal("put object", err))
	}
	return refusal("put object", err)
}

func (s *Store) send(ctx context.Context, name string, body io.Reader, size int64, mime, writer string, exclusive bool) error {
	opts := minio.PutObjectOptions{
		ContentType:      mime,
		CacheControl:     cacheControl,
		DisableMultipart: true,
		// The client would sign an empty body as one of unknown length.
		DisableContentSha256: size == 0,
	}
	if writer != "" {
		opts.UserMetadata = map[string]string{writerTag: writer}
	}
	if exclusive {
		opts.SetMatchETagExcept("*")
	}
	ctx, cancel := context.WithTimeout(ctx, putPatience+time.Duration(size/putRate)*time.Second)
	defer cancel()
	return insist(ctx, body, func() error {
		_, err := s.core.Client.PutObject(ctx, s.cfg.Bucket, name, body, size, opts)
		return err
	})
}

// settle decides what a Put means that found the key taken: the object may be
// its own, from a try whose answer was lost.
func (s *Store) settle(ctx context.Context, key, writer string, refused error) error {
	oi, err := s.stat(ctx, key)
	switch {
	case err != nil:
		return refused
	case oi.UserMetadata[writerTag] == writer:
		return nil
	}
	return storage.ErrExists
}

// bodyOf is r as a reader that ends with an error if it has not exactly size
// bytes; one that can be read again if r can.
func bodyOf(r io.Reader, size int64) (io.Reader, error) {
	at, ok := r.(interface {
		io.ReaderAt
		io.Seeker
	})
	if !ok {
		return stream(r, size)
	}
	from, err := at.Seek(0, io.SeekCurrent)
	if err != nil { // a pipe is an *os.File that cannot seek
		return stream(r, size)
	}
	end, err := at.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("read source: %w", err)
	}
	if _, err := at.Seek(from, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read source: %w", err)
	}
	if end-from != size {
		return nil, storage.ErrSize
	}
	return io.NewSectionReader(at, from, size), nil
}

// stream is r once. Nothing is read of a body of 0 bytes, so that is done here.
func stream(r io.Reader, size int64) (io.Reader, error) {
	r = storage.Exactly(r, size)
	if size > 0 {
		return r, nil
	}
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return nil, err
	}
	return bytes.NewReader(nil), nil
}
