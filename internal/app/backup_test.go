package app_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/account"
	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/db/dbtest"
	"vitrine/internal/vitrine"
)

// known is a file as it was shown when it was acknowledged.
type known struct {
	slug    vitrine.Slug
	digests map[string]string // SHA-256 of what the site sends, by path
	acked   time.Time
	deleted time.Time // when its deletion had been acknowledged; zero: it is there
	leaving bool      // its deletion has begun
}

// life is a site in use: uploads, deletions and edits at the same time.
type life struct {
	s     *apptest.Site
	admin vitrine.Actor
	mu    sync.Mutex
	files []*known
	edits int

	moves int // only the one who moves looks at these
	moved int64
}

// upload adds a file and looks at what it is.
func (l *life) upload(t *testing.T, fields ...string) *known {
	t.Helper()
	a := l.s.Upload(t, l.s.UserKey, "evening.jpg", apptest.Picture(t, 560, 64), fields...)
	if a.Status != http.StatusOK {
		t.Errorf("not uploaded: %d %s", a.Status, a.Body)
		return nil
	}
	k := &known{slug: vitrine.Slug(a.Text("id_encoded")), digests: make(map[string]string), acked: time.Now()}
	urls := []string{a.Text("url")}
	for _, variant := range []string{"thumb", "medium"} {
		if v, ok := a.Image[variant].(map[string]any); ok {
			if u, _ := v["url"].(string); u != "" {
				urls = append(urls, u)
			}
		}
	}
	for _, u := range urls {
		got := l.s.Get(t, u)
		if got.Status != http.StatusOK {
			t.Errorf("%s: %d", u, got.Status)
		}
		k.digests[strings.TrimPrefix(u, l.s.URL)] = fmt.Sprintf("%x", sha256.Sum256(got.Body))
	}
	l.mu.Lock()
	l.files = append(l.files, k)
	l.mu.Unlock()
	return k
}

// some is a file that is there, and not the first, which is needed later; nil if there
// is none.
func (l *life) some(leaving bool) *known {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.files) < 2 {
		return nil
	}
	k := l.files[1+rand.IntN(len(l.files)-1)]
	if k.leaving {
		return nil
	}
	k.leaving = leaving
	return k
}

func (l *life) remove(t *testing.T) {
	k := l.some(true)
	if k == nil {
		return
	}
	if err := l.s.App.Catalog.Delete(t.Context(), l.admin, k.slug); err != nil {
		t.Errorf("delete: %v", err)
	}
	l.mu.Lock()
	k.deleted = time.Now()
	l.mu.Unlock()
}

func (l *life) edit(t *testing.T) {
	k := l.some(false)
	if k == nil {
		return
	}
	title := fmt.Sprintf("Edited %d", rand.Int())
	if _, err := l.s.App.Catalog.EditFile(t.Context(), l.admin, k.slug, catalog.FileEdit{Title: &title}); err != nil && !vitrine.Is(err, vitrine.CodeNotFound) {
		t.Errorf("edit: %v", err)
	}
	l.mu.Lock()
	l.edits++
	l.mu.Unlock()
}

// move takes a few files to the other storage, and their old objects away at once.
func (l *life) move(ctx context.Context, t *testing.T) {
	keeper, err := l.s.App.Upkeep(false)
	if err != nil {
		t.Error(err)
		return
	}
	from, _ := l.s.App.Stores.Default()
	to := "cold"
	if l.moves%3 == 2 {
		from, to = to, from
	}
	l.moves++
	state, err := keeper.Move(ctx, app.MoveOptions{From: from, To: to, Limit: 3, Workers: 1, Keep: time.Millisecond})
	if err != nil && ctx.Err() == nil {
		t.Errorf("move: %v", err)
	}
	l.moved += state.Files
	if _, err := l.s.App.Catalog.RemoveObjects(ctx); err != nil && ctx.Err() == nil {
		t.Errorf("remove objects: %v", err)
	}
}

