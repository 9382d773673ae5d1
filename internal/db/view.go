package db

import (
	"context"
	"time"
)

// AddViews adds views by the id of what was seen. What is gone is passed over.
func (t *Tx) AddViews(ctx context.Context, files, albums map[int64]int64, at time.Time) error {
	return errNotBuilt
}
