package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"vitrine/internal/vitrine"
)

// Removal names objects that no row refers to any more, in their storage, and that are
// still to be removed from it. It is written with the change that made them useless: the
// deletion of their file, or its move to another storage. While it stands, no new file
// gets their name, so that whoever removes them removes nobody else's.
type Removal struct {
	ID      int64
	Storage string
	Keys    []string
}

const (
	insertRemoval = `INSERT INTO removals (storage, name, keys, due_at) VALUES ($1, $2, $3, $4)`
	deleteRemoval = `DELETE FROM removals WHERE id = $1`
	delayRemoval  = `UPDATE removals SET due_at = $2, leased_until = 0 WHERE id = $1`
	deleteUnused  = `DELETE FROM removals WHERE storage = $1 AND name = $2 AND leased_until <= $3`
	selectStands  = `SELECT EXISTS (SELECT 1 FROM removals WHERE storage = $1 AND name = $2)`

	// removalStands finds a removal of an object with the name and one of the two
	// extensions, as they end a key in its list.
	removalStands = `EXISTS (SELECT 1 FROM removals r WHERE r.name = $1 AND (replace(r.keys, $2, '') <> r.keys OR replace(r.keys, $3, '') <> r.keys))`

	selectNameRemoved = `SELECT ` + removalStands
)

// leaseRemovals takes those that are due and that nobody works on. Workers pass over each
// other's, where the engine has several.
func leaseRemovals(di dialect) string {
	return `UPDATE removals SET leased_until = $2 WHERE id IN (
		SELECT r.id FROM removals r WHERE r.due_at <= $1 AND r.leased_until <= $1 AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.ends_at > $1)
		ORDER BY r.due_at, r.id LIMIT $3` + di.skipLocked() + `) RETURNING id, storage, keys`
}

func scanRemoval(s scanner) (r Removal, err error) {
	var keys []byte
	if err := s.Scan(&r.ID, &r.Storage, &keys); err != nil {
		return r, err
	}
	return r, json.Unmarshal(keys, &r.Keys)
}

// CreateRemoval orders the removal of objects from a storage, at dueAt (zero: at once) or
// later. name is that of the file that they belong to, or belonged to.
func (t *Tx) CreateRemoval(ctx context.Context, storage string, name FileName, keys []string, dueAt time.Time) error {
	text, err := json.Marshal(keys)
	if err != nil {
		return fmt.Errorf("write down a removal: %w", err)
	}
	if _, err := t.exec(ctx, insertRemoval, storage, name.path(), string(text), micros(dueAt)); err != nil {
		return fmt.Errorf("write down a removal: %w", err)
	}
	return nil
}

// TakeRemovals returns up to limit removals that are due and that nobody else works on,
// longest due first, and leases them: until now+lease nobody else gets them. Within that
// time the caller must delete or delay each, or let it be; afterwards it must not touch
// the objects. It returns none while a hold is alive.
func (d *DB) TakeRemovals(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Removal, error) {
	var list []Removal
	err := d.Tx(ctx, func(ctx context.Context, tx *Tx) error {
		rows, err := tx.tx.QueryContext(ctx, d.texts.leaseRemovals, micros(now), micros(now.Add(lease)), limit)
		list, err = collect(rows, err, scanRemoval)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take removals: %w", err)
	}
	slices.SortFunc(list, func(a, b Removal) int { return int(a.ID - b.ID) })
	return list, nil
}

// DelayRemoval gives a lease back: the removal is due again at dueAt. No error if it is
// gone.
func (d *DB) DelayRemoval(ctx context.Context, id int64, dueAt time.Time) error {
	if _, err := d.writer.exec(ctx, delayRemoval, id, micros(dueAt)); err != nil {
		return d.fail("delay a removal", err)
	}
	return nil
}

// DeleteRemoval takes a removal off the list; no error if it is gone already.
func (d *DB) DeleteRemoval(ctx context.Context, id int64) error {
	if _, err := d.writer.exec(ctx, deleteRemoval, id); err != nil {
		return d.fail("take a removal off the list", err)
	}
	return nil
}

// DropRemovals takes back what was ordered for a name in a storage, for a file that
// returns there before its objects were removed. CodeBusy says that somebody is removing
// them at this moment: the transaction must be given up, and may be tried again later.
func (t *Tx) DropRemovals(ctx context.Context, storage string, name FileName, now time.Time) error {
	if _, err := t.exec(ctx, deleteUnused, storage, name.path(), micros(now)); err != nil {
		return fmt.Errorf("take removals back: %w", err)
	}
	var stands bool
	if err := t.row(ctx, selectStands, storage, name.path()).Scan(&stands); err != nil {
		return fmt.Errorf("take removals back: %w", err)
	}
	if stands {
		return vitrine.Errorf(vitrine.CodeBusy, "The earlier objects of this file are being removed, please try again later")
	}
	return nil
}

// RemovalsNamed returns the removals that stand for the names in a storage, due or not,
// in no order.
func (d *DB) RemovalsNamed(ctx context.Context, storage string, names []FileName) ([]Removal, error) {
	var found []Removal
	names = distinct(names)
	for len(names) > 0 {
		n := min(len(names), filesNamedBatch)
		text, args := removalsNamed(storage, names[:n])
		names = names[n:]
		rows, err := d.reader.sql.QueryContext(ctx, text, args...)
		list, err := collect(rows, err, scanRemoval)
		if err != nil {
			return nil, d.fail("find removals by their names", err)
		}
		found = append(found, list...)
	}
	return found, nil
}

func removalsNamed(storage string, names []FileName) (string, []any) {
	paths := make([]string, len(names))
	for i, n := range names {
		paths[i] = n.path()
	}
	with, args := valueList("TEXT", paths)
	return with + ` SELECT r.id, r.storage, r.keys FROM n JOIN removals r ON r.name = n.v WHERE r.storage = $` + strconv.Itoa(len(args)+1), append(args, storage)
}

// checkName refuses a file whose name stands in a removal. It comes after the row: by then
// whoever deletes a file of that name has ended, and what it ordered can be seen.
func (t *Tx) checkName(ctx context.Context, f *vitrine.File) error {
	var stands bool
	err := t.row(ctx, selectNameRemoved, nameOf(f).path(), keyEnd(f.Extension), keyEnd(f.VariantExtension())).Scan(&stands)
	if err != nil {
		return fmt.Errorf("look for removals of the name: %w", err)
	}
	if stands {
		return &vitrine.Error{Code: vitrine.CodeConflict, Field: "name", Message: "This name is taken already, choose another one"}
	}
	return nil
}

func nameOf(f *vitrine.File) FileName { return FileName{f.Folder, f.Name} }

// path is how removals keep a name. Base names have no slash.
func (n FileName) path() string {
	if n.Folder == "" {
		return n.Name
	}
	return n.Folder + "/" + n.Name
}

// keyEnd is how a key with this extension ends in a list of keys.
func keyEnd(ext string) string { return "." + ext + `"` }
