package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/minio/minio-go/v7"

	"vitrine/internal/storage"
)

// probe is the prefix of objects that only tests of the server write. No key
// begins with a dot, so that List never shows them.
const probe = ".vitrine-probe-"

// exclusive remembers whether the server honours If-None-Match: *.
type exclusive struct {
	mu       sync.Mutex
	asked    bool
	honoured bool
}

// Exclusive reports whether the server itself refuses to replace an object. It
// is found out once, by writing a small object twice. Where it does not, two
// nodes that write one key at the same moment may replace each other's bytes,
// and the log says so.
func (s *Store) Exclusive(ctx context.Context) (bool, error) {
	s.exclusive.mu.Lock()
	defer s.exclusive.mu.Unlock()
	if s.exclusive.asked {
		return s.exclusive.honoured, nil
	}
	honoured, err := s.ask(ctx)
	if err != nil {
		return false, err
	}
	s.exclusive.asked, s.exclusive.honoured = true, honoured
	if !honoured {
		s.cfg.Logger.WarnContext(ctx, "the S3 server ignores If-None-Match: names are reserved in the database instead")
	}
	return honoured, nil
}

func (s *Store) ask(ctx context.Context) (honoured bool, err error) {
	name := s.cfg.Prefix + probe + rand.Text()
	err = s.send(ctx, name, bytes.NewReader([]byte("vitrine")), 7, "text/plain", "", true)
	if answer, ok := errors.AsType[minio.ErrorResponse](err); ok && unknownHeader(answer) {
		return false, nil
	}
	if err != nil {
		return false, refusal("try the S3 server", err)
	}
	again := s.send(ctx, name, bytes.NewReader([]byte("vitrine")), 7, "text/plain", "", true)
	if err := s.core.RemoveObject(ctx, s.cfg.Bucket, name, minio.RemoveObjectOptions{}); err != nil {
		return false, refusal("remove the probe", err)
	}
	if again = refusal("try the S3 server", again); again != nil && !errors.Is(again, storage.ErrExists) {
		return false, again
	}
	return again != nil, nil
}

// keyLocks lets one goroutine at a time write a key.
type keyLocks struct {
	mu   sync.Mutex
	held map[string]*keyLock
}

type keyLock struct {
	sync.Mutex
	users int
}

// lock waits for the key and gives the function that lets it go.
func (k *keyLocks) lock(key string) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = make(map[string]*keyLock)
	}
	l := k.held[key]
	if l == nil {
		l = new(keyLock)
		k.held[key] = l
	}
	l.users++
	k.mu.Unlock()
	l.Lock()
	return func() {
		l.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(k.held, key)
		}
	}
}
