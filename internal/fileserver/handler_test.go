package fileserver_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/fileserver"
	"vitrine/internal/server"
	"vitrine/internal/settings"
	"vitrine/internal/storage"
	"vitrine/internal/storage/local"
	"vitrine/internal/storage/s3"
	"vitrine/internal/storage/storagetest"
	"vitrine/internal/vitrine"
)

// site is a server with a catalog, a database and a storage behind it.
type site struct {
	t     testing.TB
	db    *db.DB
	store storage.Store
	set   *settings.Service
	url   string // of raw files
	zip   string // of archives
	pack  http.Handler
	owner vitrine.User
	log   *bytes.Buffer
}

// each runs the test with the bytes on a disk and in a bucket.
func each(t *testing.T, test func(*testing.T, *site)) {
	t.Helper()
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		test(t, start(t, disk(t)))
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		c := storagetest.S3(t)
		s, err := s3.New(s3.Config{Endpoint: c.Endpoint, Bucket: c.Bucket, AccessKey: c.AccessKey, SecretKey: c.SecretKey, Region: "us-east-1", PathStyle: true, Insecure: true})
		if err != nil {
			t.Fatal(err)
		}
		test(t, start(t, s))
	})
}

func disk(t testing.TB) storage.Store {
	t.Helper()
	s, err := local.New(local.Config{Root: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func start(t testing.TB, store storage.Store) *site {
	t.Helper()
	s := &site{t: t, db: dbtest.SQLite(t), store: store, log: new(bytes.Buffer)}
	var err error
	if s.set, err = settings.New(t.Context(), settings.Config{DB: s.db}); err != nil {
		t.Fatal(err)
	}
	s.owner = vitrine.User{Username: "owner", Email: "owner@example.org", Role: vitrine.RoleUser, Status: vitrine.UserValid, CreatedAt: time.Now()}
	s.tx(func(ctx context.Context, tx *db.Tx) error { return tx.CreateUser(ctx, &s.owner, "") })
	cat := catalog.New(catalog.Config{DB: s.db, Settings: s.set, Stores: storage.NewSet(map[string]storage.Store{"main": store}, "main"), Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() { _ = cat.Close() })
	config := fileserver.Config{
		Catalog: cat,
		Logger:  slog.New(slog.NewTextHandler(s.log, nil)),
		Identify: func(r *http.Request) (actor vitrine.Actor) {
			if r.Header.Get("X-API-Key") == "owner" {
				actor.User = &s.owner
			}
			actor.Passes = r.Header["X-Pass"]
			actor.Address, _ = netip.ParseAddr(r.Header.Get("X-Address"))
			return actor
		},
	}
	s.pack = fileserver.NewArchives(config)
	mux := http.NewServeMux()
	mux.Handle("/images/", http.StripPrefix("/images/", fileserver.New(config)))
	mux.Handle("/zip/", http.StripPrefix("/zip/", s.pack))
	srv, err := server.New(server.Config{Handler: mux})
	if err == nil {
		err = srv.Listen(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	s.url = "http://" + srv.Addr().String() + "/images/"
	s.zip = "http://" + srv.Addr().String() + "/zip/"
	return s
}

func (s *site) tx(fn func(context.Context, *db.Tx) error) {
	s.t.Helper()
	if err := s.db.Tx(s.t.Context(), fn); err != nil {
		s.t.Fatal(err)
	}
}

// add stores and records a file of size bytes with a thumb.
func (s *site) add(name string, size int, change func(*vitrine.File)) []byte {
	s.t.Helper()
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	sum := md5.Sum(b)
	base, ext, _ := strings.Cut(name, ".")
	format, _ := vitrine.FormatOfExtension(ext)
	f := &vitrine.File{
		Slug: vitrine.NewSlug(random), Storage: "main", Folder: "2026/11/21", Name: base, Extension: ext, Format: format,
		Size: int64(size), Width: 40, Height: 30, Approved: true, Thumb: vitrine.Variant{Size: 5, Width: 4, Height: 3},
		MD5: hex.EncodeToString(sum[:]), StorageMode: "datefolder", UploaderIP: netip.MustParseAddr("192.0.2.1"),
		CreatedAt: time.Now(), UploadedAt: time.Now(),
	}
	if change != nil {
		change(f)
	}
	for key, content := range map[string][]byte{f.Key(): b, f.VariantKey(vitrine.Thumb): []byte("thumb")} {
		if err := s.store.Put(s.t.Context(), key, bytes.NewReader(content), int64(len(content)), "application/x-wrong"); err != nil {
			s.t.Fatal(err)
		}
	}
	s.tx(func(ctx context.Context, tx *db.Tx) error { return tx.CreateFile(ctx, f, nil) })
	return b
}

func random(b []byte) {
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
}

type answer struct {
	*http.Response
	body []byte
}

func (s *site) do(method, path string, header map[string]string) answer {
	s.t.Helper()
	return s.ask(method, s.url+path, header)
}

func (s *site) ask(method, address string, header map[string]string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, address, err)
	}
	return answer{resp, b}
}

func TestWholeFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		want := s.add("sunset.jpg", 300_000, nil)
		for _, c := range []struct {
			path, mime string
			body       []byte
		}{
			{"2026/11/21/sunset.jpg", "image/jpeg", want},
			{"2026/11/21/sunset.th.jpg", "image/jpeg", []byte("thumb")},
		} {
			got := s.do("GET", c.path, nil)
			h := got.Header
			if got.StatusCode != http.StatusOK || !bytes.Equal(got.body, c.body) || got.ContentLength != int64(len(c.body)) {
				t.Errorf("%s: got %s, %d bytes", c.path, got.Status, len(got.body))
			}
			name := c.path[strings.LastIndex(c.path, "/")+1:]
			for key, value := range map[string]string{
				"Content-Type":                 c.mime,
				"X-Content-Type-Options":       "nosniff",
				"Content-Security-Policy":      "sandbox; default-src 'none'",
				"Cross-Origin-Resource-Policy": "cross-origin",
				"Access-Control-Allow-Origin":  "*",
				"Cache-Control":                "public, max-age=31536000, immutable",
				"Content-Disposition":          `inline; filename="` + name + `"`,
				"Accept-Ranges":                "bytes",
			} {
				if h.Get(key) != value {
					t.Errorf("%s: %s is %q, want %q", c.path, key, h.Get(key), value)
				}
			}
			if e := h.Get("Etag"); len(e) < 34 || e[0] != '"' {
				t.Errorf("%s: ETag %s is not strong", c.path, e)
			}
			head := s.do("HEAD", c.path, nil)
			if head.StatusCode != http.StatusOK || head.ContentLength != int64(len(c.body)) || len(head.body) != 0 || head.Header.Get("Etag") != h.Get("Etag") {
				t.Errorf("HEAD %s: got %s, %v", c.path, head.Status, head.Header)
			}
		}
	})
}

func TestRangesAndConditions(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		want := s.add("film.mp4", 3_000_000, func(f *vitrine.File) { f.UploadedAt = time.Now().Add(-time.Hour) })
		path := "2026/11/21/film.mp4"
		whole := s.do("GET", path, nil)
		etag, date := whole.Header.Get("Etag"), whole.Header.Get("Last-Modified")
		if whole.Header.Get("Content-Type") != "video/mp4" || etag == "" || date == "" {
			t.Errorf("got %v", whole.Header)
		}
		for name, c := range map[string]struct {
			header map[string]string
			status int
			body   []byte
			rng    string
		}{
			"beginning":        {map[string]string{"Range": "bytes=0-99"}, 206, want[:100], "bytes 0-99/3000000"},
			"middle":           {map[string]string{"Range": "bytes=1000000-1999999"}, 206, want[1_000_000:2_000_000], "bytes 1000000-1999999/3000000"},
			"open":             {map[string]string{"Range": "bytes=2999000-"}, 206, want[2_999_000:], "bytes 2999000-2999999/3000000"},
			"from the end":     {map[string]string{"Range": "bytes=-10"}, 206, want[2_999_990:], "bytes 2999990-2999999/3000000"},
			"past the end":     {map[string]string{"Range": "bytes=3000000-"}, 416, nil, "bytes */3000000"},
			"same tag":         {map[string]string{"If-None-Match": etag}, 304, nil, ""},
			"one of tags":      {map[string]string{"If-None-Match": `"x", ` + etag}, 304, nil, ""},
			"any tag":          {map[string]string{"If-None-Match": "*"}, 304, nil, ""},
			"other tag":        {map[string]string{"If-None-Match": `"x"`}, 200, want, ""},
			"not modified":     {map[string]string{"If-Modified-Since": date}, 304, nil, ""},
			"range, same tag":  {map[string]string{"Range": "bytes=0-9", "If-Range": etag}, 206, want[:10], "bytes 0-9/3000000"},
			"range, other tag": {map[string]string{"Range": "bytes=0-9", "If-Range": `"x"`}, 200, want, ""},
			"must match":       {map[string]string{"If-Match": `"x"`}, 412, nil, ""},
		} {
			got := s.do("GET", path, c.header)
			if got.StatusCode != c.status || c.body != nil && !bytes.Equal(got.body, c.body) || got.Header.Get("Content-Range") != c.rng {
				t.Errorf("%s: got %s, %d bytes, %q", name, got.Status, len(got.body), got.Header.Get("Content-Range"))
			}
			if got.Header.Get("X-Content-Type-Options") != "nosniff" || (c.status < 400 && got.Header.Get("Etag") != etag) {
				t.Errorf("%s: got %v", name, got.Header)
			}
			if c.status == 304 && (len(got.body) != 0 || got.Header.Get("Cache-Control") == "") {
				t.Errorf("%s: got %v", name, got.Header)
			}
		}
		two := s.do("GET", path, map[string]string{"Range": "bytes=0-9,100-109"})
		if kind, _, _ := mime.ParseMediaType(two.Header.Get("Content-Type")); two.StatusCode != http.StatusPartialContent || kind != "multipart/byteranges" || !bytes.Contains(two.body, want[100:110]) {
			t.Errorf("two ranges: got %s, %v", two.Status, two.Header)
		}
	})
}

