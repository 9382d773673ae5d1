package db

import (
	"context"

	"vitrine/internal/vitrine"
)

// FilesOfKeys returns the files of the storage (empty: of all) that may own objects with
// these keys, as FilesNamed does.
func (d *DB) FilesOfKeys(ctx context.Context, storage string, keys []string) ([]vitrine.File, error) {
	return d.FilesNamed(ctx, storage, NamesOfKeys(keys))
}

// ClaimedKeys tells which of the keys of a storage belong to a file.
func (d *DB) ClaimedKeys(ctx context.Context, storage string, keys []string) (map[string]bool, error) {
	files, err := d.FilesOfKeys(ctx, storage, keys)
	if err != nil {
		return nil, err
	}
	claimed := make(map[string]bool)
	for i := range files {
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
