package db

import (
	"context"
	"slices"
	"time"

	"vitrine/internal/vitrine"
)

// walkMost is how many places are read at a time, where few are shown.
const walkMost = 5000

// place is one in a list that goes past files that it does not show.
type place struct {
	Position
	shown bool
}

// walkFiles reads a page of a list of which it must look at each file: places first, then
// the files at those that are shown. It stops after Config.LookTime, with what it
// has until then.
func (d *DB) walkFiles(ctx context.Context, k fileListKey, q *FileList) ([]vitrine.File, *Position, error) {
	at, most := k.order.start, 2*(q.Limit+1)
	if q.After != nil {
		at = *q.After
	}
	var list []placedFile
	for started := time.Now(); ; most = walkMost {
		places, err := d.places(ctx, k, q, at, most)
		if err != nil {
			return nil, nil, err
		}
		whole := len(places) < most
		if !whole {
			at = places[most-1].Position
		}
		places = slices.DeleteFunc(places, func(p place) bool { return !p.shown })
		for part := range slices.Chunk(places, q.Limit+1) {
			files, err := d.filesAt(ctx, k, q, part)
			if err != nil {
				return nil, nil, err
			}
			if list = append(list, files...); len(list) > q.Limit {
				files, end := pageOf(list, q.Limit)
				return files, end, nil
			}
		}
		switch {
		case whole:
			files, _ := pageOf(list, q.Limit)
			return files, nil, nil
		case time.Since(started) >= d.lookTime:
			files, _ := pageOf(list, q.Limit)
			return files, &at, nil
		}
	}
}

// places reads up to most places after a position.
func (d *DB) places(ctx context.Context, k fileListKey, q *FileList, at Position, most int) ([]place, error) {
	text := d.texts.files[k]
	rows, err := d.reader.query(ctx, text.text, text.args(q.values(nil, at, most))...)
	list, err := collect(rows, err, func(r scanner) (p place, err error) { return p, r.Scan(&p.Number, &p.Text, &p.ID, &p.shown) })
	if err != nil {
		return nil, d.fail("list files", err)
	}
	return list, nil
}

// filesAt reads the files at the places, in their order; those that are gone meanwhile,
// or not for everybody any more, are left out.
func (d *DB) filesAt(ctx context.Context, k fileListKey, q *FileList, places []place) ([]placedFile, error) {
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	k.order = byFound
	found, _, err := d.listFiles(ctx, k, q, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*vitrine.File, len(found))
	for i := range found {
		byID[found[i].file.ID] = &found[i].file
	}
	list := make([]placedFile, 0, len(found))
	for _, p := range places {
		if f := byID[p.ID]; f != nil {
			list = append(list, placedFile{*f, p.Position})
		}
	}
	return list, nil
}
