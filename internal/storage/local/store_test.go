package local_test

import (
	"testing"

	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/storage/storagetest"
)

func newStore(t testing.TB) (s *local.Store, root string) {
	t.Helper()
	root = t.TempDir()
	s, err := local.New(local.Config{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, root
}

func TestStore(t *testing.T) {
	t.Parallel()
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		storagetest.Run(t, func(t *testing.T) storage.Store {
			s, _ := newStore(t)
			return s
		})
	})
}
