package catalog_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// TestFilesByRight shows each list to each kind of visitor.
func TestFilesByRight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner, other, admin, manager := k.user(vitrine.RoleUser), k.user(vitrine.RoleUser), k.user(vitrine.RoleAdmin), k.user(vitrine.RoleManager)
		c, err := k.CreateCategory(t.Context(), "Cats", "")
		if err != nil {
			t.Fatal(err)
		}
		albums := map[vitrine.Privacy]*vitrine.Album{}
		add := func(name string, change func(*vitrine.File)) {
			f := k.file(name, func(f *vitrine.File) {
				f.Slug, f.Title, f.OwnerID, f.CategoryID, f.Tags = vitrine.Slug(name), name, owner.UserID(), c.ID, []vitrine.Tag{{Name: "cat"}}
				change(f)
			})
			k.tx(func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.SetLike(ctx, other.UserID(), f.ID, true, noon)
				return err
			})
		}
		add("loose", func(f *vitrine.File) {})
		add("waiting", func(f *vitrine.File) { f.Approved = false })
		add("expired", func(f *vitrine.File) { f.ExpiresAt = noon })
		add("expiring", func(f *vitrine.File) { f.ExpiresAt = noon.Add(time.Second) })
		add("guests", func(f *vitrine.File) { f.OwnerID = 0 })
		for _, p := range []vitrine.Privacy{vitrine.PrivacyPublic, vitrine.PrivacyUnlisted, vitrine.PrivacyPrivate, vitrine.PrivacyPassword} {
			albums[p] = k.album(owner, p)
			add(string(p), func(f *vitrine.File) { f.AlbumID = albums[p].ID })
		}
		tag, err := k.Tag(t.Context(), guest, "cat")
		if err != nil {
			t.Fatal(err)
		}
		knows := with(guest, "other", albums[vitrine.PrivacyPassword].Pass)
		const (
			listed = "loose expiring public"
			all    = listed + " waiting unlisted private password"
		)
		for name, c := range map[string]struct {
			actor vitrine.Actor
			q     catalog.FileQuery
			want  string
		}{
			"everybody's, guest":            {guest, catalog.FileQuery{}, listed + " guests"},
			"everybody's, owner":            {owner, catalog.FileQuery{}, listed + " guests"},
			"everybody's, admin":            {admin, catalog.FileQuery{}, listed + " guests"},
			"everybody's, knowing":          {knows, catalog.FileQuery{}, listed + " guests"},
			"owner's, guest":                {guest, catalog.FileQuery{Owner: owner.UserID()}, listed},
			"owner's, knowing":              {knows, catalog.FileQuery{Owner: owner.UserID()}, listed},
			"owner's, other":                {other, catalog.FileQuery{Owner: owner.UserID()}, listed},
			"owner's, manager":              {manager, catalog.FileQuery{Owner: owner.UserID()}, listed},
			"owner's, owner":                {owner, catalog.FileQuery{Owner: owner.UserID()}, all},
			"owner's, admin":                {admin, catalog.FileQuery{Owner: owner.UserID()}, all},
			"category, guest":               {guest, catalog.FileQuery{Category: c.ID}, listed + " guests"},
			"category, owner":               {owner, catalog.FileQuery{Category: c.ID}, listed + " guests"},
			"tag, guest":                    {guest, catalog.FileQuery{Tag: tag.ID}, listed + " guests"},
			"tag, admin":                    {admin, catalog.FileQuery{Tag: tag.ID}, listed + " guests"},
			"liked by other, guest":         {guest, catalog.FileQuery{LikedBy: other.UserID()}, listed + " guests"},
			"liked by other, other":         {other, catalog.FileQuery{LikedBy: other.UserID()}, listed + " guests unlisted"},
			"liked by other, owner of some": {owner, catalog.FileQuery{LikedBy: other.UserID()}, listed + " guests"},
			"liked by other, admin":         {admin, catalog.FileQuery{LikedBy: other.UserID()}, all + " guests"},
			"public album, guest":           {guest, catalog.FileQuery{Album: albums[vitrine.PrivacyPublic].ID}, "public"},
			"unlisted album, guest":         {guest, catalog.FileQuery{Album: albums[vitrine.PrivacyUnlisted].ID}, "unlisted"},
			"private album, guest":          {guest, catalog.FileQuery{Album: albums[vitrine.PrivacyPrivate].ID}, ""},
			"private album, owner":          {owner, catalog.FileQuery{Album: albums[vitrine.PrivacyPrivate].ID}, "private"},
			"password album, guest":         {guest, catalog.FileQuery{Album: albums[vitrine.PrivacyPassword].ID}, ""},
			"password album, knowing":       {knows, catalog.FileQuery{Album: albums[vitrine.PrivacyPassword].ID}, "password"},
			"searched, guest":               {guest, catalog.FileQuery{Owner: owner.UserID(), Search: "private"}, ""},
			"searched, owner":               {owner, catalog.FileQuery{Owner: owner.UserID(), Search: "private"}, "private"},
			"nobody's":                      {owner, catalog.FileQuery{Owner: 1 << 40}, ""},
		} {
			c.q.Actor = c.actor
			p, err := k.Files(t.Context(), c.q)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			got, want := slugs(p.Files), strings.Fields(c.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) || p.Next != "" {
				t.Errorf("%s: got %q, next %q, want %q", name, got, p.Next, want)
			}
		}
	})
}

