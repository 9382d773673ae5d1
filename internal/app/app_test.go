package app_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/vitrine"
)

// everywhere runs fn on each engine with each storage.
func everywhere(t *testing.T, o apptest.Options, fn func(t *testing.T, s *apptest.Site)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			for _, store := range []string{"local", "s3"} {
				t.Run(store, func(t *testing.T) {
					t.Parallel()
					o := o
					o.Engine, o.Storage = engine, store
					fn(t, apptest.Start(t, o))
				})
			}
		})
	}
}

func wantUpload(t *testing.T, a apptest.Answer) apptest.Answer {
	t.Helper()
	if a.Status != http.StatusOK || a.Text("url") == "" {
		t.Fatalf("not uploaded: %d %s", a.Status, a.Body)
	}
	return a
}

func TestUploadAndStop(t *testing.T) {
	t.Parallel()
	everywhere(t, apptest.Options{}, func(t *testing.T, s *apptest.Site) {
		picture := apptest.Picture(t, 640, 480)
		for name, key := range map[string]string{"admin": s.AdminKey, "user": s.UserKey, "guest": s.GuestKey} {
			a := wantUpload(t, s.Upload(t, key, name+".jpg", apptest.Picture(t, 640, 480), "title", "By "+name))
			if raw := s.Get(t, a.Text("url")); raw.Status != http.StatusOK || raw.Header.Get("Content-Type") != "image/jpeg" || len(raw.Body) == 0 {
				t.Errorf("%s: raw file %d %s", name, raw.Status, raw.Header)
			}
			if page := s.Get(t, a.Text("url_viewer")); page.Status != http.StatusOK {
				t.Errorf("%s: viewer %d", name, page.Status)
			}
		}
		if a := s.Upload(t, "chv_wrong", "x.jpg", picture); a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), "Invalid API key.") {
			t.Errorf("wrong key: %d %s", a.Status, a.Body)
		}
		for path, want := range map[string]int{"/readyz": 200, "/livez": 200, "/api-v1": 200, "/": 200, "/nothing": 404, "/images/nothing.jpg": 404, "/api/1": 400} {
			if a := s.Get(t, path); a.Status != want {
				t.Errorf("%s: %d, want %d", path, a.Status, want)
			}
		}
		if err := s.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		if _, err := http.Get(s.URL + "/livez"); err == nil {
			t.Error("it answers after it has stopped")
		}
	})
}

func TestBasePathAndMediaHost(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{BasePath: "/my/gallery", MediaURL: "http://media.example.org/my/gallery"})
	if !strings.HasSuffix(s.URL, "/my/gallery") {
		t.Fatalf("the site is at %s", s.URL)
	}
	a := wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 640, 480)))
	viewer, _ := a.Image["url_viewer"].(string)
	if !strings.HasPrefix(viewer, s.URL+"/image/") || !strings.HasPrefix(a.Text("path_viewer"), "/my/gallery/image/") {
		t.Errorf("viewer %s, path %s", viewer, a.Text("path_viewer"))
	}
	if page := s.Get(t, viewer); page.Status != http.StatusOK {
		t.Errorf("viewer: %d", page.Status)
	}
	raw, err := url.Parse(a.Text("url"))
	if err != nil || raw.Host != "media.example.org" || !strings.HasPrefix(raw.Path, "/my/gallery/images/") {
		t.Fatalf("raw file at %s", a.Text("url"))
	}
	outside := strings.TrimSuffix(s.URL, "/my/gallery")
	for _, test := range []struct {
		name, host, path string
		want             int
	}{
		{"raw file on the media host", "media.example.org", raw.Path, 200},
		{"raw file on the site", "", raw.Path, 200},
		{"page on the media host", "media.example.org", "/my/gallery/", 404},
		{"API on the media host", "MEDIA.example.org", "/my/gallery/api/1/upload", 404},
		{"raw file outside the base path", "", strings.TrimPrefix(raw.Path, "/my/gallery"), 404},
		{"home", "", "/my/gallery/", 200},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, outside+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.host != "" {
			r.Host = test.host
		}
		if got := s.Do(t, r); got.Status != test.want {
			t.Errorf("%s: %d, want %d", test.name, got.Status, test.want)
		}
	}
}

