package db

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

var updateFileViews = `UPDATE files SET views = views + $2, score = ` + scoreWith("$3") + ` WHERE id = $1`

const updateAlbumViews = `UPDATE albums SET views = views + $2 WHERE id = $1`

// AddViews adds views by the id of what was seen, to the trend of files too. What is
// gone is passed over.
func (t *Tx) AddViews(ctx context.Context, files, albums map[int64]int64, at time.Time) error {
	for _, id := range sortedKeys(files) {
		if n := files[id]; n > 0 {
			if _, err := t.exec(ctx, updateFileViews, id, n, weight(n, at)); err != nil {
				return fmt.Errorf("count views of a file: %w", err)
			}
		}
	}
	for _, id := range sortedKeys(albums) {
		if _, err := t.exec(ctx, updateAlbumViews, id, albums[id]); err != nil {
			return fmt.Errorf("count views of an album: %w", err)
		}
	}
	return nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}
