package upkeep

import (
	"context"
	"fmt"

	"vitrine/internal/db"
	"vitrine/internal/storage"
	"vitrine/internal/vitrine"
)

// objects looks for objects that belong to no file.
func (v *verify) objects(ctx context.Context) error {
	for _, name := range v.s.c.Stores.Names() {
		if v.o.Storage != "" && v.o.Storage != name {
			continue
		}
		store, err := v.s.c.Stores.Get(name)
		if err == nil {
			err = (&orphans{v: v, name: name, store: store}).run(ctx)
		}
		if err != nil {
			return fmt.Errorf("listing the objects of storage %s: %w", name, err)
		}
	}
	return nil
}

// orphans is a walk through one storage.
type orphans struct {
	v     *verify
	name  string
	store storage.Store
	batch []storage.Info
}

func (w *orphans) run(ctx context.Context) error {
	err := w.store.List(ctx, "", func(o storage.Info) error {
		if !vitrine.IsOwnKey(o.Key) {
			w.v.note(func(s *VerifyState) { s.Foreign++ })
			return nil
		}
		if w.batch = append(w.batch, o); len(w.batch) < verifyBatch {
			return nil
		}
		w.v.watch()
		return w.settle(ctx)
	})
	if err != nil {
		return err
	}
	return w.settle(ctx)
}

// settle finds the orphans among the objects that have been collected.
func (w *orphans) settle(ctx context.Context) error {
	keys := make([]string, len(w.batch))
	for i, o := range w.batch {
		keys[i] = o.Key
	}
	expected, err := w.expected(ctx, keys)
	if err != nil {
		return err
	}
	before := w.v.s.c.Clock().Add(-w.v.o.OrphanAge)
	var found []storage.Info
	for _, o := range w.batch {
		switch {
		case expected[o.Key]:
		case !o.ModTime.Before(before):
			w.v.note(func(s *VerifyState) { s.Young++ })
		default:
			found = append(found, o)
		}
	}
	w.batch = w.batch[:0]
	if len(found) == 0 {
		return nil
	}
	if w.v.o.Mend {
		if err := w.remove(ctx, found); err != nil {
			return err
		}
	}
	for _, o := range found {
		w.v.tell(Problem{Storage: w.name, Key: o.Key, Mended: w.v.o.Mend, Text: fmt.Sprintf("it belongs to no file (%s)", vitrine.Size(o.Size))})
	}
	return nil
}

// expected are the keys that belong to a file, or that are to be removed anyway. Files of
// a storage that is not configured may be here: it may have had another name.
func (w *orphans) expected(ctx context.Context, keys []string) (map[string]bool, error) {
	claimed, err := w.v.s.c.DB.ClaimedKeys(ctx, keys, func(name string) bool {
		_, err := w.v.s.c.Stores.Get(name)
		return name == w.name || err != nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for the rows of objects: %w", err)
	}
	waiting, err := w.v.s.c.DB.RemovalsNamed(ctx, w.name, db.NamesOfKeys(keys))
	if err != nil {
		return nil, fmt.Errorf("looking for removals: %w", err)
	}
	for _, r := range waiting {
		for _, key := range r.Keys {
			claimed[key] = true
		}
	}
	return claimed, nil
}

// remove orders the removal of orphans. It looks for their rows once more when it
// happens, and waits for backups.
func (w *orphans) remove(ctx context.Context, found []storage.Info) error {
	err := w.v.s.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, o := range found {
			names := db.NamesOfKeys([]string{o.Key})
			name := names[len(names)-1] // of a variant, that of its file
			if err := tx.CreateRemoval(ctx, w.name, name, []string{o.Key}, w.v.s.c.Clock()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ordering the removal of orphans: %w", err)
	}
	return nil
}
