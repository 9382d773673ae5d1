package db_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

func TestAlbums(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		a := &vitrine.Album{
			Slug: "Summer", OwnerID: anna.ID, ParentID: 7, CoverID: 8, Name: "Summer ☀", Description: "by the sea",
			Privacy: vitrine.PrivacyPrivate, CreatedAt: at(3),
		}
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) }))
		guest := anAlbum(t, d, 0, vitrine.PrivacyPublic)
		for name, get := range map[string]func() (*vitrine.Album, error){
			"by id":   func() (*vitrine.Album, error) { return d.Album(ctx, a.ID) },
			"by slug": func() (*vitrine.Album, error) { return d.AlbumBySlug(ctx, "Summer") },
			"in list": func() (*vitrine.Album, error) { l, err := d.Albums(ctx, anna.ID, 0, 9); return &l[0], err },
		} {
			got, err := get()
			must(t, err)
			if diff := cmp.Diff(a, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if l, err := d.Albums(ctx, 0, a.ID, 9); err != nil || len(l) != 1 || l[0].ID != guest.ID {
			t.Errorf("all albums after the first: %v, %v", l, err)
		}
		if l, err := d.Albums(ctx, anna.ID, a.ID, 9); err != nil || len(l) != 0 {
			t.Errorf("anna's albums after the first: %v, %v", l, err)
		}
		create := func(a vitrine.Album) error {
			return inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, &a) })
		}
		wantConflict(t, "same slug", create(vitrine.Album{Slug: "Summer"}), "slug")
		wantConflict(t, "other case", create(vitrine.Album{Slug: "summer"}), "")
		for name, err := range map[string]error{
			"Album":          second(d.Album(ctx, 99)),
			"AlbumBySlug":    second(d.AlbumBySlug(ctx, "SUMMER")),
			"nobody's album": create(vitrine.Album{Slug: "free", OwnerID: 99}),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestUpdateAlbum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		anna := aUser(t, d, "anna")
		a, other := anAlbum(t, d, 0, vitrine.PrivacyPublic), anAlbum(t, d, 0, vitrine.PrivacyPublic)
		change := func(a *vitrine.Album) error {
			return inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateAlbum(ctx, a) })
		}
		a.OwnerID, a.ParentID, a.CoverID, a.Slug, a.Privacy = anna.ID, other.ID, 7, "Winter", vitrine.PrivacyPassword
		a.Name, a.Description, a.Pass, a.Sort = "Winter", "in the hills", "pass", vitrine.SortTitle
		must(t, change(a))
		got, err := d.Album(ctx, a.ID)
		must(t, err)
		same(t, "changed", a, got)

		secrets := func(hash *string, token []byte) {
			t.Helper()
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.SetAlbumSecrets(ctx, a.ID, hash, token) }))
		}
		for i, step := range []struct {
			hash         *string
			token        []byte
			wantHash     string
			wantTokenLen int
		}{
			{nil, nil, "", 0}, {new("x"), []byte{1, 2}, "x", 2}, {nil, nil, "x", 2}, {nil, []byte{}, "x", 0}, {new(""), []byte{1}, "", 1},
		} {
			secrets(step.hash, step.token)
			hash, token, err := d.AlbumSecrets(ctx, a.ID)
			if hash != step.wantHash || len(token) != step.wantTokenLen || err != nil {
				t.Errorf("step %d: %q, %v, %v", i, hash, token, err)
			}
		}
		must(t, change(a)) // leaves the secrets alone
		if _, token, err := d.AlbumSecrets(ctx, a.ID); len(token) != 1 || err != nil {
			t.Errorf("token is %v, %v", token, err)
		}

		a.Slug = other.Slug
		wantConflict(t, "slug of another", change(a), "slug")
		a.Slug, a.OwnerID = "Winter", 99
		for name, err := range map[string]error{
			"owner":   change(a),
			"album":   change(&vitrine.Album{ID: 99}),
			"secrets": second3(d.AlbumSecrets(ctx, 99)),
			"hash":    inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.SetAlbumSecrets(ctx, 99, new("x"), nil) }),
			"delete":  inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.DeleteAlbum(ctx, 99) }),
		} {
			if !vitrine.Is(err, vitrine.CodeNotFound) {
				t.Errorf("no such %s: %v", name, err)
			}
		}
	})
}

