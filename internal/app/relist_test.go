package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
	"vitrine/internal/catalog"
	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// TestLargeAlbumCloses: no page shows a file of an album that was closed, from the
// moment that its owner was told so; what counts them follows by itself.
func TestLargeAlbumCloses(t *testing.T) {
	t.Parallel()
	everywhere(t, apptest.Options{}, func(t *testing.T, s *apptest.Site) {
		ann, err := s.App.Account.User(t.Context(), "ann")
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.App.Catalog.CreateAlbum(t.Context(), catalog.NewAlbum{OwnerID: ann.ID, Name: "Boats", Privacy: vitrine.PrivacyPublic})
		if err != nil {
			t.Fatal(err)
		}
		other := s.Upload(t, s.UserKey, "other.jpg", apptest.Picture(t, 64, 48), "title", "Other")
		wantUpload(t, other)
		err = s.App.DB.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for i := range 800 {
				f := &vitrine.File{
					Slug: vitrine.Slug(fmt.Sprintf("boat%03d", i)), Storage: "local", Name: fmt.Sprint("boat", i), Extension: "png", Format: vitrine.PNG,
					Size: 1, Width: 1, Height: 1, Approved: true, MD5: "00000000000000000000000000000000", Title: "Boat", OwnerID: ann.ID, AlbumID: a.ID,
					Tags: []vitrine.Tag{{Name: "boats"}}, CreatedAt: time.Now(), UploadedAt: time.Now(),
				}
				if err := tx.CreateFile(ctx, f, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		pages := []string{"/explore", "/ann", "/tag/boats", "/search?q=boat", "/feed", "/" + string(a.Slug)}
		shows := func(path string) bool { return strings.Contains(string(s.Get(t, s.URL+path).Body), "boat7") }
		for _, path := range pages[:4] {
			if !shows(path) {
				t.Errorf("%s does not show an open album's files", path)
			}
		}
		private := vitrine.PrivacyPrivate
		if _, err := s.App.Catalog.EditAlbum(t.Context(), vitrine.Actor{User: ann}, a.Slug, catalog.AlbumEdit{Privacy: &private}); err != nil {
			t.Fatal(err)
		}
		for _, path := range pages {
			if shows(path) {
				t.Errorf("%s shows a closed album's files", path)
			}
		}
		if body := string(s.Get(t, s.URL+"/explore").Body); !strings.Contains(body, other.Text("id_encoded")) {
			t.Error("what is open is not shown")
		}
		following := func() []db.Relist {
			list, err := s.App.DB.Relists(t.Context(), 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		for end := time.Now().Add(time.Minute); len(following()) > 0 && time.Now().Before(end); { // the job
			time.Sleep(50 * time.Millisecond)
		}
		if list := following(); len(list) > 0 {
			t.Errorf("still following: %+v", list)
		}
		if u, err := s.App.DB.User(t.Context(), ann.ID); err != nil || u.ListedCount != 1 {
			t.Errorf("%+v, %v", u, err)
		}
		if got := s.Get(t, s.URL+"/tag/boats"); got.Status != http.StatusOK && got.Status != http.StatusNotFound || shows("/tag/boats") {
			t.Errorf("the tag: %d", got.Status)
		}
	})
}
