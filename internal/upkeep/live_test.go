package upkeep_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/upkeep"
	"vitrine/internal/vitrine"
)

// uploaded is what a site has acknowledged: digests of originals and thumbs by address.
type uploaded struct {
	mu    sync.Mutex
	files map[string]string
}

func (u *uploaded) add(t *testing.T, s *apptest.Site, fields ...string) apptest.Answer {
	t.Helper()
	content := apptest.Picture(t, 160, 120)
	a := s.Upload(t, s.UserKey, "picture.jpg", content, fields...)
	if a.Status != http.StatusOK {
		t.Errorf("refused: %d %s", a.Status, a.Body)
		return a
	}
	u.note(t, s, a)
	return a
}

func (u *uploaded) note(t *testing.T, s *apptest.Site, a apptest.Answer) {
	t.Helper()
	thumb, _ := a.Image["thumb"].(map[string]any)
	address, _ := thumb["url"].(string)
	body := s.Get(t, address).Body
	u.mu.Lock()
	defer u.mu.Unlock()
	u.files[a.Text("url")], u.files[address] = a.Text("md5"), digest(string(body))
}

// look fetches everything and compares digests.
func (u *uploaded) look(t *testing.T, s *apptest.Site) (looked int) {
	t.Helper()
	u.mu.Lock()
	all := make(map[string]string, len(u.files))
	for address, want := range u.files {
		all[address] = want
	}
	u.mu.Unlock()
	for address, want := range all {
		if a := s.Get(t, address); a.Status != http.StatusOK || digest(string(a.Body)) != want {
			t.Errorf("%s: %d, %d bytes", address, a.Status, len(a.Body))
		}
	}
	return len(all)
}

// archive fetches an album and wants all of it.
func archive(t *testing.T, s *apptest.Site, album vitrine.Slug, want int) {
	t.Helper()
	a := s.Get(t, "/zip/"+string(album))
	if a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable {
		return
	}
	z, err := zip.NewReader(bytes.NewReader(a.Body), int64(len(a.Body)))
	if err != nil || len(z.File) != want {
		t.Errorf("archive: %d, %v", a.Status, err)
		return
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if err != nil {
			t.Errorf("archive: %s: %v", f.Name, err)
		}
	}
}

// TestMoveLive moves files while the site takes, shows and deletes them.
func TestMoveLive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ engine, from, to string }{
		{"sqlite", "local", "local"}, {"sqlite", "s3", "local"}, {"postgres", "local", "s3"}, {"postgres", "s3", "local"},
	} {
		t.Run(test.engine+" "+test.from+" to "+test.to, func(t *testing.T) {
			t.Parallel()
			moveLive(t, apptest.Start(t, apptest.Options{
				Engine: test.engine, Storage: test.from, Storages: map[string]string{"other": test.to},
			}), test.from)
		})
	}
}

