package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/storage/s3"
)

// The names of storages, as rows of files have them.
const (
	localStore  = "local"
	bucketStore = "s3"
)

// openStores makes the set of storages. New files go to the one that is
// configured; where that is a bucket, files from before it are still served
// from the local folder, if there is one.
func (a *App) openStores(context.Context) error {
	c := a.Config.Storage
	stores, name := make(map[string]storage.Store), localStore
	if c.Bucket != nil {
		name = bucketStore
		b := *c.Bucket
		b.Logger = a.log
		bucket, err := s3.New(b)
		if err != nil {
			return fmt.Errorf("the bucket cannot be used: %w", err)
		}
		stores[bucketStore] = bucket
	}
	if _, err := os.Stat(c.Folder); name == localStore || err == nil {
		folder, err := local.New(local.Config{Root: c.Folder})
		if err != nil {
			return fmt.Errorf("the storage folder %s cannot be used: %w", c.Folder, cause(err))
		}
		stores[localStore] = folder
	}
	a.Stores = storage.NewSet(stores, name)
	return nil
}

// sweepStores removes the remains of writes that a crash broke off.
func (a *App) sweepStores(ctx context.Context) error {
	var errs []error
	for _, name := range a.Stores.Names() {
		store, err := a.Stores.Get(name)
		if sweeper, ok := store.(storage.Sweeper); ok {
			_, err = sweeper.Sweep(ctx, time.Hour)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
