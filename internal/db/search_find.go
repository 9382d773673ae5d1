package db

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"vitrine/internal/vitrine"
)

// FoundFiles is one page of what a search finds, newest first.
type FoundFiles struct {
	Files []vitrine.File // as Files returns them
	End   *Position      // where the next page begins; nil: this is the last
	// GoesOn says that the page is short because it took too long: it goes on at End.
	GoesOn bool
	// Partial says that a word begins so many others that only those were looked for that
	// most files have.
	Partial bool
}

// FindFiles is Files with a search; without any word it finds nothing. It takes a
// bounded time, however large the site: where few of very many are found, a page may be
// short, or empty, and have an End.
func (d *DB) FindFiles(ctx context.Context, q FileList) (FoundFiles, error) {
	if q.Limit < 1 {
		return FoundFiles{}, nil
	}
	k := q.key()
	k.order = byFound
	s := parseSearch(q.Search, prefixLength)
	s.within(&q, k.kind)
	before := beforeID(0)
	if q.After != nil {
		before = q.After.ID
	}
	list, rest, partial, err := find(ctx, d, fileWords, s, before, q.Limit,
		func(ids []int64) ([]placedFile, error) {
			files, _, err := d.listFiles(ctx, k, &q, ids)
			return files, err
		},
		func(f *placedFile) int64 { return f.file.ID })
	if err != nil {
		return FoundFiles{}, err
	}
	found := FoundFiles{GoesOn: rest != 0 && len(list) < q.Limit, Partial: partial}
	found.Files, _ = pageOf(list, q.Limit)
	if rest != 0 {
		found.End = &Position{ID: rest}
	}
	return found, nil
}

// within adds the marks of what the list is about.
func (s *search) within(q *FileList, kind vitrine.ListKind) {
	if s == nil {
		return
	}
	mark := func(m string) []phrase { return []phrase{{words: []string{fieldEnd + m}}} }
	if q.Scope == ScopeCategory {
		s.all = append(s.all, mark(categoryMark(q.ID))...)
	}
	switch kind {
	case vitrine.ListImages:
		s.none = append(s.none, mark(kindMark(kindFilm))...)
	case vitrine.ListAnimated:
		s.all = append(s.all, mark(kindMark(kindAnimation))...)
	case vitrine.ListVideos:
		s.all = append(s.all, mark(kindMark(kindFilm))...)
	}
}

// find reads up to limit rows of what a search finds with ids below before, newest
// first. read tells which of the ids are to be shown. rest is the before of the next
// page, 0 if there is none; partial says that not all words were looked for. A nil
// search finds nothing.
func find[T any](ctx context.Context, d *DB, w wordTable, s *search, before int64, limit int,
	read func(ids []int64) ([]T, error), id func(*T) int64) (list []T, rest int64, partial bool, err error) {
	if s == nil {
		return nil, 0, false, nil
	}
	k, err := d.lengthen(ctx, w, s)
	if err != nil {
		return nil, 0, false, err
	}
	rest, err = d.seek(ctx, w, s, k.least, before, limit+1, func(ids []int64) (enough bool, err error) {
		rows, err := read(ids)
		if err != nil {
			return false, err
		}
		slices.SortFunc(rows, func(a, b T) int { return cmp.Compare(id(&b), id(&a)) })
		list = append(list, rows...)
		return len(list) > limit, nil
	})
	if err != nil {
		return nil, 0, false, err
	}
	if len(list) > limit {
		list = list[:limit]
		rest = id(&list[limit-1])
	}
	return list, rest, k.partial, nil
}

// jsonOf writes ids for a statement that reads each.
func jsonOf(ids []int64) string {
	text, err := json.Marshal(ids)
	if err != nil {
		return "[]" // numbers can always be written
	}
	return string(text)
}
