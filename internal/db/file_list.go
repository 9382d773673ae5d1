package db

import (
	"context"
	"slices"
	"time"

	"vitrine/internal/vitrine"
)

// ListScope says whose or which files a list shows.
type ListScope int

// The scopes. FileList.ID is the id of what they name.
const (
	ScopeAll ListScope = iota
	ScopeOwner
	ScopeAlbum
	ScopeCategory
	ScopeTag
	ScopeLikedBy
)

// FileList asks for one page of a list of files.
type FileList struct {
	Scope ListScope
	ID    int64 // of the owner, album, category, tag or user who likes
	// All lists also what is not for everybody: an owner's own files, an album whose
	// access was checked.
	All    bool
	Kind   vitrine.ListKind
	Search string // words, "phrases", -exclusions; such a list is newest first; empty: all
	// Sort is newest first where a scope does not know the order: views and title are
	// for owners and albums, views and trend for everybody's. Likes go by when they were
	// given. Everybody's by views or trend leaves out what was never seen.
	Sort  vitrine.Sort
	After *Position // nil: the first page
	Limit int
	Now   time.Time // what has expired by then is left out
}

// Position is where in a list a page ends. What the fields mean depends on the order.
type Position struct {
	Number int64
	Text   string
	ID     int64
}

// Files returns one page of a list and where it ends, nil if it is the last. Files come
// with the privacy and pass of their album and their placeholder, without long texts
// and tags. A search without any word finds nothing; FindFiles says more about one.
//
// It takes a bounded time, however large the site: where few of very many files are of
// the kind, or may be seen, a page may be short, or empty, and have an end.
func (d *DB) Files(ctx context.Context, q FileList) ([]vitrine.File, *Position, error) {
	if q.Limit < 1 {
		return nil, nil, nil
	}
	k := q.key()
	if k.order == byFound {
		found, err := d.FindFiles(ctx, q)
		return found.Files, found.End, err
	}
	if _, ok := d.texts.files[k]; !ok {
		k.order = byIDDesc // an order that this scope does not know
	}
	if k.walks() {
		return d.walkFiles(ctx, k, &q)
	}
	list, rest, err := d.listFiles(ctx, k, &q, nil)
	if err != nil {
		return nil, nil, err
	}
	files, end := pageOf(list, q.Limit)
	if end == nil {
		end = rest
	}
	return files, end, nil
}

// pageOf are up to limit files of a list and where they end, if that is not its end.
func pageOf(list []placedFile, limit int) (files []vitrine.File, end *Position) {
	if len(list) > limit {
		list = list[:limit]
		end = &list[limit-1].position
	}
	files = make([]vitrine.File, len(list))
	for i := range list {
		files[i] = list[i].file
	}
	return files, end
}

// placedFile is a file and where it stands in its list.
type placedFile struct {
	file     vitrine.File
	position Position
}

// hiddenStep is how many files are read at a time where some were not to be shown.
const hiddenStep = 500

// listFiles reads a page and, if there is one, the file that follows it, maybe more; or
// those among the ids, in no order. What is for everybody leaves out the files of albums
// that have just been closed, until they have followed (relist.go); where those take longer
// than Config.LookTime, rest is where to go on.
func (d *DB) listFiles(ctx context.Context, k fileListKey, q *FileList, ids []int64) (shown []placedFile, rest *Position, err error) {
	at, most := k.order.start, q.Limit+1
	if q.After != nil {
		at = *q.After
	}
	for started := time.Now(); ; most = hiddenStep {
		list, err := d.readFiles(ctx, k, q, ids, at, most)
		if err != nil {
			return nil, nil, err
		}
		whole := len(list) < most || k.order == byFound
		if len(list) > 0 {
			at = list[len(list)-1].position
		}
		if !k.all {
			list = slices.DeleteFunc(list, func(f placedFile) bool { return f.file.Privacy != vitrine.PrivacyPublic })
		}
		if shown == nil {
			shown = list
		} else {
			shown = append(shown, list...)
		}
		switch {
		case whole || len(shown) > q.Limit:
			return shown, nil, nil
		case time.Since(started) >= d.lookTime:
			return shown, &at, nil
		}
	}
}

// readFiles reads up to most files after a position, or those among the ids.
func (d *DB) readFiles(ctx context.Context, k fileListKey, q *FileList, ids []int64, at Position, most int) ([]placedFile, error) {
	text := d.texts.files[k]
	rows, err := d.reader.query(ctx, text.text, text.args(q.values(ids, at, most))...)
	list, err := collect(rows, err, func(r scanner) (placedFile, error) {
		var s fileScan
		var at Position
		if err := r.Scan(append(s.listTargets(), &at.Number, &at.Text)...); err != nil {
			return placedFile{}, err
		}
		at.ID = s.file.ID
		return placedFile{*s.done(), at}, nil
	})
	if err != nil {
		return nil, d.fail("list files", err)
	}
	return list, nil
}

// values are those of the parameters of a statement that lists files.
func (q *FileList) values(ids []int64, at Position, most int) func(name string) any {
	return func(name string) any {
		switch name {
		case "scope":
			return q.ID
		case "now":
			return micros(q.Now)
		case "limit":
			return most
		case "ids":
			return jsonOf(ids)
		case "number":
			return at.Number
		case "text":
			return at.Text
		default:
			return at.ID
		}
	}
}

// FileBeside returns the file that follows f in its album in this order, or precedes
// it if not forward; nil, nil at the end.
func (d *DB) FileBeside(ctx context.Context, albumID int64, sort vitrine.Sort, f *vitrine.File, forward bool, now time.Time) (*vitrine.File, error) {
	orders := map[vitrine.Sort][2]*fileOrder{
		vitrine.SortNewest: {byID, byIDDesc},
		vitrine.SortOldest: {byIDDesc, byID},
		vitrine.SortViews:  {byViews, byViewsDesc},
		vitrine.SortTitle:  {byTitleDesc, byTitle},
	}
	pair, ok := orders[sort]
	if !ok {
		pair = orders[vitrine.SortNewest]
	}
	k := fileListKey{ScopeAlbum, true, "", pair[0]}
	if forward {
		k.order = pair[1]
	}
	at := Position{ID: f.ID}
	if k.order == byViews || k.order == byViewsDesc {
		at.Number = f.Views
	}
	if k.order == byTitle || k.order == byTitleDesc {
		at.Text = titleKey(f.DisplayTitle())
	}
	list, _, err := d.listFiles(ctx, k, &FileList{ID: albumID, After: &at, Now: now}, nil)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0].file, nil
}