func second3[A, B any](_ A, _ B, err error) error { return err }

func TestDeleteAlbum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		top := anAlbum(t, d, 0, vitrine.PrivacyPublic)
		inner := func(parent int64) *vitrine.Album {
			a := anAlbum(t, d, 0, vitrine.PrivacyPublic)
			a.ParentID = parent
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateAlbum(ctx, a) }))
			return a
		}
		middle := inner(top.ID)
		low := inner(middle.ID)
		f := aFile()
		f.AlbumID = middle.ID
		createFile(t, d, f)
		remove := func(ctx context.Context, tx *db.Tx) error { return tx.DeleteAlbum(ctx, middle.ID) }
		if err := inTx(t, d, remove); !vitrine.Is(err, vitrine.CodeConflict) {
			t.Fatalf("with a file: %v", err)
		}
		must(t, update(t, d, f.ID, db.FileChange{AlbumID: &top.ID}))
		must(t, inTx(t, d, remove))
		if err := second(d.Album(t.Context(), middle.ID)); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Error(err)
		}
		if a, err := d.Album(t.Context(), low.ID); err != nil || a.ParentID != top.ID {
			t.Errorf("the album within is in %v, %v", a, err)
		}
		if l, _, err := d.AlbumList(t.Context(), db.AlbumList{Search: "album", Limit: 9}); err != nil || len(l) != 2 {
			t.Errorf("found %v, %v", l, err)
		}
	})
}

func TestAlbumLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		anna, bo := aUser(t, d, "anna").ID, aUser(t, d, "bo").ID
		id := map[string]int64{}
		files := map[string]*vitrine.File{}
		for _, a := range []struct {
			name, parent string
			owner        int64
			privacy      vitrine.Privacy
			files        int
		}{
			{"Summer sea", "", anna, vitrine.PrivacyPublic, 2},
			{"Boats", "Summer sea", anna, vitrine.PrivacyPublic, 1},
			{"Empty", "", anna, vitrine.PrivacyPublic, 0},
			{"Secret", "", anna, vitrine.PrivacyPrivate, 1},
			{"Secret sea", "Summer sea", anna, vitrine.PrivacyPassword, 1},
			{"東京の夏", "", bo, vitrine.PrivacyPublic, 3},
			{"Guests", "", 0, vitrine.PrivacyUnlisted, 1},
		} {
			album := &vitrine.Album{Slug: aFile().Slug, OwnerID: a.owner, ParentID: id[a.parent], Name: a.name, Description: "words of " + a.name, Privacy: a.privacy}
			must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, album) }))
			id[a.name] = album.ID
			for i := range a.files {
				f := aFile()
				f.AlbumID = album.ID
				files[a.name+itoa(i)] = createFile(t, d, f)
			}
		}
		for name, c := range map[string]struct {
			q    db.AlbumList
			want string
		}{
			"all":             {db.AlbumList{}, "Guests, 東京の夏, Secret sea, Secret, Empty, Boats, Summer sea"},
			"everybody's":     {db.AlbumList{Listed: true}, "東京の夏, Boats, Summer sea"},
			"on top":          {db.AlbumList{Listed: true, Top: true}, "東京の夏, Summer sea"},
			"of anna":         {db.AlbumList{Owner: anna}, "Secret sea, Secret, Empty, Boats, Summer sea"},
			"of anna on top":  {db.AlbumList{Owner: anna, Top: true}, "Secret, Empty, Summer sea"},
			"of anna, listed": {db.AlbumList{Owner: anna, Top: true, Listed: true}, "Empty, Summer sea"},
			"within":          {db.AlbumList{Parent: id["Summer sea"]}, "Secret sea, Boats"},
			"within, listed":  {db.AlbumList{Parent: id["Summer sea"], Listed: true}, "Boats"},
			"within, of bo":   {db.AlbumList{Parent: id["Summer sea"], Owner: bo}, ""},
			"found":           {db.AlbumList{Search: "sea"}, "Secret sea, Summer sea"},
			"found, listed":   {db.AlbumList{Search: "sea", Listed: true}, "Summer sea"},
			"found, of anna":  {db.AlbumList{Search: "secr", Owner: anna, Top: true}, "Secret"},
			"found within":    {db.AlbumList{Search: "words", Parent: id["Summer sea"]}, "Secret sea, Boats"},
			"found in kanji":  {db.AlbumList{Search: "夏"}, "東京の夏"},
			"no words":        {db.AlbumList{Search: "-"}, ""},
		} {
			var got []string
			for c.q.Limit = 2; ; {
				list, next, err := d.AlbumList(t.Context(), c.q)
				must(t, err)
				for _, a := range list {
					got = append(got, a.Name)
					whole, err := d.Album(t.Context(), a.ID)
					must(t, err)
					same(t, name, *whole, a.Album)
				}
				if c.q.Before = next; next == 0 {
					break
				}
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("%s: %s, want %s", name, s, c.want)
			}
		}

		// The cover is the chosen file while it is there, or the newest.
		cover := func(want *vitrine.File) {
			t.Helper()
			l, _, err := d.AlbumList(t.Context(), db.AlbumList{Owner: bo, Limit: 1})
			must(t, err)
			switch got := l[0].Cover; {
			case want == nil && got != nil, want != nil && (got == nil || got.ID != want.ID):
				t.Errorf("cover is %v, want %v", got, want)
			}
		}
		cover(files["東京の夏2"])
		a, err := d.Album(t.Context(), id["東京の夏"])
		must(t, err)
		a.CoverID = files["東京の夏1"].ID
		must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error { return tx.UpdateAlbum(ctx, a) }))
		cover(files["東京の夏1"])
		must(t, update(t, d, a.CoverID, db.FileChange{AlbumID: new(int64)}))
		cover(files["東京の夏2"])
		for i := range 3 {
			if i != 1 {
				must(t, inTx(t, d, func(ctx context.Context, tx *db.Tx) error {
					return second(tx.DeleteFile(ctx, files["東京の夏"+itoa(i)].ID))
				}))
			}
		}
		cover(nil)
	})
}