func TestWhoMaySee(t *testing.T) {
	t.Parallel()
	s := start(t, disk(t))
	album := func(p vitrine.Privacy, slug string) int64 {
		a := &vitrine.Album{Slug: vitrine.Slug(slug), OwnerID: s.owner.ID, Name: slug, Privacy: p, CreatedAt: time.Now()}
		s.tx(func(ctx context.Context, tx *db.Tx) error { return tx.CreateAlbum(ctx, a) })
		return a.ID
	}
	private, unlisted := album(vitrine.PrivacyPrivate, "aaaa"), album(vitrine.PrivacyUnlisted, "bbbb")
	s.add("private.png", 10, func(f *vitrine.File) { f.OwnerID, f.AlbumID = s.owner.ID, private })
	s.add("unlisted.png", 10, func(f *vitrine.File) { f.OwnerID, f.AlbumID = s.owner.ID, unlisted })
	s.add("expired.png", 10, func(f *vitrine.File) { f.ExpiresAt = time.Now().Add(-time.Second) })
	s.add("expiring.png", 10, func(f *vitrine.File) { f.ExpiresAt = time.Now().Add(time.Hour) })
	s.add("lost.png", 10, nil)
	if err := s.store.Delete(t.Context(), "2026/11/21/lost.png"); err != nil {
		t.Fatal(err)
	}
	owner := map[string]string{"X-API-Key": "owner"}
	for _, c := range []struct {
		path   string
		header map[string]string
		status int
		cache  string
	}{
		{"2026/11/21/private.png", nil, 404, "no-store"},
		{"2026/11/21/private.th.png", nil, 404, "no-store"},
		{"2026/11/21/private.png", map[string]string{"If-None-Match": "*"}, 404, "no-store"},
		{"2026/11/21/private.png", owner, 200, "private, no-store"},
		{"2026/11/21/unlisted.png", nil, 200, "private, no-store"},
		{"2026/11/21/expired.png", nil, 404, "no-store"},
		{"2026/11/21/expired.png", owner, 404, "no-store"},
		{"2026/11/21/expiring.png", nil, 200, "public, max-age=3599"},
		{"2026/11/21/lost.png", nil, 404, "no-store"},
		{"2026/11/21/absent.png", nil, 404, "no-store"},
		{"2026/11/21/lost.md.png", nil, 404, "no-store"},
		{"2026/11/21/", nil, 404, "no-store"},
		{"2026/11/21", nil, 404, "no-store"},
		{"", nil, 404, "no-store"},
		{"..%2f..%2fetc/passwd", nil, 404, "no-store"},
		{"2026%5c11%5c21%5cexpiring.png", nil, 404, "no-store"},
		{"2026/11/21/%00.png", nil, 404, "no-store"},
		{strings.Repeat("a/", 3000) + "b.png", nil, 404, "no-store"},
	} {
		got := s.do("GET", c.path, c.header)
		cache := got.Header.Get("Cache-Control")
		if got.StatusCode != c.status || cache != c.cache && !(c.path == "2026/11/21/expiring.png" && cache == "public, max-age=3598") {
			t.Errorf("%.60s %v: got %s, %q, want %d, %q", c.path, c.header, got.Status, cache, c.status, c.cache)
		}
		if got.StatusCode == http.StatusNotFound && (len(got.body) != 0 || got.Header.Get("Etag") != "" || got.Header.Get("X-Content-Type-Options") != "nosniff") {
			t.Errorf("%.60s: got %q, %v", c.path, got.body, got.Header)
		}
	}
	if s.log.Len() > 0 {
		t.Errorf("log: %s", s.log)
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	s := start(t, disk(t))
	s.add("a.png", 10, nil)
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
		got := s.do(method, "2026/11/21/a.png", nil)
		if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" || len(got.body) != 0 {
			t.Errorf("%s: got %s, %v", method, got.Status, got.Header)
		}
	}
}