// TestFilesPageByPage turns pages of every order and compares with the whole list.
func TestFilesPageByPage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleUser)
		album := k.album(owner, vitrine.PrivacyUnlisted)
		titles := []string{"", "b", "B", "Ångström", strings.Repeat("長い", 120), "a \"quoted\" title", "日本"}
		i := 0
		k.rows("a", 61, func(f *vitrine.File) {
			f.OwnerID, f.AlbumID, f.Title, f.Views = owner.UserID(), album.ID, titles[i%len(titles)], int64(i%5)
			f.Approved = i%9 != 4 // a guest's page is filled up
			f.CreatedAt = noon.Add(time.Duration(i/3) * time.Second)
			i++
		})
		for _, order := range []vitrine.Sort{"", vitrine.SortNewest, vitrine.SortOldest, vitrine.SortViews, vitrine.SortTitle, vitrine.SortTrend, "nonsense"} {
			for who, a := range map[string]vitrine.Actor{"owner": owner, "guest": guest} {
				q := catalog.FileQuery{Actor: a, Album: album.ID, Sort: order, Limit: 200}
				whole, err := k.Files(t.Context(), q)
				if want := map[string]int{"owner": 61, "guest": 54}[who]; err != nil || len(whole.Files) != want || whole.Next != "" {
					t.Fatalf("%q, %s: %d files, next %q, %v", order, who, len(whole.Files), whole.Next, err)
				}
				q.Limit = 7
				var got []string
				for {
					p, err := k.Files(t.Context(), q)
					if err != nil || len(p.Files) == 0 || len(p.Files) > 7 || p.Next != "" && len(p.Files) < 7 {
						t.Fatalf("%q, %s: %d files, next %q, %v", order, who, len(p.Files), p.Next, err)
					}
					got = append(got, slugs(p.Files)...)
					if q.After = p.Next; p.Next == "" {
						break
					}
					if strings.Trim(p.Next, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
						t.Errorf("cursor %q", p.Next)
					}
				}
				if !slices.Equal(got, slugs(whole.Files)) {
					t.Errorf("%q, %s: pages %q\nwhole %q", order, who, got, slugs(whole.Files))
				}
			}
		}
		// A cursor of another order begins at the beginning.
		first, err := k.Files(t.Context(), catalog.FileQuery{Actor: owner, Album: album.ID, Sort: vitrine.SortViews, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		for _, after := range []string{first.Next, "!", "AAAA", strings.Repeat("A", 5000), "\x00", first.Next + "="} {
			p, err := k.Files(t.Context(), catalog.FileQuery{Actor: owner, Album: album.ID, Sort: vitrine.SortTitle, Limit: 5, After: after})
			q, err2 := k.Files(t.Context(), catalog.FileQuery{Actor: owner, Album: album.ID, Sort: vitrine.SortTitle, Limit: 5})
			if err != nil || err2 != nil || !slices.Equal(slugs(p.Files), slugs(q.Files)) {
				t.Errorf("after %.20q: %v, %v", after, err, err2)
			}
		}
	})
}

