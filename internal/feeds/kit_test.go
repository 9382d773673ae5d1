package feeds_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/feeds"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/vitrine"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// site is the door with real rooms behind it.
type site struct {
	*feeds.Door
	db      *db.DB
	catalog *catalog.Service
	links   *links.Builder
}

// newSite is a site at an address with settings, which are pairs of key and value.
func newSite(t testing.TB, address string, set ...string) *site {
	t.Helper()
	pinned := make(map[string]string)
	for i := 0; i < len(set); i += 2 {
		pinned[set[i]] = set[i+1]
	}
	d := dbtest.SQLite(t)
	s, err := settings.New(context.Background(), settings.Config{DB: d, Pinned: pinned})
	must(t, err)
	store, err := local.New(local.Config{Root: t.TempDir()})
	must(t, err)
	texts, err := locale.New()
	must(t, err)
	base, err := url.Parse(address)
	must(t, err)
	clock := func() time.Time { return now }
	c := catalog.New(catalog.Config{DB: d, Stores: storage.NewSet(map[string]storage.Store{"local": store}, "local"), Settings: s, Clock: clock})
	t.Cleanup(func() { _ = c.Close() })
	l := links.New(links.Config{Base: base, Settings: s.Current})
	return &site{
		Door: feeds.New(feeds.Config{
			Account: account.New(account.Config{DB: d, Settings: s, Clock: clock}), Catalog: c, Settings: s, Links: l, Locale: texts, Clock: clock,
			Icons: []feeds.Icon{{Path: "/icon.svg", MIME: "image/svg+xml", Sizes: "any", Maskable: true}},
		}),
		db: d, catalog: c, links: l,
	}
}

// usual is a site below a path.
func usual(t testing.TB, set ...string) *site {
	return newSite(t, "https://pics.example.org/g", set...)
}

// user makes an account.
func (s *site) user(t testing.TB, name string, change func(*vitrine.User)) *vitrine.User {
	t.Helper()
	u := &vitrine.User{Username: name, Email: name + "@example.org", Role: vitrine.RoleUser, Status: vitrine.UserValid, CreatedAt: now.Add(-48 * time.Hour)}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		if err := tx.CreateUser(ctx, u, "no password"); err != nil || change == nil {
			return err
		}
		change(u)
		return tx.UpdateProfile(ctx, u)
	}))
	return u
}

// album makes an album of a user. Its slug is its privacy.
func (s *site) album(t testing.TB, owner *vitrine.User, p vitrine.Privacy) *vitrine.Album {
	t.Helper()
	a := &vitrine.Album{Slug: vitrine.Slug(p), Name: "An " + string(p) + " album", OwnerID: owner.ID, Privacy: p, Sort: vitrine.SortNewest, CreatedAt: now.Add(-24 * time.Hour)}
	if p == vitrine.PrivacyPassword {
		a.Pass = "the-pass"
	}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) }))
	return a
}

// add records a file, changed from an ordinary picture, whose name is its slug.
func (s *site) add(t testing.TB, slug string, change func(*vitrine.File)) *vitrine.File {
	t.Helper()
	f := &vitrine.File{
		Slug: vitrine.Slug(slug), Storage: "local", StorageMode: vitrine.DateFolder, Folder: "2026/11/21", Name: slug, Extension: "jpg", Format: vitrine.JPEG,
		Size: 93122, Width: 1600, Height: 1200, Approved: true, Privacy: vitrine.PrivacyPublic,
		Thumb: vitrine.Variant{Size: 23841, Width: 320, Height: 320}, Medium: vitrine.Variant{Size: 67193, Width: 500, Height: 375},
		MD5: "4d925fba1d22d9e30c33af99eb5189e1", Title: "Picture " + slug, OriginalFilename: "photo.JPG",
		CreatedAt: now.Add(-3 * time.Hour), UploadedAt: now.Add(-3 * time.Hour),
	}
	if change != nil {
		change(f)
	}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) }))
	return f
}

// film changes a picture into a film.
func film(f *vitrine.File) {
	f.Extension, f.Format, f.Title = "mp4", vitrine.MP4, "Badgers & <b>"
	f.Size, f.Width, f.Height, f.Duration = 3011299, 496, 360, 73*time.Second
	f.Medium, f.Frame = vitrine.Variant{}, vitrine.Variant{Size: 19804, Width: 496, Height: 360}
}

// in puts a file into an album.
func in(a *vitrine.Album) func(*vitrine.File) {
	return func(f *vitrine.File) { f.AlbumID, f.OwnerID, f.Privacy = a.ID, a.OwnerID, a.Privacy }
}

// answer is what the door said.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *site) get(t testing.TB, target string, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	must(t, err)
	return answer{w.Code, w.Result().Header, string(body)}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newRequest(method, target string) *http.Request { return httptest.NewRequest(method, target, nil) }

func (s *site) record(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}