// go on until the context ends.
func (l *life) goOn(ctx context.Context, t *testing.T) *sync.WaitGroup {
	var all sync.WaitGroup
	for _, deed := range []struct {
		do    func()
		pause time.Duration
	}{
		{func() { l.upload(t) }, 0}, {func() { l.upload(t) }, 0},
		{func() { l.remove(t) }, 150 * time.Millisecond}, {func() { l.edit(t) }, 20 * time.Millisecond},
		{func() { l.move(ctx, t) }, 50 * time.Millisecond},
	} {
		all.Go(func() {
			for ctx.Err() == nil {
				deed.do()
				time.Sleep(deed.pause)
			}
		})
	}
	return &all
}

// TestBackupUnderLoad makes a backup while people use the site, and compares the site
// that comes of it.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	for _, pair := range [][4]string{
		{"sqlite", "local", "sqlite", "local"}, {"postgres", "s3", "postgres", "s3"},
		{"sqlite", "local", "postgres", "s3"}, {"postgres", "s3", "sqlite", "local"},
	} {
		t.Run(strings.Join(pair[:], " "), func(t *testing.T) {
			t.Parallel()
			backupUnderLoad(t, pair[0], pair[1], pair[2], pair[3])
		})
	}
}

func backupUnderLoad(t *testing.T, engine, store, toEngine, toStore string) {
	s := apptest.Start(t, apptest.Options{Engine: engine, Storage: store, Storages: map[string]string{"cold": store}, Settings: map[string]string{"on_duplicate": "allow"}})
	ann, err := s.App.Account.User(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	l := &life{s: s, admin: vitrine.Actor{User: &vitrine.User{ID: 1, Role: vitrine.RoleAdmin, Status: vitrine.UserValid}}}
	secret, err := s.App.Catalog.CreateAlbum(t.Context(), catalog.NewAlbum{OwnerID: ann.ID, Name: "Secret", Privacy: vitrine.PrivacyPrivate})
	if err != nil {
		t.Fatal(err)
	}
	first := s.Upload(t, s.UserKey, "fjord.jpg", apptest.Picture(t, 560, 80), "title", "Kveld over fjorden ё 夜", "tags", "fjord")
	hidden := s.Upload(t, s.UserKey, "hidden.jpg", apptest.Picture(t, 560, 80), "album_id", string(secret.Slug))
	wantUpload(t, first)
	if hidden.Status != http.StatusOK {
		t.Fatalf("hidden: %d %s", hidden.Status, hidden.Body)
	}
	for range 20 {
		l.upload(t)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	busy := l.goOn(ctx, t)
	time.Sleep(500 * time.Millisecond)

	folder := filepath.Join(t.TempDir(), "backup")
	began := time.Now()
	report, err := s.App.Backup(t.Context(), folder, "test", app.BackupOptions{Workers: 2, Rate: 150_000}) // slow, so that much goes on meanwhile
	if err != nil || !report.Whole() {
		t.Fatalf("%+v, %v", report, err)
	}
	ended := time.Now()
	cancel()
	busy.Wait()
	t.Logf("%d files in a backup of %s; %d files, %d edits, %d moves in all", report.Manifest.Rows("files"), ended.Sub(began), len(l.files), l.edits, l.moved)
	if l.moved == 0 {
		t.Error("nothing moved")
	}
	if v, err := app.VerifyBackup(t.Context(), folder, "", 2, nil); err != nil || v.Faulty != 0 {
		t.Fatalf("verify: %+v, %v", v, err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}

	o := apptest.Options{Data: t.TempDir(), Settings: map[string]string{"on_duplicate": "allow"}}
	c := app.Config{Data: o.Data}
	if toEngine == "postgres" {
		o.DatabaseURL = dbtest.EmptyPostgresURL(t)
		c.Database = o.DatabaseURL
	}
	if toStore == "s3" {
		o.Bucket = apptest.Bucket(t)
		c.Storage.Bucket = o.Bucket
	}
	done, err := app.Restore(t.Context(), c, folder, app.RestoreOptions{})
	if err != nil || done.Faulty+done.Missing > 0 {
		t.Fatalf("restore: %+v, %v", done, err)
	}
	n := apptest.Start(t, o)
	l.compare(t, n, report, began, ended)
	path := func(a apptest.Answer, field string) string { return strings.TrimPrefix(a.Text(field), s.URL) }
	compareSite(t, s, n, path(first, "url_viewer"), path(first, "delete_url"), path(hidden, "url_viewer"), path(hidden, "url"))
}

// compare looks at every file through the front door.
func (l *life) compare(t *testing.T, n *apptest.Site, report *app.BackupReport, began, ended time.Time) {
	t.Helper()
	there := make(map[vitrine.Slug]bool)
	err := n.App.DB.Snapshot(t.Context(), func(ctx context.Context, s *db.Snapshot) error {
		for _, table := range s.Tables() {
			if table.Name != "files" {
				continue
			}
			for i, c := range table.Columns {
				if c.Name == "slug" {
					return s.Rows(ctx, table, func(values []any) error {
						there[vitrine.Slug(values[i].(string))] = true
						return nil
					})
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(there)) != report.Manifest.Rows("files") {
		t.Errorf("%d files, the backup has %d", len(there), report.Manifest.Rows("files"))
	}
	compared, gone := 0, 0
	for _, k := range l.files {
		switch {
		case k.acked.Before(began) && (k.deleted.IsZero() || k.deleted.After(ended)) && !k.leaving && !there[k.slug]:
			t.Errorf("%s was acknowledged before the backup, and is not there", k.slug)
		case !k.deleted.IsZero() && k.deleted.Before(began) && there[k.slug]:
			t.Errorf("%s was deleted before the backup, and is there", k.slug)
		case !there[k.slug]:
			gone++
			continue
		}
		for path, want := range k.digests {
			a := n.Get(t, path)
			if got := fmt.Sprintf("%x", sha256.Sum256(a.Body)); a.Status != http.StatusOK || got != want {
				t.Errorf("%s: %d, digest %.12s, want %.12s", path, a.Status, got, want)
			}
			compared++
		}
	}
	t.Logf("%d digests agree, %d files were not there yet or not any more", compared, gone)
	if compared < 20 {
		t.Error("too few to prove anything")
	}
}

// compareSite looks whether people find what they know.
func compareSite(t *testing.T, old, n *apptest.Site, viewer, deletion, hidden, hiddenRaw string) {
	t.Helper()
	for _, page := range []struct {
		path, want string
		status     int
	}{
		{"/", "", http.StatusOK},
		{"/explore/recent", "/image/", http.StatusOK},
		{"/search?q=" + url.QueryEscape("fjorden"), strings.TrimPrefix(viewer, "/"), http.StatusOK},
		{"/search?q=" + url.QueryEscape("夜"), strings.TrimPrefix(viewer, "/"), http.StatusOK},
		{"/tag/fjord", strings.TrimPrefix(viewer, "/"), http.StatusOK},
		{viewer, "Kveld over fjorden", http.StatusOK},
		{deletion, "", http.StatusOK},
		{hidden, "", http.StatusNotFound},
		{hiddenRaw, "", http.StatusNotFound},
		{"/ann", "", http.StatusOK},
	} {
		if a := n.Get(t, page.path); a.Status != page.status || !strings.Contains(string(a.Body), page.want) {
			t.Errorf("%s: %d, want %d with %q", page.path, a.Status, page.status, page.want)
		}
	}
	// The old password, and the old keys.
	if _, _, err := n.App.Account.SignIn(t.Context(), account.Credentials{Name: "ann", Password: n.Password(), UserAgent: "test"}); err != nil {
		t.Errorf("sign in: %v", err)
	}
	if r, err := n.SignIn(t, "ann").Get(n.URL + hidden); err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("the private file for its owner: %v, %v", r, err)
	} else {
		r.Body.Close()
	}
	a := n.Upload(t, old.UserKey, "new.jpg", apptest.Picture(t, 64, 64))
	if a.Status != http.StatusOK {
		t.Errorf("with the old key: %d %s", a.Status, a.Body)
	}
	if a := n.Upload(t, old.AdminKey, "new.jpg", apptest.Picture(t, 64, 64)); a.Status != http.StatusOK {
		t.Errorf("with the admin's old key: %d %s", a.Status, a.Body)
	}
}