func TestCategories(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		c := &vitrine.Category{Name: "Animals", URLKey: "animals", Description: "all of them"}
		create := func(ctx context.Context, tx *db.Tx) error { return tx.CreateCategory(ctx, c) }
		must(t, inTx(t, d, create))
		got, err := d.Category(ctx, c.ID)
		must(t, err)
		list, err := d.Categories(ctx)
		must(t, err)
		if diff := cmp.Diff([]vitrine.Category{*c, *c}, append(list, *got)); diff != "" {
			t.Error(diff)
		}
		if got, err = d.CategoryByKey(ctx, "animals"); err != nil || got.ID != c.ID {
			t.Errorf("by its key: %v, %v", got, err)
		}
		if err := second(d.CategoryByKey(ctx, "Animals")); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Error(err)
		}
		wantConflict(t, "same key", inTx(t, d, create), "url_key")
		if err := second(d.Category(ctx, 99)); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Error(err)
		}
	})
}

// TestEmptyAlbums: everybody's list goes past albums without files, for a bounded time.
func TestEmptyAlbums(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		anna := aUser(t, d, "anna").ID
		var want []int64
		for i := range 40 {
			a := anAlbum(t, d, anna, vitrine.PrivacyPublic)
			if i%15 == 3 {
				f := aFile()
				f.AlbumID = a.ID
				createFile(t, d, f)
				want = append([]int64{a.ID}, want...)
			}
		}
		for _, patience := range []time.Duration{time.Minute, 0} {
			d.LookTime(patience)
			q := db.AlbumList{Listed: true, Limit: 2}
			var got []int64
			empty := 0
			for pages := 0; ; pages++ {
				albums, next, err := d.AlbumList(t.Context(), q)
				must(t, err)
				for _, a := range albums {
					got = append(got, a.ID)
				}
				if len(albums) == 0 {
					empty++
				}
				if patience > 0 && next != 0 && len(albums) < q.Limit || pages > 100 {
					t.Fatalf("a page of %d with a next one", len(albums))
				}
				if q.Before = next; next == 0 {
					break
				}
			}
			if !slices.Equal(got, want) || (empty > 0) != (patience == 0) {
				t.Errorf("with %s: got %v with %d pages of nothing, want %v", patience, got, empty, want)
			}
		}
	})
}
