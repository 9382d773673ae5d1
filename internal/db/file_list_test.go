package db_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// gallery is a set of files of every sort, in a database and beside it.
type gallery struct {
	users, categories []int64
	albums            map[int64]*vitrine.Album
	files             []*vitrine.File
}

// now is when lists are read in tests: some files have expired by then.
var now = at(1_000_000)

func aGallery(t testing.TB, d *db.DB, n int) *gallery {
	t.Helper()
	g := &gallery{users: []int64{0, aUser(t, d, "anna").ID, aUser(t, d, "bo").ID}, categories: []int64{0}, albums: map[int64]*vitrine.Album{}}
	var albums []int64
	for _, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPrivate, vitrine.PrivacyPassword} {
		for _, u := range g.users {
			a := anAlbum(t, d, u, p)
			g.albums[a.ID] = a
			albums = append(albums, a.ID)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
		c := &vitrine.Category{Name: "c", URLKey: "c"}
		if err := tx.CreateCategory(ctx, c); err != nil {
			return err
		}
		g.categories = append(g.categories, c.ID)
		for range n {
			f := aFile()
			f.OwnerID, f.CategoryID = g.users[r.IntN(3)], g.categories[r.IntN(2)]
			f.Title = fmt.Sprintf("%c picture %d", 'A'+rune(r.IntN(2))*32, r.IntN(30))
			f.Views = max(0, int64(r.IntN(8)-2))
			f.Placeholder = []byte(strings.Repeat("x", 36))
			f.Approved = r.IntN(10) > 0
			if r.IntN(8) == 0 {
				f.ExpiresAt = now.Add(time.Duration(r.IntN(3)-1) * time.Hour)
			}
			switch r.IntN(4) {
			case 0:
				f.Format, f.Extension, f.Animated = vitrine.GIF, "gif", true
			case 1:
				f.Format, f.Extension = vitrine.MP4, "mp4"
			}
			if id := albums[r.IntN(len(albums))]; r.IntN(2) > 0 {
				f.AlbumID, f.Privacy = id, g.albums[id].Privacy
			}
			for _, name := range []string{"Red", "red", "blue"} {
				if r.IntN(3) == 0 {
					f.Tags = append(f.Tags, vitrine.Tag{Name: name})
				}
			}
			if err := tx.CreateFile(ctx, f, nil); err != nil {
				return err
			}
			g.files = append(g.files, f)
		}
		return nil
	}))
	return g
}

// pages reads a list to its end and returns the ids.
func pages(t testing.TB, d *db.DB, q db.FileList) []int64 {
	t.Helper()
	ids := []int64{}
	q.Now = now
	for range 1000 {
		files, next, err := d.Files(t.Context(), q)
		must(t, err)
		if len(files) > q.Limit || next != nil && len(files) < q.Limit {
			t.Fatalf("%d files on a page of %d, next %v", len(files), q.Limit, next)
		}
		for _, f := range files {
			ids = append(ids, f.ID)
		}
		if next == nil {
			return ids
		}
		q.After = next
	}
	t.Fatal("a list without end")
	return nil
}

// want is what a list must show.
func (g *gallery) want(q db.FileList) []int64 {
	ids := []int64{}
	files := slices.DeleteFunc(slices.Clone(g.files), func(f *vitrine.File) bool {
		in := map[db.ListScope]bool{
			db.ScopeAll: true, db.ScopeOwner: f.OwnerID == q.ID, db.ScopeAlbum: f.AlbumID == q.ID, db.ScopeCategory: f.CategoryID == q.ID,
			db.ScopeTag: slices.ContainsFunc(f.Tags, func(t vitrine.Tag) bool { return t.ID == q.ID }),
		}[q.Scope]
		kind := map[vitrine.ListKind]bool{
			"": true, vitrine.ListImages: f.Kind() == vitrine.KindImage, vitrine.ListVideos: f.Kind() == vitrine.KindVideo, vitrine.ListAnimated: f.Animated,
		}[q.Kind]
		never := q.Scope == db.ScopeAll && q.Sort == vitrine.SortViews && f.Views == 0
		return !in || !kind || never || f.Expired(now) || !q.All && !f.Listed()
	})
	slices.SortFunc(files, func(a, b *vitrine.File) int {
		switch q.Sort {
		case vitrine.SortOldest:
			return cmp.Compare(a.ID, b.ID)
		case vitrine.SortViews:
			return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.ID, a.ID))
		case vitrine.SortTitle:
			number := func(f *vitrine.File) (n int) { _, _ = fmt.Sscan(f.Title[10:], &n); return n }
			return cmp.Or(strings.Compare(strings.ToLower(a.Title[:1]), strings.ToLower(b.Title[:1])), cmp.Compare(number(a), number(b)), cmp.Compare(a.ID, b.ID))
		}
		return cmp.Compare(b.ID, a.ID)
	})
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	return ids
}

func TestFileLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := aGallery(t, d, 300)
		tag, err := d.Tag(t.Context(), "Red")
		must(t, err)
		scopes := map[string]db.FileList{
			"everybody's": {}, "owner's": {Scope: db.ScopeOwner, ID: g.users[1]}, "category's": {Scope: db.ScopeCategory, ID: g.categories[1]},
			"tag's": {Scope: db.ScopeTag, ID: tag.ID}, "nobody's": {Scope: db.ScopeOwner, ID: 0},
		}
		for id, a := range g.albums {
			scopes["album "+itoa(int(id))+" "+string(a.Privacy)] = db.FileList{Scope: db.ScopeAlbum, ID: id}
		}
		for name, q := range scopes {
			sorts := []vitrine.Sort{"", vitrine.SortNewest, vitrine.SortOldest, vitrine.SortViews, vitrine.SortTitle}
			switch {
			case q.ID == 0 && q.Scope == db.ScopeOwner:
				sorts = nil
			case q.Scope == db.ScopeCategory || q.Scope == db.ScopeTag:
				sorts = sorts[:3]
			}
			for _, q.Sort = range sorts {
				for _, q.All = range []bool{false, true} {
					if q.Scope == db.ScopeAll && (q.Sort == vitrine.SortTitle || q.All && q.Sort == vitrine.SortViews) {
						continue
					}
					for _, q.Kind = range []vitrine.ListKind{"", vitrine.ListImages, vitrine.ListAnimated, vitrine.ListVideos} {
						q.Limit = 7
						want := g.want(q)
						if got := pages(t, d, q); !slices.Equal(got, want) {
							t.Errorf("%s, sort %q, all %v, kind %q:\n%v, want\n%v", name, q.Sort, q.All, q.Kind, got, want)
						}
						q.Limit = max(1, len(want))
						if _, next, err := d.Files(t.Context(), with(q)); next != nil || err != nil {
							t.Errorf("%s: a whole page goes on at %v, %v", name, next, err)
						}
					}
				}
			}
		}
		if got := pages(t, d, scopes["nobody's"]); len(got) > 0 {
			t.Errorf("guests own %v", got)
		}
		// An order that the scope does not know is the newest first.
		for _, q := range []db.FileList{
			{Sort: vitrine.SortTitle, Limit: 9}, {Scope: db.ScopeTag, ID: tag.ID, Sort: vitrine.SortViews, Limit: 9},
			{Scope: db.ScopeOwner, ID: g.users[1], Sort: vitrine.SortTrend, Limit: 9},
		} {
			newest := q
			newest.Sort = ""
			if got, want := pages(t, d, q), pages(t, d, newest); !slices.Equal(got, want) || len(got) == 0 {
				t.Errorf("%v: %v", q, got)
			}
		}
	})
}

func with(q db.FileList) db.FileList { q.Now = now; return q }

// A listed file is the file as it is found alone, but for long texts and tags.
func TestListedFileIsWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := aGallery(t, d, 40)
		slugs := []vitrine.Slug{"no such"}
		var want []vitrine.File
		for _, f := range g.files {
			slugs = append(slugs, f.Slug, f.Slug)
			whole, err := d.FileBySlug(t.Context(), f.Slug)
			must(t, err)
			want = append(want, *whole)
		}
		got, err := d.FilesBySlugs(t.Context(), slugs)
		must(t, err)
		same(t, "by slugs", want, got)
		if got, err := d.FilesBySlugs(t.Context(), nil); len(got) > 0 || err != nil {
			t.Error(got, err)
		}
		for i := range want {
			want[i].Tags = nil
		}
		all, _, err := d.Files(t.Context(), db.FileList{All: true, Sort: vitrine.SortOldest, Limit: 99, Now: at(0)})
		must(t, err)
		same(t, "listed", want, all)
		for id := range g.albums {
			var got []vitrine.File
			for after := int64(0); ; {
				l, err := d.FilesOfAlbum(t.Context(), id, after, 3)
				must(t, err)
				if got = append(got, l...); len(l) < 3 {
					break
				}
				after = l[2].ID
			}
			same(t, "of album", slices.DeleteFunc(slices.Clone(want), func(f vitrine.File) bool { return f.AlbumID != id }), got)
		}
	})
}

func TestFileBeside(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		g := aGallery(t, d, 150)
		for id := range g.albums {
			for _, sort := range []vitrine.Sort{vitrine.SortNewest, vitrine.SortOldest, vitrine.SortViews, vitrine.SortTitle, "other"} {
				files, _, err := d.Files(t.Context(), with(db.FileList{Scope: db.ScopeAlbum, ID: id, All: true, Sort: sort, Limit: 99}))
				must(t, err)
				for i := range files {
					beside := func(forward bool, j int) {
						got, err := d.FileBeside(t.Context(), id, sort, &files[i], forward, now)
						must(t, err)
						switch {
						case j < 0 || j == len(files):
							if got != nil {
								t.Errorf("%s: beyond the end is %d", sort, got.ID)
							}
						case got == nil || got.ID != files[j].ID:
							t.Errorf("%s: beside %d is %v, want %d", sort, files[i].ID, got, files[j].ID)
						}
					}
					beside(true, i+1)
					beside(false, i-1)
				}
			}
		}
	})
}

func TestRandomFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := second(d.RandomFile(t.Context(), now)); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("of none: %v", err)
		}
		aGallery(t, d, 50)
		seen := map[int64]bool{}
		for range 100 {
			f, err := d.RandomFile(t.Context(), now)
			must(t, err)
			if seen[f.ID] = true; !f.Listed() || f.Expired(now) {
				t.Fatalf("%d is not for everybody", f.ID)
			}
		}
		if len(seen) < 5 {
			t.Errorf("only %d different ones", len(seen))
		}
	})
}
