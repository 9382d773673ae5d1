package db

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"
)

// A search goes through what there is from the newest on, in windows of ids. The first is
// as large as the vocabulary lets expect that a page needs, and they grow while there is
// little in them, up to one of everything. What few have is read at once. So the work is bounded by
// what is found, not by the size of the site. Words that many have, but none together,
// are all that can make a search long: it stops after Config.LookTime and the
// window that it is in, and says where it is.
// docs/adr/0017 has the reasons and measurements.

const (
	// quickWindow is how fast a window must have been for the next one to be larger,
	// slowWindow for it not to be smaller.
	quickWindow = 10 * time.Millisecond
	slowWindow  = 100 * time.Millisecond
	// fewFound is how many things a word may have for all of them to be looked through at
	// once.
	fewFound = 1000
	// seekMost is how many ids are read at a time, at most.
	seekMost = 512
)

// windowBits are the sizes of windows by their level, as powers of two. They are part of
// what is stored.
var windowBits = [...]int{12, 16, 20}

// allWindows is the level of the window that everything is in.
const allWindows = len(windowBits)

// window is one of the equal parts of all ids, or two that follow each other.
type window struct {
	level int
	block int64 // which of its level
	two   bool  // the one before it too
}

// windowOf is the window of the level with the id, and the one before where not all of
// the window is up to the id: so there are at least as many as in one.
func windowOf(level int, id int64) window {
	if level == allWindows {
		return window{level: level}
	}
	w := window{level: level, block: id >> windowBits[level]}
	w.two = w.block > 0 && id+1 < (w.block+1)<<windowBits[level]
	return w
}

// first is the lowest id of the window, at least 1.
func (w window) first() int64 {
	if w.level == allWindows {
		return 1
	}
	block := w.block
	if w.two {
		block--
	}
	return max(1, block<<windowBits[w.level])
}

// marks are how the window stands among the words.
func (w window) marks() []string {
	mark := func(block int64) string { return fieldEnd + string(rune('A'+w.level)) + strconv.FormatInt(block, 10) }
	if w.two {
		return []string{mark(w.block), mark(w.block - 1)}
	}
	return []string{mark(w.block)}
}

// seeker is one search on its way.
type seeker struct {
	db     *DB
	text   named
	query  string
	before int64 // what is left are ids below
	batch  int   // how many ids are read at a time
	part   int   // how many of them are looked at together

	level int
	seen  int64 // ids that were looked through
}

// seek calls found with the ids of what the search finds below before, the newest
// first, until it has enough or everything was looked through. rest is 0 then; else time
// was up, and the search is to go on below it. About least things, at most, have all of
// the words.
func (d *DB) seek(ctx context.Context, w wordTable, s *search, least, before int64, want int, found func(ids []int64) (enough bool, err error)) (rest int64, err error) {
	newest, err := scanID(d.reader.row(ctx, d.texts.newest[w]))
	if err != nil {
		return 0, d.fail("look for the newest", err)
	}
	k := seeker{db: d, query: d.dialect.query(s), before: min(before, newest+1), part: min(max(want, 16), seekMost)}
	if least <= fewFound {
		if whole, err := k.all(ctx, d.texts.few[w], found); whole || err != nil {
			return 0, err
		}
	}
	k.text, k.batch, k.level = d.texts.seek[w], min(4*k.part, seekMost), startLevel(least, newest, k.part)
	for started := time.Now(); k.before > 1; {
		if k.seen > 0 && time.Since(started) > d.lookTime {
			return k.before, nil
		}
		if enough, err := k.through(ctx, windowOf(k.level, k.before-1), found); enough || err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// startLevel is the smallest window in which twice as many as are wanted are to be
// expected, if they are spread evenly over all ids: not all may be seen by everybody.
func startLevel(least, newest int64, want int) int {
	for level, bits := range windowBits {
		if float64(least)/float64(newest)*float64(int64(1)<<bits) >= float64(2*want) {
			return level
		}
	}
	return allWindows
}

// all reads all ids at once and looks through them from the newest on; whole says that
// this was all. There may be many more than expected: then it has done nothing.
func (k *seeker) all(ctx context.Context, text named, found func([]int64) (bool, error)) (whole bool, err error) {
	const most = 4 * fewFound
	k.batch = most
	ids, err := k.read(ctx, text, window{level: allWindows}, 1)
	if err != nil {
		return false, k.db.fail("search", err)
	}
	if len(ids) == most {
		return false, nil
	}
	slices.SortFunc(ids, func(a, b int64) int { return cmp.Compare(b, a) })
	for part := range slices.Chunk(ids, k.part) {
		if enough, err := found(part); enough || err != nil {
			return true, err
		}
	}
	return true, nil
}

// through looks through what is left of a window and chooses the level of the next one.
func (k *seeker) through(ctx context.Context, w window, found func([]int64) (bool, error)) (enough bool, err error) {
	started, first, top := time.Now(), w.first(), k.before
	for {
		ids, err := k.read(ctx, k.text, w, first)
		if err != nil {
			return false, k.db.fail("search", err)
		}
		for part := range slices.Chunk(ids, k.part) {
			if enough, err = found(part); enough || err != nil {
				return enough, err
			}
		}
		if len(ids) < k.batch {
			break
		}
		// Many are found and few may be shown.
		k.before, k.batch, k.part = ids[len(ids)-1], seekMost, seekMost
		if time.Since(started) > k.db.lookTime {
			k.seen++
			return false, nil
		}
	}
	k.before = first
	k.seen += top - first
	switch took := time.Since(started); {
	case took > slowWindow && k.level > 0:
		k.level--
	case took < quickWindow && k.level < allWindows && k.seen >= int64(1)<<windowBits[k.level]/2:
		k.level++
	}
	return false, nil
}

func (k *seeker) read(ctx context.Context, text named, w window, first int64) ([]int64, error) {
	rows, err := k.db.reader.query(ctx, text.text, text.args(func(name string) any {
		switch name {
		case "search":
			return k.query
		case "window":
			return k.db.dialect.window(k.query, w)
		case "before":
			return k.before
		case "first":
			return first
		default:
			return k.batch
		}
	})...)
	return collect(rows, err, scanID)
}