func TestCursors(t *testing.T) {
	t.Parallel()
	orders := []vitrine.Sort{vitrine.SortNewest, vitrine.SortOldest, vitrine.SortViews, vitrine.SortTitle, vitrine.SortTrend}
	for _, p := range []db.Position{{ID: 1}, {ID: 1<<63 - 1, Number: -1 << 63}, {ID: 7, Number: 1<<63 - 1, Text: strings.Repeat("長", 255)}, {ID: 9, Text: "é\u0301"}} {
		for _, s := range orders {
			c := catalog.EncodeCursor(s, &p)
			for _, other := range orders {
				got := catalog.DecodeCursor(other, c)
				if other == s && (got == nil || *got != p) || other != s && got != nil {
					t.Errorf("%+v in %s read in %s: %+v", p, s, other, got)
				}
			}
		}
	}
	if c := catalog.EncodeCursor(vitrine.SortNewest, nil); c != "" {
		t.Errorf("end: %q", c)
	}
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", "AQEC", "!!", "AQ", "BQ____________8B", catalog.EncodeCursor(vitrine.SortTitle, &db.Position{ID: 5, Text: "x\x00"})} {
		f.Add(s, "name_asc", "")
	}
	f.Add("AQEC", "date_desc", `"a b -c" * ' OR 1=1 --`)
	k := newKit(f, dbtest.SQLite(f), newLocal(f), options{})
	owner := k.user(vitrine.RoleUser)
	hidden := k.album(owner, vitrine.PrivacyPrivate)
	k.row(func(f *vitrine.File) { f.Title = "seen" })
	k.row(func(f *vitrine.File) { f.Title, f.OwnerID, f.AlbumID = "hidden", owner.UserID(), hidden.ID })
	f.Fuzz(func(t *testing.T, after, order, search string) {
		for _, q := range []catalog.FileQuery{{}, {Owner: owner.UserID()}, {Album: hidden.ID}, {LikedBy: owner.UserID()}} {
			q.Actor, q.After, q.Sort, q.Search = guest, after, vitrine.Sort(order), search
			p, err := k.Files(t.Context(), q)
			if err != nil {
				t.Fatalf("%q in %q for %q: %v", after, order, search, err)
			}
			for _, g := range p.Files {
				if !g.Listed() {
					t.Fatalf("%q in %q shows what is hidden", after, order)
				}
			}
		}
		if _, err := k.AlbumList(t.Context(), catalog.AlbumQuery{Actor: guest, After: after, Search: search}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestNeighbours(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleUser)
		album := k.album(owner, vitrine.PrivacyPassword)
		knows := with(guest, album.Pass)
		var files []*vitrine.File
		for i, title := range []string{"d", "a", "c", "b"} {
			files = append(files, k.row(func(f *vitrine.File) {
				f.Title, f.OwnerID, f.AlbumID, f.CreatedAt = title, owner.UserID(), album.ID, noon.Add(time.Duration(i)*time.Second)
				f.Approved = title != "c"
			}))
		}
		loose := k.row(func(*vitrine.File) {})
		for order, want := range map[vitrine.Sort]string{vitrine.SortNewest: "bad", vitrine.SortOldest: "dab", vitrine.SortTitle: "abd"} {
			if _, err := k.EditAlbum(t.Context(), owner, album.Slug, catalog.AlbumEdit{Sort: &order}); err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				at := strings.Index(want, f.Title)
				if at < 0 {
					continue
				}
				prev, next, err := k.Neighbours(t.Context(), knows, k.fileBySlug(f.Slug))
				got := fmt.Sprint(titleOf(prev), titleOf(next))
				if want := fmt.Sprint(at > 0, at < len(want)-1); err != nil || fmt.Sprint(prev != nil, next != nil) != want {
					t.Errorf("%s, %s: got %s, %v", order, f.Title, got, err)
					continue
				}
				if prev != nil && prev.Title != want[at-1:at] || next != nil && next.Title != want[at+1:at+2] {
					t.Errorf("%s, %s: got %s", order, f.Title, got)
				}
			}
		}
		// Owners see what waits for a moderator.
		if _, err := k.EditAlbum(t.Context(), owner, album.Slug, catalog.AlbumEdit{Sort: to(vitrine.SortTitle)}); err != nil {
			t.Fatal(err)
		}
		if prev, next, err := k.Neighbours(t.Context(), owner, k.fileBySlug(files[3].Slug)); err != nil || titleOf(prev) != "a" || titleOf(next) != "c" {
			t.Errorf("owner: %s, %s, %v", titleOf(prev), titleOf(next), err)
		}
		for name, c := range map[string]struct {
			actor vitrine.Actor
			f     *vitrine.File
		}{"in no album": {owner, loose}, "album that is locked": {guest, files[0]}} {
			if prev, next, err := k.Neighbours(t.Context(), c.actor, c.f); err != nil || prev != nil || next != nil {
				t.Errorf("%s: %v, %v, %v", name, prev, next, err)
			}
		}
	})
}

