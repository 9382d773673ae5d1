package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	countAttempt = `INSERT INTO attempts (key, ends_at, tries) VALUES ($1, $2, 1) ON CONFLICT (key) DO UPDATE SET
		tries = CASE WHEN attempts.ends_at <= $3 THEN 1 ELSE attempts.tries + 1 END,
		ends_at = CASE WHEN attempts.ends_at <= $3 THEN excluded.ends_at ELSE attempts.ends_at END
		RETURNING tries, ends_at`
	selectAttempts      = `SELECT tries, ends_at FROM attempts WHERE key = $1 AND ends_at > $2`
	deleteAttempts      = `DELETE FROM attempts WHERE key = $1`
	deleteAttemptsEnded = `DELETE FROM attempts WHERE ends_at <= $1`
)

// CountAttempt counts an attempt under a key and returns how many there are in its
// window and when that ends. The first attempt opens a window of this length; further
// ones do not make it longer.
func (t *Tx) CountAttempt(ctx context.Context, key string, now time.Time, window time.Duration) (n int, ends time.Time, err error) {
	var end int64
	if err := t.row(ctx, countAttempt, key, micros(now.Add(window)), micros(now)).Scan(&n, &end); err != nil {
		return 0, time.Time{}, fmt.Errorf("count an attempt: %w", err)
	}
	return n, instant(end), nil
}

// Attempts returns how many attempts there are under the key and when their window
// ends; 0 and the zero Time if there is none.
func (d *DB) Attempts(ctx context.Context, key string, now time.Time) (n int, ends time.Time, err error) {
	var end int64
	err = d.reader.row(ctx, selectAttempts, key, micros(now)).Scan(&n, &end)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, time.Time{}, d.fail("count attempts", err)
	}
	return n, instant(end), nil
}

// ForgetAttempts ends the window of a key.
func (t *Tx) ForgetAttempts(ctx context.Context, key string) error {
	if _, err := t.exec(ctx, deleteAttempts, key); err != nil {
		return fmt.Errorf("forget attempts: %w", err)
	}
	return nil
}

// PurgeAttempts deletes windows that have ended.
func (t *Tx) PurgeAttempts(ctx context.Context, now time.Time) error {
	if _, err := t.exec(ctx, deleteAttemptsEnded, micros(now)); err != nil {
		return fmt.Errorf("purge attempts: %w", err)
	}
	return nil
}
