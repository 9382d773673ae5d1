package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// FilesOfKeys returns the files of all storages that may own objects with these keys, as
// FilesNamed does.
func (d *DB) FilesOfKeys(ctx context.Context, keys []string) ([]vitrine.File, error) {
	return d.FilesNamed(ctx, "", NamesOfKeys(keys))
}

// ClaimedKeys tells which of the keys belong to a file in one of the storages.
func (d *DB) ClaimedKeys(ctx context.Context, keys []string, in func(storage string) bool) (map[string]bool, error) {
	files, err := d.FilesOfKeys(ctx, keys)
	if err != nil {
		return nil, err
	}
	claimed := make(map[string]bool)
	for i := range files {
		if !in(files[i].Storage) {
			continue
		}
		for _, key := range files[i].Keys() {
			claimed[key] = true
		}
	}
	return claimed, nil
}

// NamesOfKeys are the names of the files that may own objects with these keys: "a.th.jpg"
// is the thumb of a, or the original of a.th.
func NamesOfKeys(keys []string) []FileName {
	var names []FileName
	for _, key := range keys {
		folder, name, _, ok := vitrine.SplitKey(key)
		if !ok {
			continue
		}
		names = append(names, FileName{folder, name})
		if base, _, isVariant := vitrine.SplitVariantName(name); isVariant {
			names = append(names, FileName{folder, base})
		}
	}
	return distinct(names)
}
