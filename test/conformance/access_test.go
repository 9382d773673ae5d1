package conformance_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAccess: who is kept out, and how they are told.
func TestAccess(t *testing.T) {
	t.Parallel()
	t.Run("a suspended user's key", func(t *testing.T) {
		t.Parallel()
		s := start(t, options{})
		s.upload(t, s.UserKey, file("source", "p2.jpg", input(t, "p2.jpg"))).wantUpload(t)
		if err := s.App.Account.Suspend(t.Context(), user); err != nil {
			t.Fatal(err)
		}
		eventually(t, func() bool {
			return s.upload(t, s.UserKey, file("source", "p3.jpg", input(t, "p3.jpg"))).text("error.message") == "Invalid API key."
		})
		if err := s.App.Account.Restore(t.Context(), user); err != nil {
			t.Fatal(err)
		}
		eventually(t, func() bool {
			return s.upload(t, s.UserKey, file("source", "p4.jpg", input(t, "p4.jpg"))).Status == http.StatusOK
		})
	})
	t.Run("a banned address", func(t *testing.T) {
		t.Parallel()
		s := start(t, options{})
		a := s.upload(t, s.UserKey, file("source", "p2.jpg", input(t, "p2.jpg")))
		a.wantUpload(t)
		const message = "Too many uploads, come back tomorrow"
		if _, err := s.App.Account.AddBan(t.Context(), "127.0.0.0/8", message, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"/", "/api-v1", "/api/1/upload", a.text("image.url"), a.text("image.url_viewer")} {
			eventually(t, func() bool {
				got := s.get(t, address)
				return got.Status == http.StatusForbidden && strings.Contains(string(got.Body), message)
			})
		}
	})
	t.Run("an owner's private file", func(t *testing.T) {
		t.Parallel()
		s := start(t, options{})
		a := s.upload(t, s.UserKey, file("source", "dupe1.jpg", input(t, "dupe1.jpg")), field("album_id", s.albumOfUser(t, "private")))
		a.wantUpload(t)
		other := s.KeyOf(t, "somebody")
		for key, want := range map[string]int{s.UserKey: http.StatusOK, s.AdminKey: http.StatusOK, s.GuestKey: http.StatusNotFound, other: http.StatusNotFound, "": http.StatusNotFound} {
			got := s.get(t, a.text("image.url"), "X-API-Key", key)
			if got.Status != want {
				t.Errorf("%d, want %d", got.Status, want)
			}
			if want == http.StatusOK && (!bytes.Equal(got.Body, input(t, "dupe1.jpg")) || !strings.Contains(got.Header.Get("Cache-Control"), "private")) {
				t.Errorf("%d bytes, Cache-Control %q", len(got.Body), got.Header.Get("Cache-Control"))
			}
		}
	})
	t.Run("keys are not in the log", func(t *testing.T) {
		t.Parallel()
		s := start(t, options{})
		s.get(t, "/api/1/upload?key="+s.UserKey)
		s.get(t, "/api/1/upload/?x=1&key="+s.AdminKey+"&format=txt")
		s.upload(t, "chv_wrong_"+strings.Repeat("a", 64), file("source", "p2.jpg", input(t, "p2.jpg")))
		a := s.upload(t, s.UserKey, file("source", "p2.jpg", input(t, "p2.jpg")))
		s.get(t, a.text("image.delete_url"))
		token := a.text("image.delete_url")[len(a.text("image.delete_url"))-48:]
		for name, secret := range map[string]string{"user key": s.UserKey, "admin key": s.AdminKey, "wrong key": strings.Repeat("a", 64), "delete token": token} {
			if strings.Contains(s.Log(), secret) {
				t.Errorf("the %s is in the log", name)
			}
		}
	})
}

// eventually waits for what running servers follow within two seconds.
func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("it did not come to pass within thirty seconds")
}
