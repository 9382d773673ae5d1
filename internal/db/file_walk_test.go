package db_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// A list that goes past files that it does not show gives every other once, in order,
// however little time it has for a page.
func TestListsGoPastWhatTheyDoNotShow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		anna := aUser(t, d, "anna")
		open, closed := anAlbum(t, d, anna.ID, vitrine.PrivacyPublic), anAlbum(t, d, anna.ID, vitrine.PrivacyPrivate)
		var all []*vitrine.File
		for i := range 90 {
			f := aFile()
			f.OwnerID, f.Title, f.Tags = anna.ID, fmt.Sprint("Boat ", i), []vitrine.Tag{{Name: "boat"}}
			if i >= 20 && i < 60 {
				f.AlbumID, f.Privacy = closed.ID, vitrine.PrivacyPrivate // in a row: pages of nothing
			} else if i%3 == 0 {
				f.AlbumID = open.ID
			}
			switch {
			case i%17 == 5:
				f.Format, f.Extension = vitrine.MP4, "mp4"
			case i%11 == 4:
				f.Animated = true
			}
			if i%13 == 12 {
				f.ExpiresAt = at(3)
			}
			createFile(t, d, f)
			f.Views = int64(i * 7 % 10)
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
				if err := second(tx.SetLike(ctx, anna.ID, f.ID, true, at(int64(i)))); err != nil {
					return err
				}
				return tx.AddViews(ctx, map[int64]int64{f.ID: f.Views}, nil, at(1))
			}))
			all = append(all, f)
		}
		newest := func(a, b *vitrine.File) int { return cmp.Compare(b.ID, a.ID) }
		oldest := func(a, b *vitrine.File) int { return cmp.Compare(a.ID, b.ID) }
		views := func(a, b *vitrine.File) int { return cmp.Or(cmp.Compare(b.Views, a.Views), newest(a, b)) }
		picture := func(f *vitrine.File) bool { return f.Format != vitrine.MP4 }
		film := func(f *vitrine.File) bool { return f.Format == vitrine.MP4 }
		moving := func(f *vitrine.File) bool { return f.Animated }
		any := func(*vitrine.File) bool { return true }
		seen := func(keep func(*vitrine.File) bool) func(*vitrine.File) bool {
			return func(f *vitrine.File) bool { return keep(f) && f.Views > 0 }
		}
		for name, c := range map[string]struct {
			list  db.FileList
			keep  func(*vitrine.File) bool
			order func(a, b *vitrine.File) int
		}{
			"pictures":                {db.FileList{Kind: vitrine.ListImages}, picture, newest},
			"pictures, oldest":        {db.FileList{Kind: vitrine.ListImages, Sort: vitrine.SortOldest}, picture, oldest},
			"pictures by views":       {db.FileList{Kind: vitrine.ListImages, Sort: vitrine.SortViews}, seen(picture), views},
			"films":                   {db.FileList{Kind: vitrine.ListVideos}, film, newest},
			"films by views":          {db.FileList{Kind: vitrine.ListVideos, Sort: vitrine.SortViews}, seen(film), views},
			"moving by views":         {db.FileList{Kind: vitrine.ListAnimated, Sort: vitrine.SortViews}, seen(moving), views},
			"a user's films":          {db.FileList{Scope: db.ScopeOwner, ID: anna.ID, Kind: vitrine.ListVideos}, film, newest},
			"a user's own films":      {db.FileList{Scope: db.ScopeOwner, ID: anna.ID, Kind: vitrine.ListVideos, All: true}, film, newest},
			"a user's films by views": {db.FileList{Scope: db.ScopeOwner, ID: anna.ID, Kind: vitrine.ListVideos, Sort: vitrine.SortViews}, film, views},
			"of a tag":                {db.FileList{Scope: db.ScopeTag, ID: all[0].Tags[0].ID}, any, newest},
			"of a tag, oldest":        {db.FileList{Scope: db.ScopeTag, ID: all[0].Tags[0].ID, Sort: vitrine.SortOldest}, any, oldest},
			"liked":                   {db.FileList{Scope: db.ScopeLikedBy, ID: anna.ID}, any, newest},
			"liked by oneself":        {db.FileList{Scope: db.ScopeLikedBy, ID: anna.ID, All: true}, any, newest},
			"of a closed album":       {db.FileList{Scope: db.ScopeAlbum, ID: closed.ID}, func(f *vitrine.File) bool { return f.AlbumID == closed.ID }, newest},
			"of an open album":        {db.FileList{Scope: db.ScopeAlbum, ID: open.ID, Sort: vitrine.SortViews}, func(f *vitrine.File) bool { return f.AlbumID == open.ID }, views},
		} {
			var want []int64
			for _, f := range slices.SortedFunc(slices.Values(all), c.order) {
				if c.keep(f) && (c.list.All || f.Privacy == vitrine.PrivacyPublic) && (f.ExpiresAt.IsZero() || f.ExpiresAt.After(at(5))) {
					want = append(want, f.ID)
				}
			}
			if len(want) == 0 && name != "of a closed album" {
				t.Fatalf("%s: nothing to list", name)
			}
			for _, patience := range []time.Duration{time.Minute, 0} {
				d.LookTime(patience)
				q := c.list
				q.Limit, q.Now = 3, at(5)
				var got []int64
				for pages := 0; ; pages++ {
					files, end, err := d.Files(t.Context(), q)
					must(t, err)
					for _, f := range files {
						got = append(got, f.ID)
					}
					if len(files) > q.Limit || patience > 0 && end != nil && len(files) < q.Limit || pages > 100 {
						t.Fatalf("%s: a page of %d with an end %v", name, len(files), end)
					}
					if end == nil {
						break
					}
					q.After = end
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s, with %s: got %v, want %v", name, patience, got, want)
				}
			}
		}
		// With no time at all there is an end to a page with nothing.
		d.LookTime(0)
		files, end, err := d.Files(t.Context(), db.FileList{Scope: db.ScopeTag, ID: all[0].Tags[0].ID, Limit: 3, Now: at(5), After: &db.Position{ID: all[59].ID}})
		if len(files) != 0 || end == nil || err != nil {
			t.Errorf("%d files, end %v, %v", len(files), end, err)
		}
	})
}
