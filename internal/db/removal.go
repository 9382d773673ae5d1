package db

import (
	"context"
	"encoding/json"
	"fmt"
)

// Removal names objects that no row refers to any more and that are still to be
// removed from their storage. It is written with the deletion of their row.
type Removal struct {
	ID      int64
	Storage string
	Keys    []string
}

const (
	selectRemovals = `SELECT r.id, r.storage, r.keys FROM removals r ORDER BY r.id LIMIT $1`
	insertRemoval  = `INSERT INTO removals (storage, keys) VALUES ($1, $2)`
	deleteRemoval  = `DELETE FROM removals WHERE id = $1`
)

func scanRemoval(s scanner) (r Removal, err error) {
	var keys []byte
	if err := s.Scan(&r.ID, &r.Storage, &keys); err != nil {
		return r, err
	}
	return r, json.Unmarshal(keys, &r.Keys)
}

// Removals returns up to limit removals that are still to be done, oldest first.
func (d *DB) Removals(ctx context.Context, limit int) ([]Removal, error) {
	rows, err := d.reader.query(ctx, selectRemovals, limit)
	list, err := collect(rows, err, scanRemoval)
	if err != nil {
		return nil, d.fail("list removals", err)
	}
	return list, nil
}

// DeleteRemoval takes a removal off the list; no error if it is gone already.
func (d *DB) DeleteRemoval(ctx context.Context, id int64) error {
	if _, err := d.writer.exec(ctx, deleteRemoval, id); err != nil {
		return d.fail("take a removal off the list", err)
	}
	return nil
}

func (t *Tx) createRemoval(ctx context.Context, storage string, keys []string) error {
	text, err := json.Marshal(keys)
	if err != nil {
		return fmt.Errorf("write down a removal: %w", err)
	}
	if _, err := t.exec(ctx, insertRemoval, storage, string(text)); err != nil {
		return fmt.Errorf("write down a removal: %w", err)
	}
	return nil
}
