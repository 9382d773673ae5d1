package db

import (
	"context"
	"fmt"
	"time"
)

const (
	upsertHold  = `INSERT INTO holds (name, ends_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET ends_at = excluded.ends_at`
	deleteHold  = `DELETE FROM holds WHERE name = $1`
	deleteEnded = `DELETE FROM holds WHERE ends_at <= $1`
	selectHeld  = `SELECT EXISTS (SELECT 1 FROM holds h WHERE h.ends_at > $1)`
)

// SetHold sets a hold of this name, or changes when it ends. While a hold is alive, no
// objects are removed from storages: what was there when it began stays, for a backup to
// read. It ends by itself, so that one whose maker died does not last.
func (t *Tx) SetHold(ctx context.Context, name string, until time.Time) error {
	if _, err := t.exec(ctx, upsertHold, name, micros(until)); err != nil {
		return fmt.Errorf("set a hold: %w", err)
	}
	return nil
}

// DropHold ends a hold; no error if there is none.
func (t *Tx) DropHold(ctx context.Context, name string) error {
	if _, err := t.exec(ctx, deleteHold, name); err != nil {
		return fmt.Errorf("end a hold: %w", err)
	}
	return nil
}

// PurgeHolds deletes holds that have ended.
func (t *Tx) PurgeHolds(ctx context.Context, now time.Time) error {
	if _, err := t.exec(ctx, deleteEnded, micros(now)); err != nil {
		return fmt.Errorf("purge holds: %w", err)
	}
	return nil
}

// Held reports whether a hold is alive. Who is about to delete objects that no row has
// claimed asks after looking for the rows: then no row that the hold protects is missed.
func (d *DB) Held(ctx context.Context, now time.Time) (held bool, err error) {
	if err := d.reader.row(ctx, selectHeld, micros(now)).Scan(&held); err != nil {
		return false, d.fail("look for holds", err)
	}
	return held, nil
}