func titleOf(f *vitrine.File) string {
	if f == nil {
		return "-"
	}
	return f.Title
}

func TestRandom(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKit(t, d, newLocal(t), options{})
		owner := k.user(vitrine.RoleUser)
		hidden := k.album(owner, vitrine.PrivacyUnlisted)
		k.row(func(f *vitrine.File) { f.OwnerID, f.AlbumID = owner.UserID(), hidden.ID })
		k.row(func(f *vitrine.File) { f.Approved = false })
		k.row(func(f *vitrine.File) { f.ExpiresAt = noon })
		_, err := k.Random(t.Context())
		k.want("nothing listed", err, vitrine.CodeNotFound)
		seen := map[vitrine.Slug]bool{}
		k.row(func(*vitrine.File) {})
		k.row(func(*vitrine.File) {})
		for range 60 {
			f, err := k.Random(t.Context())
			if err != nil || !f.Listed() {
				t.Fatalf("%+v, %v", f, err)
			}
			seen[f.Slug] = true
		}
		if len(seen) != 2 {
			t.Errorf("%d of 2 files were chosen", len(seen))
		}
	})
}

func BenchmarkFiles(b *testing.B) {
	k, album := manyFiles(b)
	for name, q := range map[string]catalog.FileQuery{
		"recent": {}, "album": {Album: album.ID}, "views": {Sort: vitrine.SortViews},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if p, err := k.Files(b.Context(), q); err != nil || len(p.Files) != 48 {
					b.Fatal(p, err)
				}
			}
		})
	}
}

func BenchmarkNeighbours(b *testing.B) {
	k, album := manyFiles(b)
	p, err := k.Files(b.Context(), catalog.FileQuery{Album: album.ID, Limit: 100})
	if err != nil {
		b.Fatal(err)
	}
	f := &p.Files[50]
	for b.Loop() {
		if prev, next, err := k.Neighbours(b.Context(), guest, f); err != nil || prev == nil || next == nil {
			b.Fatal(prev, next, err)
		}
	}
}

func manyFiles(b *testing.B) (*kit, *vitrine.Album) {
	k := newKit(b, dbtest.SQLite(b), newLocal(b), options{})
	owner := k.user(vitrine.RoleUser)
	album := k.album(owner, vitrine.PrivacyPublic)
	k.rows("a", 5000, func(f *vitrine.File) { f.Approved, f.Views, f.OwnerID, f.AlbumID = true, 1, owner.UserID(), album.ID })
	return k, album
}
