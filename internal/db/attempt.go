package db

import (
	"context"
	"time"
)

// CountAttempt counts an attempt under a key and returns how many there are in its
// window and when that ends. The first attempt opens a window of this length; further
// ones do not make it longer.
func (t *Tx) CountAttempt(ctx context.Context, key string, now time.Time, window time.Duration) (n int, ends time.Time, err error) {
	return 0, time.Time{}, errNotBuilt
}

// Attempts returns how many attempts there are under the key and when their window
// ends; 0 and the zero Time if there is none.
func (d *DB) Attempts(ctx context.Context, key string, now time.Time) (n int, ends time.Time, err error) {
	return 0, time.Time{}, errNotBuilt
}

// ForgetAttempts ends the window of a key.
func (t *Tx) ForgetAttempts(ctx context.Context, key string) error { return errNotBuilt }

// PurgeAttempts deletes windows that have ended.
func (t *Tx) PurgeAttempts(ctx context.Context, now time.Time) error { return errNotBuilt }
