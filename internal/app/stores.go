package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/storage/s3"
)

// openStores makes the set of storages.
func (a *App) openStores(context.Context) error {
	if mistakes := a.Config.checkStorages(); len(mistakes) > 0 {
		return errors.Join(mistakes...)
	}
	all, defaultName := a.Config.allStorages()
	c := storage.Config{
		Default: defaultName, Stores: make(map[string]storage.Store), Rules: make(map[string]storage.Rules), Usage: a.storageUsage,
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		store, err := a.openStore(name, all[name])
		if err != nil {
			return err
		}
		c.Stores[name], c.Rules[name] = store, all[name].Rules
	}
	a.Stores = storage.New(c)
	return nil
}

// missStores warns of storages that have files and are not configured.
func (a *App) missStores(ctx context.Context) error {
	list, err := a.DB.StorageUsage(ctx)
	if err != nil {
		return err
	}
	for _, u := range list {
		if _, err := a.Stores.Get(u.Storage); err != nil && u.Files > 0 {
			a.log.WarnContext(ctx, "files are in a storage that is not configured, nobody can see them", "storage", u.Storage, "files", u.Files)
		}
	}
	return nil
}

// storageUsage is how many bytes lie in each storage.
func (a *App) storageUsage(ctx context.Context) (map[string]int64, error) {
	list, err := a.DB.StorageUsage(ctx)
	if err != nil {
		return nil, err
	}
	used := make(map[string]int64, len(list))
	for _, u := range list {
		used[u.Storage] = u.Bytes
	}
	return used, nil
}

func (a *App) openStore(name string, st Storage) (storage.Store, error) {
	if st.Bucket != nil {
		b := *st.Bucket
		b.Logger = a.log.With("storage", name)
		bucket, err := s3.New(b)
		if err != nil {
			return nil, fmt.Errorf("the bucket of storage %s cannot be used: %w", name, err)
		}
		return a.meter.watch(name, bucket), nil
	}
	folder, err := local.New(local.Config{Root: st.Folder})
	if err != nil {
		return nil, fmt.Errorf("the storage folder %s cannot be used: %w", st.Folder, cause(err))
	}
	return a.meter.watch(name, folder), nil
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