func TestStorageFails(t *testing.T) {
	t.Parallel()
	s := start(t, disk(t))
	s.add("a.png", 10, func(f *vitrine.File) {})
	s.add("b.png", 10, func(f *vitrine.File) { f.Storage = "gone" })
	got := s.do("GET", "2026/11/21/b.png", nil)
	if got.StatusCode != http.StatusInternalServerError || len(got.body) != 0 || got.Header.Get("Cache-Control") != "no-store" || !strings.Contains(s.log.String(), got.Header.Get("X-Request-Id")) {
		t.Errorf("got %s %q; log %s", got.Status, got.body, s.log)
	}
}

func TestRedirectDelivery(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		want := s.add("a.png", 1000, nil)
		if err := s.set.Set(t.Context(), "delivery", string(vitrine.DeliveryRedirect)); err != nil {
			t.Fatal(err)
		}
		got := s.do("GET", "2026/11/21/a.png", nil)
		if _, canLink := s.store.(storage.Linker); !canLink {
			if got.StatusCode != http.StatusOK {
				t.Errorf("got %s", got.Status)
			}
			return
		}
		if got.StatusCode != http.StatusFound || len(got.body) != 0 || got.Header.Get("Cache-Control") != "private, no-store" || got.Header.Get("Etag") != "" {
			t.Fatalf("got %s, %v", got.Status, got.Header)
		}
		resp, err := http.Get(got.Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || !bytes.Equal(b, want) || resp.Header.Get("Content-Type") != "image/png" {
			t.Errorf("got %s, %d bytes, %v", resp.Status, len(b), resp.Header)
		}
	})
}