// TestOwnersReadPrivateFiles: a key opens what its owner has put into a private
// album, for raw files and variants.
func TestOwnersReadPrivateFiles(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	ann, err := s.App.Account.User(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	album, err := s.App.Catalog.CreateAlbum(t.Context(), app.NewAlbum{OwnerID: ann.ID, Name: "Mine", Privacy: vitrine.PrivacyPrivate})
	if err != nil {
		t.Fatal(err)
	}
	a := wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 1200, 800), "album_id", string(album.Slug)))
	thumb, _ := a.Image["thumb"].(map[string]any)
	for _, address := range []string{a.Text("url"), thumb["url"].(string)} {
		for _, visitor := range []struct {
			name, key string
			want      int
		}{{"nobody", "", 404}, {"owner", s.UserKey, 200}, {"admin", s.AdminKey, 200}, {"another user", s.KeyOf(t, "bob"), 404}, {"guest key", s.GuestKey, 404}, {"wrong key", "chv_x", 404}} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			if visitor.key != "" {
				r.Header.Set("X-API-Key", visitor.key)
			}
			if got := s.Do(t, r); got.Status != visitor.want {
				t.Errorf("%s: %d for %s, want %d", visitor.name, got.Status, address, visitor.want)
			}
		}
	}
}

func TestUploadByURLReachesOnlyWhatItMay(t *testing.T) {
	t.Parallel()
	picture := apptest.Picture(t, 320, 240)
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(picture) }))
	t.Cleanup(origin.Close)
	inTests := apptest.Start(t, apptest.Options{})
	if a := fetched(t, inTests, origin.URL+"/p.jpg"); a.Status != http.StatusOK {
		t.Errorf("a test cannot fetch from itself: %d %s", a.Status, a.Body)
	}
	if a := fetched(t, inTests, inTests.URL+"/images/p.jpg"); a.Status != http.StatusBadRequest {
		t.Errorf("the site fetched from itself: %d %s", a.Status, a.Body)
	}
	inLife := apptest.Start(t, apptest.Options{NoLoopback: true})
	if a := fetched(t, inLife, origin.URL+"/p.jpg"); a.Status != http.StatusBadRequest {
		t.Errorf("the site fetched from this machine: %d %s", a.Status, a.Body)
	}
}

// fetched uploads what stands at an address.
func fetched(t *testing.T, s *apptest.Site, address string) apptest.Answer {
	t.Helper()
	form := url.Values{"source": {address}}.Encode()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/1/upload", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-API-Key", s.UserKey)
	return s.Do(t, r)
}

func TestProfilesUpload(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"picgo.net", "picloud.cc", "pic.li", "imgoe.download", "mineurl.org"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, apptest.Options{Profile: name})
			a := wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 640, 480)))
			if s.App.Settings.Current().Location.String() != "America/Santiago" || a.Text("date") == a.Text("date_gmt") {
				t.Errorf("date %s, date_gmt %s", a.Text("date"), a.Text("date_gmt"))
			}
			guest := s.Upload(t, s.GuestKey, "b.jpg", apptest.Picture(t, 640, 480))
			if open := s.App.Settings.Current().GuestAPI; open != (guest.Status == http.StatusOK) || open != (s.GuestKey != "") {
				t.Errorf("guest key %q: %d %s", s.GuestKey, guest.Status, guest.Body)
			}
			if err := s.App.Settings.Set(t.Context(), "language", "en"); !vitrine.Is(err, vitrine.CodeForbidden) {
				t.Errorf("what the profile pins was set: %v", err)
			}
		})
	}
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	everywhere(t, apptest.Options{}, func(t *testing.T, s *apptest.Site) {
		var mine []string
		for range 3 {
			mine = append(mine, wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 640, 480))).Text("url"))
		}
		theirs := wantUpload(t, s.Upload(t, s.AdminKey, "a.jpg", apptest.Picture(t, 640, 480)))
		other, slug := theirs.Text("url"), vitrine.Slug(theirs.Text("id_encoded"))
		browser := s.SignIn(t, "ann")
		ann, err := s.App.Account.User(t.Context(), "ann")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := s.App.Catalog.Like(t.Context(), vitrine.Actor{User: ann}, slug, true); err != nil || n != 1 {
			t.Fatalf("%d likes, %v", n, err)
		}
		if n, err := s.App.DeleteUser(t.Context(), "ann"); err != nil || n != 3 {
			t.Fatalf("%d files, %v", n, err)
		}
		_, store := s.App.Stores.Default()
		for _, address := range mine {
			if a := s.Get(t, address); a.Status != http.StatusNotFound {
				t.Errorf("%s: %d", address, a.Status)
			}
			key := address[strings.Index(address, "/images/")+len("/images/"):]
			if _, err := store.Stat(t.Context(), key); err == nil {
				t.Errorf("the object %s is still there", key)
			}
		}
		if a := s.Get(t, other); a.Status != http.StatusOK {
			t.Errorf("another's file: %d", a.Status)
		}
		if f, err := s.App.Catalog.File(t.Context(), vitrine.Actor{}, slug); err != nil || f.Likes != 0 {
			t.Errorf("somebody who is gone likes it: %+v, %v", f, err)
		}
		wantStatus(t, "settings of a deleted account", visit(t, s, browser, "/settings"), http.StatusSeeOther)
		wantStatus(t, "page of a deleted account", visit(t, s, browser, "/ann"), http.StatusNotFound)
		if a := s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 64, 48)); a.Status != http.StatusBadRequest {
			t.Errorf("the key of a deleted account: %d", a.Status)
		}
		if _, err := s.App.DeleteUser(t.Context(), "ann"); !vitrine.Is(err, vitrine.CodeNotFound) {
			t.Errorf("second deletion: %v", err)
		}
	})
}

