package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const (
	selectPlace = `SELECT value FROM marks WHERE name = $1`
	upsertPlace = `INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	deletePlace = `DELETE FROM marks WHERE name = $1`
)

// Mark returns what SetMark keeps under the name, empty if nothing.
func (d *DB) Mark(ctx context.Context, name string) (value string, err error) {
	err = d.reader.row(ctx, selectPlace, name).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", d.fail("read a mark", err)
	}
	return value, nil
}

// SetMark notes something about this place, not about the site: where a long walk is,
// what its last backup was. The empty value forgets it.
func (t *Tx) SetMark(ctx context.Context, name, value string) (err error) {
	if value == "" {
		_, err = t.exec(ctx, deletePlace, name)
	} else {
		_, err = t.exec(ctx, upsertPlace, name, value)
	}
	if err != nil {
		return fmt.Errorf("set a mark: %w", err)
	}
	return nil
}
