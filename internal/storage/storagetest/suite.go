package storagetest

import (
	"testing"

	"vitrine/internal/storage"
)

// Run holds a kind of store to the contract of storage.Store. newStore gives a
// fresh empty one.
func Run(t *testing.T, newStore func(t *testing.T) storage.Store) {}
