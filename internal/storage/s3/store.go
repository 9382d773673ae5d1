package s3

import (
	"context"
	"errors"
	"io"

	"vitrine/internal/storage"
)

// Config says which bucket to use and how to reach it.
type Config struct {
	Endpoint, Bucket, Prefix, Region, AccessKey, SecretKey string
	PathStyle, Insecure                                    bool
}

// Store keeps objects in an S3 bucket. It is a storage.Linker.
type Store struct{}

var errTodo = errors.New("not yet")

// New opens the folder, and makes it if it is missing.
func New(c Config) (*Store, error) { return nil, errTodo }

func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, mime string) error {
	return errTodo
}
func (s *Store) Open(ctx context.Context, key string) (*storage.Object, error) { return nil, errTodo }
func (s *Store) Stat(ctx context.Context, key string) (storage.Info, error) {
	return storage.Info{}, errTodo
}
func (s *Store) Delete(ctx context.Context, key string) error { return errTodo }
func (s *Store) List(ctx context.Context, after string, fn func(storage.Info) error) error {
	return errTodo
}
func (s *Store) Check(ctx context.Context) error { return errTodo }

func (s *Store) Link(ctx context.Context, key string, o storage.LinkOptions) (string, error) {
	return "", errTodo
}