func moveLive(t *testing.T, s *apptest.Site, from string) {
	u := &uploaded{files: make(map[string]string)}
	ann, err := s.App.Account.User(t.Context(), "ann")
	must(t, err)
	album := func(privacy vitrine.Privacy) *vitrine.Album {
		a, err := s.App.Catalog.CreateAlbum(t.Context(), catalog.NewAlbum{OwnerID: ann.ID, Name: string(privacy), Privacy: privacy})
		must(t, err)
		return a
	}
	open, private := album(vitrine.PrivacyPublic), album(vitrine.PrivacyPrivate)
	for range 12 {
		u.add(t, s, "album_id", string(open.Slug))
	}
	content := apptest.Picture(t, 160, 120)
	hidden := s.Upload(t, s.UserKey, "hidden.jpg", content, "album_id", string(private.Slug))
	expiring := s.Upload(t, s.UserKey, "expiring.jpg", apptest.Picture(t, 160, 120), "expiration", "PT5M")
	linked := s.Upload(t, s.GuestKey, "linked.jpg", apptest.Picture(t, 160, 120))

	keeper, err := s.App.Upkeep(true)
	must(t, err)
	work, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	looked := 0
	all.Go(func() {
		for work.Err() == nil {
			looked += u.look(t, s)
		}
	})
	all.Go(func() {
		for work.Err() == nil {
			u.add(t, s)
		}
	})
	all.Go(func() { // comes and goes
		for work.Err() == nil {
			a := s.Upload(t, s.UserKey, "gone.jpg", apptest.Picture(t, 160, 120))
			if err := s.App.Catalog.Delete(t.Context(), vitrine.Actor{User: ann}, vitrine.Slug(a.Text("id_encoded"))); err != nil {
				t.Errorf("delete: %v", err)
			}
		}
	})
	all.Go(func() {
		for work.Err() == nil {
			archive(t, s, open.Slug, 12)
			time.Sleep(100 * time.Millisecond)
		}
	})
	move := func() upkeep.MoveState {
		state, err := keeper.Move(t.Context(), upkeep.MoveOptions{From: from, To: "other", Workers: 2, Problem: func(p upkeep.Problem) { t.Errorf("problem: %+v", p) }})
		must(t, err)
		return state
	}
	var files int64
	for range 3 {
		files += move().Files
		time.Sleep(200 * time.Millisecond)
	}
	stop()
	all.Wait()
	files += move().Files
	t.Logf("%d files moved, %d views meanwhile", files, looked)
	if files < 15 || looked < 10 {
		t.Error("too little to prove anything")
	}
	u.look(t, s)
	afterMove(t, s, from, u, keeper, hidden, expiring, linked)
}

// afterMove looks at everything that must be as before.
func afterMove(t *testing.T, s *apptest.Site, from string, u *uploaded, keeper *upkeep.Service, hidden, expiring, linked apptest.Answer) {
	if a := s.Get(t, hidden.Text("url")); a.Status != http.StatusNotFound {
		t.Errorf("a private file is shown: %d", a.Status)
	}
	if _, err := s.App.Catalog.DeleteByToken(t.Context(), linked.Text("id_encoded"), path.Base(linked.Text("delete_url"))); err != nil {
		t.Errorf("the deletion link %s: %v", linked.Text("delete_url"), err)
	}
	if a := s.Get(t, linked.Text("url")); a.Status != http.StatusNotFound {
		t.Errorf("a deleted file is shown: %d", a.Status)
	}
	// In two hours, what is old has gone and what expires has expired.
	later := catalog.New(catalog.Config{DB: s.App.DB, Stores: s.App.Stores, Settings: s.App.Settings,
		Clock: func() time.Time { return s.App.Now().Add(2 * time.Hour) }})
	defer later.Close()
	if n, err := later.PurgeExpired(t.Context()); err != nil || n != 1 {
		t.Errorf("%d expired, %v: %s", n, err, expiring.Text("url"))
	}
	_, err := later.RemoveObjects(t.Context())
	must(t, err)
	store, err := s.App.Stores.Get(from)
	must(t, err)
	if left := objects(t, store); len(left) > 0 {
		t.Errorf("left in the source: %v", left)
	}
	u.look(t, s)
	var wrong []string
	v, err := keeper.Verify(t.Context(), upkeep.VerifyOptions{Deep: true, OrphanAge: time.Nanosecond, Problem: func(p upkeep.Problem) {
		wrong = append(wrong, fmt.Sprintf("%s %s: %s", p.Storage, p.Key, p.Text))
	}})
	if err != nil || v.Problems > 0 || v.Files < 12 {
		t.Errorf("verified %+v, %v:\n%s", v, err, strings.Join(wrong, "\n"))
	}
	var used db.StorageUsage
	list, err := s.App.DB.StorageUsage(t.Context())
	must(t, err)
	for _, one := range list {
		if one.Storage == from && (one.Files != 0 || one.Bytes != 0) {
			t.Errorf("used %+v", one)
		}
		used.Files += one.Files
	}
	if used.Files != v.Files {
		t.Errorf("%d files are counted, %d are there", used.Files, v.Files)
	}
}
