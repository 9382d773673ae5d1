package db

import (
	"context"
	"math"
	"slices"
	"time"

	"vitrine/internal/vitrine"
)

// AlbumList asks for one page of a list of albums, newest first.
type AlbumList struct {
	Owner  int64  // 0: of all
	Parent int64  // albums within this one
	Top    bool   // without those that stand in another
	Listed bool   // public ones only; of all owners' those with files
	Search string // words, "phrases", -exclusions in name and description; empty: all
	Before int64  // the id after which the page begins; 0: the first
	Limit  int
}

// AlbumRow is an album with the file that lists show for it.
type AlbumRow struct {
	vitrine.Album
	Cover *vitrine.File // as Files returns it; nil: the album is empty
}

// albumListKey names one of the statements that list albums.
type albumListKey struct {
	by     albumsBy
	listed bool
}

// albumsBy is by what a list finds albums.
type albumsBy int

const (
	albumsByID albumsBy = iota
	albumsByOwner
	albumsTopByOwner
	albumsByParent
	albumsByWords
)

// albumCover is the id of what is shown for the album a: the chosen file if it is still
// there, or the newest.
func albumCover(di dialect) string {
	return `COALESCE((SELECT c.id FROM files c WHERE c.id = a.cover_id AND c.album_id = a.id),
		(SELECT c.id FROM files c` + di.use("files_album") + ` WHERE c.album_id > 0 AND c.album_id BETWEEN a.id AND a.id
			ORDER BY c.album_id DESC, c.id DESC LIMIT 1), 0)`
}

// albumLists writes the statements that list albums. Each reads in the order of an
// index, as fileLists explains.
func albumLists(di dialect) map[albumListKey]named {
	lists := map[albumListKey]named{}
	add := func(by albumsBy, listed bool, from, where, order string) {
		if listed {
			where += " AND a.privacy = 'public'"
		}
		lists[albumListKey{by, listed}] = newNamed(`SELECT ` + albumColumns + `, ` + albumCover(di) + ` FROM ` + from + ` WHERE ` + where +
			` AND (CAST(@owner AS BIGINT) = 0 OR a.owner_id = @owner) AND (CAST(@parent AS BIGINT) = 0 OR a.parent_id = @parent)
			AND (CAST(@top AS BIGINT) = 0 OR a.parent_id = 0)` + order)
	}
	// The newest below @before of those that have a value, as fileOrder.after says it.
	below := func(within, value string) string {
		if !di.looksUpRows() {
			return within + " = " + value + " AND a.id < @before"
		}
		return within + " >= " + value + " AND (" + within + ", a.id) < (" + value + ", @before)"
	}
	newest := func(columns string) string { return ` ORDER BY ` + columns + ` LIMIT @limit` }
	add(albumsByID, true, "albums a"+di.use("albums_public"), "a.id < @before", newest("a.id DESC"))
	add(albumsByID, false, "albums a", "a.id < @before", newest("a.id DESC"))
	for _, listed := range []bool{false, true} {
		add(albumsByOwner, listed, "albums a"+di.use(map[bool]string{true: "albums_owner_public", false: "albums_owner"}[listed]),
			below("a.owner_id", "@owner"), newest("a.owner_id DESC, a.id DESC"))
		add(albumsTopByOwner, listed, "albums a"+di.use(map[bool]string{true: "albums_owner_public_top", false: "albums_owner_top"}[listed]),
			"a.parent_id = 0 AND "+below("a.owner_id", "@owner"), newest("a.owner_id DESC, a.id DESC"))
		add(albumsByParent, listed, "albums a"+di.use("albums_parent"),
			"a.parent_id > 0 AND "+below("a.parent_id", "@parent"), newest("a.parent_id DESC, a.id DESC"))
		add(albumsByWords, listed, "albums a", di.among("a.id", "@ids"), "")
	}
	return lists
}

// AlbumList returns one page of a list and the Before of the next one, 0 if it is the
// last. It takes a bounded time: a page of a search, and one of everybody's where very
// many albums are empty, may be short, or empty, and have a next one. A search without
// any word finds nothing.
func (d *DB) AlbumList(ctx context.Context, q AlbumList) (list []AlbumRow, next int64, err error) {
	if q.Limit < 1 {
		return nil, 0, nil
	}
	var found []albumFound
	if q.Search != "" {
		found, next, _, err = find(ctx, d, albumWords, parseSearch(q.Search, 1), beforeID(q.Before), q.Limit,
			func(ids []int64) ([]albumFound, error) { return d.listAlbums(ctx, albumsByWords, &q, ids) },
			func(a *albumFound) int64 { return a.album.ID })
	} else {
		by := albumsByID
		switch {
		case q.Parent != 0:
			by = albumsByParent
		case q.Owner != 0 && q.Top:
			by = albumsTopByOwner
		case q.Owner != 0:
			by = albumsByOwner
		}
		found, next, err = d.albumPage(ctx, by, &q)
	}
	if err != nil {
		return nil, 0, err
	}
	list = make([]AlbumRow, len(found))
	covers := make([]int64, len(found))
	for i, f := range found {
		list[i].Album, covers[i] = f.album, f.cover
	}
	files, err := d.filesByIDs(ctx, covers)
	if err != nil {
		return nil, 0, err
	}
	for i := range list {
		if f, ok := files[covers[i]]; ok {
			list[i].Cover = &f
		}
	}
	return list, next, nil
}

// emptyStep is how many albums are read at a time where some were empty.
const emptyStep = 500

// albumPage reads a page that goes past what it does not show, for Config.LookTime at most.
func (d *DB) albumPage(ctx context.Context, by albumsBy, q *AlbumList) (found []albumFound, next int64, err error) {
	step := *q
	for started := time.Now(); ; step.Limit = emptyStep {
		list, err := d.listAlbums(ctx, by, &step, nil)
		if err != nil {
			return nil, 0, err
		}
		whole := len(list) <= step.Limit
		if !whole {
			step.Before = list[step.Limit].album.ID
		}
		if by == albumsByID && q.Listed {
			list = slices.DeleteFunc(list, func(f albumFound) bool { return f.album.FileCount == 0 })
		}
		found = append(found, list...)
		switch {
		case len(found) > q.Limit:
			return found[:q.Limit], found[q.Limit-1].album.ID, nil
		case whole:
			return found, 0, nil
		case time.Since(started) >= d.lookTime:
			return found, step.Before, nil
		}
	}
}

// albumFound is an album with the id of its cover; 0: it is empty.
type albumFound struct {
	album vitrine.Album
	cover int64
}

// listAlbums reads a page and, if there is one, the album that follows it; or those
// among the ids, in no order.
func (d *DB) listAlbums(ctx context.Context, by albumsBy, q *AlbumList, ids []int64) ([]albumFound, error) {
	text := d.texts.albums[albumListKey{by, q.Listed}]
	rows, err := d.reader.query(ctx, text.text, text.args(func(name string) any {
		switch name {
		case "owner":
			return q.Owner
		case "parent":
			return q.Parent
		case "top":
			return oneIf(q.Top)
		case "ids":
			return jsonOf(ids)
		case "limit":
			return q.Limit + 1
		default:
			return beforeID(q.Before)
		}
	})...)
	list, err := collect(rows, err, func(s scanner) (f albumFound, err error) {
		f.album, err = scanAlbum(s, &f.cover)
		return f, err
	})
	if err != nil {
		return nil, d.fail("list albums", err)
	}
	return list, nil
}

// beforeID is the id below which a page begins.
func beforeID(before int64) int64 {
	if before == 0 {
		return math.MaxInt64
	}
	return before
}

func oneIf(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