func TestBansKeepOut(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{TrustedProxies: []string{"127.0.0.0/8"}})
	if _, err := s.App.Account.AddBan(t.Context(), "192.0.2.0/24", "Not you", time.Time{}); err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]int{"192.0.2.99": 403, "192.0.3.1": 200} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api-v1", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-For", from)
		if a := s.Do(t, r); a.Status != want || want == 403 && !strings.Contains(string(a.Body), "Not you") {
			t.Errorf("%s: %d %.100s", from, a.Status, a.Body)
		}
	}
}

// TestStorageBefore: files from before a bucket was configured are still served.
func TestStorageBefore(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := apptest.Start(t, apptest.Options{Data: data})
	address := wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 640, 480))).Text("url")
	path := address[strings.Index(address, "/images/"):]
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s = apptest.Start(t, apptest.Options{Data: data, Storage: "s3"})
	if a := s.Get(t, path); a.Status != http.StatusOK {
		t.Errorf("the old file: %d", a.Status)
	}
	fresh := wantUpload(t, s.Upload(t, s.UserKey, "b.jpg", apptest.Picture(t, 640, 480))).Text("url")
	if _, err := os.Stat(filepath.Join(data, fresh[strings.Index(fresh, "/images/"):])); err == nil {
		t.Error("a new file went to the local folder")
	}
}

func TestExamine(t *testing.T) {
	t.Parallel()
	everywhere(t, apptest.Options{}, func(t *testing.T, s *apptest.Site) {
		names := make(map[string]bool)
		for _, f := range app.Examine(t.Context(), s.App.Config) {
			names[f.Name] = true
			if f.State == app.Broken || f.Text == "" {
				t.Errorf("%+v", f)
			}
		}
		for _, name := range []string{"program", "database", "clock", "jobs", "removals", "backup", "storage", "decoders", "films", "folder", "disk", "memory", "limits", "address"} {
			if !names[name] {
				t.Errorf("nothing is said of %s", name)
			}
		}
	})
}

// TestExamineWithoutDatabase: what does not need it is examined all the same, and no
// password is told.
func TestExamineWithoutDatabase(t *testing.T) {
	t.Parallel()
	c := app.Config{Data: t.TempDir(), Decoders: 1, Database: "postgres://vitrine:SECRETWORD@127.0.0.1:1/vitrine?connect_timeout=2"}
	states := make(map[string]app.State)
	for _, f := range app.Examine(t.Context(), c) {
		states[f.Name] = f.State
		if strings.Contains(f.Text+f.Advice, "SECRETWORD") || f.State == app.Broken && f.Advice == "" {
			t.Errorf("%+v", f)
		}
	}
	if states["database"] != app.Broken || states["storage"] != app.Good || states["folder"] == "" {
		t.Errorf("got %v", states)
	}
}

func TestNewLeavesNothingOpenWhenItFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]app.Config{
		"data is a file":        {Data: file},
		"database is no such":   {Data: t.TempDir(), Database: "sqlite:" + file},
		"database is a folder":  {Data: t.TempDir(), Database: "sqlite:" + t.TempDir()},
		"storage is a file":     {Data: t.TempDir(), Storage: app.Storage{Folder: file}},
		"pins are unacceptable": {Data: t.TempDir(), Settings: map[string]string{"language": "xx"}},
	} {
		c.Logger = slog.New(slog.DiscardHandler)
		a, err := app.New(t.Context(), c)
		if err == nil {
			a.Close()
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: more than a line: %v", name, err)
		}
	}
}
