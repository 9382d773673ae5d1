package db

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"vitrine/internal/vitrine"
)

// StorageUsage is what the files of a storage are together.
type StorageUsage struct {
	Storage string
	Files   int64
	Bytes   int64 // of originals and variants
}

// usageShards is over how many rows the counters of a storage are spread. Each node has
// at most a dozen transactions at a time, and one holds a row for the time of a commit.
const usageShards = 16

const (
	countStorage = `INSERT INTO storage_usage (storage, shard, file_count, byte_count) VALUES ($1, $2, $3, $4)
		ON CONFLICT (storage, shard) DO UPDATE SET file_count = storage_usage.file_count + excluded.file_count,
		byte_count = storage_usage.byte_count + excluded.byte_count`
	selectStorageUsage = `SELECT u.storage, CAST(sum(u.file_count) AS BIGINT), CAST(sum(u.byte_count) AS BIGINT)
		FROM storage_usage u GROUP BY u.storage ORDER BY u.storage`
	// One statement sees one moment: the difference is right whatever goes on meanwhile.
	selectUsageDrift = `SELECT d.storage, CAST(sum(d.files) AS BIGINT), CAST(sum(d.bytes) AS BIGINT) FROM (
		SELECT storage, count(*) AS files, sum(size + thumb_size + medium_size + frame_size) AS bytes FROM files GROUP BY storage UNION ALL
		SELECT storage, -sum(file_count), -sum(byte_count) FROM storage_usage GROUP BY storage) d
		GROUP BY d.storage HAVING sum(d.files) <> 0 OR sum(d.bytes) <> 0 ORDER BY d.storage`
	// emptyUsage and fillUsage count anew what lies in storages that nobody changes.
	emptyUsage = `DELETE FROM storage_usage`
	fillUsage  = `INSERT INTO storage_usage (storage, shard, file_count, byte_count)
		SELECT storage, 0, count(*), CAST(sum(size + thumb_size + medium_size + frame_size) AS BIGINT) FROM files GROUP BY storage`
	bumpStorageUsage = `UPDATE versions SET value = value + 1 WHERE name = 'storage_usage'`
)

func scanUsage(s scanner) (u StorageUsage, err error) {
	return u, s.Scan(&u.Storage, &u.Files, &u.Bytes)
}

// StorageUsage returns what lies in each storage that ever had a file, by name. Only a
// few rows are read.
func (d *DB) StorageUsage(ctx context.Context) ([]StorageUsage, error) {
	rows, err := d.reader.query(ctx, selectStorageUsage)
	list, err := collect(rows, err, scanUsage)
	if err != nil {
		return nil, d.fail("read the usage of storages", err)
	}
	return list, nil
}

// UsageDrift returns by how much the files of storages are more, or less, than was
// counted: nothing, unless somebody changed rows by hand. It reads all files.
func (d *DB) UsageDrift(ctx context.Context) ([]StorageUsage, error) {
	rows, err := d.reader.query(ctx, selectUsageDrift)
	list, err := collect(rows, err, scanUsage)
	if err != nil {
		return nil, d.fail("count the files of storages", err)
	}
	return list, nil
}

// MendUsage adds UsageDrift to the counters, in the same moment, and returns it. Others
// count on meanwhile.
func (t *Tx) MendUsage(ctx context.Context) ([]StorageUsage, error) {
	if _, err := t.exec(ctx, bumpStorageUsage); err != nil {
		return nil, fmt.Errorf("mend the usage of storages: %w", err)
	}
	rows, err := t.tx.QueryContext(ctx, selectUsageDrift)
	list, err := collect(rows, err, scanUsage)
	if err != nil {
		return nil, fmt.Errorf("count the files of storages: %w", err)
	}
	for _, u := range list {
		t.use(u.Storage, u.Files, u.Bytes)
	}
	return list, nil
}

// LateRemovals counts by storage.
type LateRemovals struct {
	Storage  string
	Removals int64
}

const selectLateRemovals = `SELECT r.storage, count(*) FROM removals r WHERE r.due_at <= $1 GROUP BY r.storage ORDER BY r.storage`

// LateRemovals counts the removals that were due at the instant or before, by storage. It
// reads all of them.
func (d *DB) LateRemovals(ctx context.Context, due time.Time) ([]LateRemovals, error) {
	rows, err := d.reader.query(ctx, selectLateRemovals, micros(due))
	list, err := collect(rows, err, func(s scanner) (r LateRemovals, err error) { return r, s.Scan(&r.Storage, &r.Removals) })
	if err != nil {
		return nil, d.fail("count removals", err)
	}
	return list, nil
}

// use notes that files come to a storage or, below zero, go from it.
func (t *Tx) use(storage string, files, bytes int64) {
	if t.usage == nil {
		t.usage = make(map[string]StorageUsage)
	}
	u := t.usage[storage]
	t.usage[storage] = StorageUsage{storage, u.Files + files, u.Bytes + bytes}
}

// useFile is use for n times the file.
func (t *Tx) useFile(f *vitrine.File, n int64) { t.use(f.Storage, n, n*f.Bytes()) }

// countUsage writes down what was noted. It is the last that a transaction does, so that
// these rows are locked for the shortest time, and always in the same order: one shard,
// storages by name.
func (t *Tx) countUsage(ctx context.Context) error {
	shard := rand.IntN(usageShards)
	for _, name := range sortedKeys(t.usage) {
		u := t.usage[name]
		if u.Files == 0 && u.Bytes == 0 {
			continue
		}
		if _, err := t.exec(ctx, countStorage, name, shard, u.Files, u.Bytes); err != nil {
			return fmt.Errorf("count the usage of a storage: %w", err)
		}
	}
	return nil
}
