package web_test

import (
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vitrine/internal/account"
	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/links"
	"vitrine/internal/locale"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/upload"
	"vitrine/internal/vitrine"
	"vitrine/internal/web"
)

// site is the door of pages with real rooms behind it.
type site struct {
	http.Handler
	db       *db.DB
	settings *settings.Service
	url      string
	now      time.Time
	people   map[string]vitrine.Actor // by their usernames
	files    *catalog.Service
	account  *account.Service
}

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const token = "e8b07479818bc58d3b9849c431e9c2b28827ccce7809ed4f"

// options are the parts of a site that tests vary.
type options struct {
	settings   map[string]string
	url, media string
	uploads    bool          // files are taken in
	look       time.Duration // of lists, for more to show; 0: as ever
}

func newSite(t testing.TB, o options) *site {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: dbtest.SQLiteURL(t), LookTime: o.look})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	set, err := settings.New(ctx, settings.Config{DB: d, Pinned: o.settings})
	must(t, err)
	store, err := local.New(local.Config{Root: t.TempDir()})
	must(t, err)
	texts, err := locale.New()
	must(t, err)
	if o.url == "" {
		o.url = "https://pics.example.org"
	}
	base, err := url.Parse(o.url)
	must(t, err)
	config := links.Config{Base: base, Settings: set.Current}
	if o.media != "" {
		config.Media, err = url.Parse(o.media)
		must(t, err)
	}
	s := &site{db: d, settings: set, url: strings.TrimSuffix(o.url, "/"), now: now, people: make(map[string]vitrine.Actor)}
	clock := func() time.Time { return s.now }
	stores := storage.NewSet(map[string]storage.Store{"local": store}, "local")
	files := catalog.New(catalog.Config{DB: d, Stores: stores, Settings: set, Clock: clock})
	t.Cleanup(func() { _ = files.Close() })
	s.files = files
	s.account = account.New(account.Config{DB: d, Settings: set, Clock: clock})
	var uploads *upload.Service
	if o.uploads {
		uploads = newUploads(t, upload.Config{DB: d, Settings: set, Stores: stores, Clock: clock})
	}
	s.Handler, err = web.New(web.Config{
		Upload: uploads, Account: s.account, Catalog: files,
		Settings: set, Links: links.New(config), Locale: texts, Clock: clock, Identify: s.identify,
	})
	must(t, err)
	return s
}

// identify takes the word of the cookies "as" and "pass", and knows sessions.
func (s *site) identify(r *http.Request) vitrine.Actor {
	a := vitrine.Actor{}
	if c, err := r.Cookie("as"); err == nil {
		a = s.people[c.Value]
	}
	if c, err := r.Cookie("session"); err == nil {
		if known, _, err := s.account.Session(r.Context(), c.Value, a.Address); err == nil {
			a = known
		}
	}
	if c, err := r.Cookie("pass"); err == nil {
		a.Passes = []string{c.Value}
	}
	a.Address = netip.MustParseAddrPort(r.RemoteAddr).Addr()
	return a
}

// user makes somebody who asks with the cookie "as=" and their name.
func (s *site) user(t testing.TB, name string, role vitrine.Role) *vitrine.User {
	t.Helper()
	u := &vitrine.User{Username: name, Email: name + "@example.org", Role: role, Status: vitrine.UserValid, CreatedAt: now}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, u, "no password") }))
	s.people[name] = vitrine.Actor{User: u}
	return u
}

// profile records what a user changed about themselves.
func (s *site) profile(t testing.TB, u *vitrine.User) {
	t.Helper()
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.UpdateProfile(ctx, u) }))
}

// album makes an album of a user.
func (s *site) album(t testing.TB, owner *vitrine.User, change func(*vitrine.Album)) *vitrine.Album {
	t.Helper()
	a := &vitrine.Album{Slug: "album", OwnerID: owner.ID, Name: "Summer", Privacy: vitrine.PrivacyPublic, CreatedAt: now}
	if change != nil {
		change(a)
	}
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) }))
	return a
}

// post sends a form with pairs of names and values.
func (s *site) post(t testing.TB, target, cookie string, fields ...string) page {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return s.send(t, http.MethodPost, target, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie)
}

// add records a file, changed from an ordinary picture, with the token.
func (s *site) add(t testing.TB, change func(*vitrine.File)) *vitrine.File {
	t.Helper()
	f := &vitrine.File{
		Slug: "aB3dE7x", Storage: "local", StorageMode: vitrine.DateFolder, Folder: "2026/11/21", Name: "photo", Extension: "jpg", Format: vitrine.JPEG,
		Size: 93122, Width: 1600, Height: 1200, Approved: true, Privacy: vitrine.PrivacyPublic,
		Thumb: vitrine.Variant{Size: 23841, Width: 320, Height: 320}, Medium: vitrine.Variant{Size: 67193, Width: 500, Height: 375},
		MD5: "4d925fba1d22d9e30c33af99eb5189e1", Title: "A photo", OriginalFilename: "photo.JPG",
		CreatedAt: now.Add(-3 * time.Hour), UploadedAt: now.Add(-3 * time.Hour),
	}
	if change != nil {
		change(f)
	}
	sum := sha256.Sum256([]byte(token))
	must(t, s.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, sum[:]) }))
	return f
}

// film changes an ordinary picture into a film.
func film(f *vitrine.File) {
	f.Slug, f.Name, f.Extension, f.Format, f.Title, f.OriginalFilename = "ZfGd", "badgers", "mp4", vitrine.MP4, "Badgers animated music video MrWeebl", "badgers.mp4"
	f.Size, f.Width, f.Height, f.Duration = 3011299, 496, 360, 73*time.Second
	f.Medium, f.Frame = vitrine.Variant{}, vitrine.Variant{Size: 19804, Width: 496, Height: 360}
}

// page is an answer, parsed.
type page struct {
	*goquery.Document
	status int
	header http.Header
	body   string
}

// ask sends a request with pairs of header names and values.
func (s *site) ask(t testing.TB, method, target string, headers ...string) page {
	t.Helper()
	return s.send(t, method, target, nil, headers...)
}

func (s *site) send(t testing.TB, method, target string, form io.Reader, headers ...string) page {
	t.Helper()
	r := httptest.NewRequest(method, target, form)
	r.Host = strings.TrimPrefix(strings.TrimPrefix(s.url, "https://"), "http://")
	r.Header.Set("X-Request-Id", "request-1")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	must(t, err)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	must(t, err)
	return page{doc, w.Code, w.Result().Header, string(body)}
}

func (s *site) get(t testing.TB, target string, headers ...string) page {
	t.Helper()
	return s.ask(t, http.MethodGet, target, headers...)
}

// nonce is the one that the policy of the page allows.
func (p page) nonce() string {
	_, rest, _ := strings.Cut(p.header.Get("Content-Security-Policy"), "'nonce-")
	nonce, _, _ := strings.Cut(rest, "'")
	return nonce
}

// lasting is the page without its nonce, which is another each time.
func (p page) lasting() string { return strings.ReplaceAll(p.body, p.nonce(), "") }

// text is the text of the one element that the selector finds.
func (p page) text(t testing.TB, selector string) string {
	t.Helper()
	found := p.Find(selector)
	if found.Length() != 1 {
		t.Errorf("%d elements %s", found.Length(), selector)
	}
	return strings.TrimSpace(found.First().Text())
}

// attr is an attribute of the first element that the selector finds.
func (p page) attr(selector, name string) string {
	v, _ := p.Find(selector).First().Attr(name)
	return v
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
