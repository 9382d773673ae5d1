package s3

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"vitrine/internal/storage"
)

// maxKey is S3's limit for a key with its prefix, in bytes.
const maxKey = 1024

// Store keeps objects in an S3 bucket. It is a storage.Store and a
// storage.Linker, safe for many goroutines.
type Store struct {
	cfg  Config
	core minio.Core

	exclusive exclusive
	writing   keyLocks

	mu      sync.Mutex
	checked time.Time // when Check last wrote
}

// New prepares the client. It does not talk to the server: Check does.
func New(c Config) (*Store, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	transport, err := minio.DefaultTransport(!c.Insecure)
	if err != nil {
		return nil, errors.New("the certificates of this machine cannot be read")
	}
	transport.MaxIdleConnsPerHost = 64
	lookup := minio.BucketLookupDNS
	if c.PathStyle {
		lookup = minio.BucketLookupPath
	}
	core, err := minio.NewCore(c.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:       !c.Insecure,
		Transport:    asking{patient(transport.Clone(), readPatience), patient(transport, storePatience)},
		Region:       c.Region,
		BucketLookup: lookup,
		MaxRetries:   3,
	})
	if err != nil {
		return nil, refusal("use the S3 endpoint", err)
	}
	return &Store{cfg: c, core: *core}, nil
}

// object is the name in the bucket of a key.
func (s *Store) object(key string) (string, error) {
	if _, err := storage.ParseKey(key); err != nil {
		return "", err
	}
	if len(s.cfg.Prefix)+len(key) > maxKey {
		return "", storage.ErrKey
	}
	return s.cfg.Prefix + key, nil
}

// Stat implements storage.Store.
func (s *Store) Stat(ctx context.Context, key string) (storage.Info, error) {
	oi, err := s.stat(ctx, key)
	if err != nil {
		return storage.Info{}, err
	}
	return info(key, oi), nil
}

func (s *Store) stat(ctx context.Context, key string) (minio.ObjectInfo, error) {
	name, err := s.object(key)
	if err != nil {
		return minio.ObjectInfo{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	oi, err := s.core.StatObject(ctx, s.cfg.Bucket, name, minio.StatObjectOptions{})
	return oi, refusal("stat object", err)
}

// Delete implements storage.Store.
func (s *Store) Delete(ctx context.Context, key string) error {
	name, err := s.object(key)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	err = refusal("delete object", s.core.RemoveObject(ctx, s.cfg.Bucket, name, minio.RemoveObjectOptions{}))
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	return err
}

// List implements storage.Store: pages of up to 1000 objects, each asked for
// when the one before is used up.
func (s *Store) List(ctx context.Context, after string, fn func(storage.Info) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	opts := minio.ListObjectsOptions{Prefix: s.cfg.Prefix, Recursive: true, MaxKeys: 1000}
	if after != "" {
		opts.StartAfter = s.cfg.Prefix + after
	}
	for oi := range s.core.ListObjectsIter(ctx, s.cfg.Bucket, opts) {
		if oi.Err != nil {
			return refusal("list objects", oi.Err)
		}
		key := oi.Key[len(s.cfg.Prefix):]
		if _, err := storage.ParseKey(key); err != nil || key <= after {
			continue // not ours, or our own probes
		}
		if err := fn(info(key, oi)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Link implements storage.Linker.
func (s *Store) Link(ctx context.Context, key string, o storage.LinkOptions) (string, error) {
	name, err := s.object(key)
	if err != nil {
		return "", err
	}
	expires := min(max(o.Expires, time.Second), 7*24*time.Hour)
	answer := url.Values{}
	answer.Set("response-cache-control", fmt.Sprintf("private, max-age=%d", int(expires.Seconds())))
	if o.MIME != "" {
		answer.Set("response-content-type", o.MIME)
	}
	if o.Filename != "" {
		if d := mime.FormatMediaType("inline", map[string]string{"filename": o.Filename}); d != "" {
			answer.Set("response-content-disposition", d)
		}
	}
	u, err := s.core.PresignedGetObject(ctx, s.cfg.Bucket, name, expires, answer)
	if err != nil {
		return "", refusal("sign link", err)
	}
	return u.String(), nil
}

func info(key string, oi minio.ObjectInfo) storage.Info {
	return storage.Info{Key: key, Size: oi.Size, ModTime: oi.LastModified.UTC()}
}

var (
	_ storage.Store  = (*Store)(nil)
	_ storage.Linker = (*Store)(nil)
)
