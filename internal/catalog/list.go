package catalog

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

const (
	defaultFiles = 48
	mostFiles    = 200
	maxSearch    = 200 // characters; what is longer is cut

	// refills is how often a page is filled up after rows that the actor may not see.
	refills = 4
)

// FileQuery asks for one page of a list of files. Of Owner, Album, Category, Tag
// and LikedBy at most one is set; without any the list is everybody's.
type FileQuery struct {
	Actor    vitrine.Actor
	Owner    int64
	Album    int64 // the actor must have got it from Album
	Category int64
	Tag      int64
	LikedBy  int64
	Kind     vitrine.ListKind
	Search   string // words, "phrases", -exclusions; empty: all
	Sort     vitrine.Sort
	After    string // FilePage.Next of the page before; empty: the first
	Limit    int    // 1 to 200; 0: 48
}

// FilePage is a part of a list.
type FilePage struct {
	Files []vitrine.File // without long texts and tags
	Next  string         // where the next page begins; empty: this is the last
	// GoesOn says that the page is short, or empty, because it took too long to find more:
	// what follows is at Next. Partial says of a search that the beginning of a word stood
	// for so many words that only the most frequent ones were looked for.
	GoesOn, Partial bool
}

// Files lists what the actor may see: what is public, and of their own
// everything. Everybody's list by views shows what was looked at at all; orders that
// a list does not have are newest first. A cursor that is not one begins at the
// beginning.
func (s *Service) Files(ctx context.Context, q FileQuery) (*FilePage, error) {
	l := s.fileList(q)
	want := l.Limit
	page := &FilePage{}
	for range refills {
		files, end, err := s.files(ctx, l, page)
		if err != nil {
			return nil, fmt.Errorf("listing files: %w", err)
		}
		for i := range files {
			if s.visible(q.Actor, &files[i]) {
				page.Files = append(page.Files, files[i])
			}
		}
		page.Next = encodeCursor(l.Sort, end)
		if l.Limit = want - len(page.Files); end == nil || l.Limit <= 0 || page.GoesOn {
			break
		}
		l.After = end
	}
	if err := s.c.DB.FillAlt(ctx, page.Files); err != nil {
		return nil, fmt.Errorf("listing files: %w", err)
	}
	return page, nil
}

// files reads rows of a list; the page is told how far that came.
func (s *Service) files(ctx context.Context, l db.FileList, page *FilePage) ([]vitrine.File, *db.Position, error) {
	if l.Search == "" {
		files, end, err := s.c.DB.Files(ctx, l)
		page.GoesOn = end != nil && len(files) < l.Limit
		return files, end, err
	}
	found, err := s.c.DB.FindFiles(ctx, l)
	page.GoesOn, page.Partial = found.GoesOn, found.Partial
	return found.Files, found.End, err
}

// fileList says which rows may be in the list. What is not for everybody is asked
// for only where the actor may see most of it.
func (s *Service) fileList(q FileQuery) db.FileList {
	l := db.FileList{
		Kind: vitrine.ParseListKind(string(q.Kind)), Search: searchText(q.Search),
		Limit: pageSize(q.Limit, defaultFiles, mostFiles), Now: s.c.Clock(),
	}
	switch {
	case q.Owner != 0:
		l.Scope, l.ID, l.All = db.ScopeOwner, q.Owner, q.Actor.Owns(q.Owner) || q.Actor.Admin()
	case q.Album != 0:
		l.Scope, l.ID, l.All = db.ScopeAlbum, q.Album, true
	case q.Category != 0:
		l.Scope, l.ID = db.ScopeCategory, q.Category
	case q.Tag != 0:
		l.Scope, l.ID = db.ScopeTag, q.Tag
	case q.LikedBy != 0:
		l.Scope, l.ID, l.All = db.ScopeLikedBy, q.LikedBy, q.Actor.Owns(q.LikedBy) || q.Actor.Admin()
	}
	l.Sort = fileSort(l, q.Sort)
	l.After = decodeCursor(l.Sort, q.After)
	return l
}

// fileSort is the order that the list can have: the one that was asked for, or
// newest first.
func fileSort(l db.FileList, s vitrine.Sort) vitrine.Sort {
	if s == vitrine.SortTrend && l.Scope == db.ScopeAll && l.Search == "" {
		return s
	}
	s = vitrine.ParseSort(string(s), vitrine.SortNewest)
	switch l.Scope {
	case db.ScopeCategory, db.ScopeTag, db.ScopeLikedBy:
		if s != vitrine.SortOldest {
			s = vitrine.SortNewest
		}
	}
	if l.Search != "" {
		s = vitrine.SortNewest
	}
	return s
}

// searchText makes what strangers type fit for a database.
func searchText(s string) string {
	s = strings.TrimSpace(vitrine.CleanLine(s))
	if utf8.RuneCountInString(s) > maxSearch {
		s = string([]rune(s)[:maxSearch])
	}
	return s
}

func pageSize(asked, usual, most int) int {
	if asked < 1 {
		return usual
	}
	return min(asked, most)
}

// besides is how many files that wait for a moderator are stepped over.
const besides = 20

// Neighbours are the files before and after one in its album, in the album's own
// order; nil where there is none.
func (s *Service) Neighbours(ctx context.Context, actor vitrine.Actor, f *vitrine.File) (prev, next *vitrine.File, err error) {
	if f.AlbumID == 0 {
		return nil, nil, nil
	}
	a, err := s.c.DB.Album(ctx, f.AlbumID)
	if vitrine.Is(err, vitrine.CodeNotFound) || err == nil && !actor.MaySee(a.Privacy, a.OwnerID, a.Pass) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("finding the album of a file: %w", err)
	}
	order := vitrine.ParseSort(string(a.Sort), vitrine.SortNewest)
	if prev, err = s.beside(ctx, actor, a.ID, order, f, false); err != nil {
		return nil, nil, err
	}
	if next, err = s.beside(ctx, actor, a.ID, order, f, true); err != nil {
		return nil, nil, err
	}
	return prev, next, nil
}

func (s *Service) beside(ctx context.Context, actor vitrine.Actor, albumID int64, order vitrine.Sort, f *vitrine.File, forward bool) (*vitrine.File, error) {
	for range besides {
		g, err := s.c.DB.FileBeside(ctx, albumID, order, f, forward, s.c.Clock())
		if err != nil {
			return nil, fmt.Errorf("finding the file beside one: %w", err)
		}
		if g == nil || s.visible(actor, g) {
			return g, nil
		}
		f = g
	}
	return nil, nil
}

// Random is any file that anybody may see; CodeNotFound where there is none.
func (s *Service) Random(ctx context.Context) (*vitrine.File, error) {
	f, err := s.c.DB.RandomFile(ctx, s.c.Clock())
	if err != nil {
		return nil, noFileOr(err, "choosing a file")
	}
	if !f.Listed() || f.Expired(s.c.Clock()) {
		return nil, noFile()
	}
	return f, nil
}
