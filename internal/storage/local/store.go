package local

import (
	"context"
	"errors"
	"io"

	"vitrine/internal/storage"
)

// Config says where the folder is.
type Config struct {
	Root string // made if missing
}

// Store keeps objects as files below one folder. It is a storage.Adopter.
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
func (s *Store) Check(ctx context.Context) error                   { return errTodo }
func (s *Store) Adopt(ctx context.Context, key, path string) error { return errTodo }
