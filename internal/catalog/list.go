package catalog

import (
	"context"
	"errors"

	"vitrine/internal/vitrine"
)

var errNotBuilt = errors.New("not built yet")

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
}

// Files lists what the actor may see: what is public, and of their own
// everything. A cursor that is not one begins at the beginning.
func (s *Service) Files(ctx context.Context, q FileQuery) (*FilePage, error) {
	return nil, errNotBuilt
}

// Neighbours are the files before and after one in its album, in the album's own
// order; nil where there is none.
func (s *Service) Neighbours(ctx context.Context, actor vitrine.Actor, f *vitrine.File) (prev, next *vitrine.File, err error) {
	return nil, nil, errNotBuilt
}

// Random is any file that anybody may see; CodeNotFound where there is none.
func (s *Service) Random(ctx context.Context) (*vitrine.File, error) { return nil, errNotBuilt }
