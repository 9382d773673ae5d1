package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/vitrine"
)

// What has no front door yet, or must not wait: these reach into the running
// site, as the command line and the calendar of jobs do.

// The accounts of a site's keys.
const (
	admin = "admin" // of AdminKey
	user  = "ann"   // of UserKey
)

// album makes an album of a user and returns its id.
func (s *site) album(t *testing.T, username string, privacy vitrine.Privacy) string {
	t.Helper()
	owner, err := s.App.Account.User(t.Context(), username)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.App.Catalog.CreateAlbum(t.Context(), app.NewAlbum{OwnerID: owner.ID, Name: "Of " + username, Privacy: privacy})
	if err != nil {
		t.Fatal(err)
	}
	return string(a.Slug)
}

// category makes a category and returns its number.
func (s *site) category(t *testing.T, name string) string {
	t.Helper()
	c, err := s.App.Catalog.CreateCategory(t.Context(), name, "")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(c.ID)
}

// expireAt moves the end of a file that nobody has asked for yet. The protocol
// knows no expiration under five minutes.
func (s *site) expireAt(t *testing.T, a answer, at time.Time) {
	t.Helper()
	id, ok := vitrine.ParseSlug(a.text("image.id_encoded"))
	if !ok {
		t.Fatalf("no id in %s", a)
	}
	result, err := s.App.DB.SQL().ExecContext(t.Context(), fmt.Sprintf("UPDATE files SET expires_at = %d WHERE slug = '%s'", at.UnixMicro(), id))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d rows: %v", n, err)
	}
}

// albumOfUser makes an album of the user whose key is UserKey.
func (s *site) albumOfUser(t *testing.T, privacy string) string {
	t.Helper()
	return s.album(t, user, vitrine.Privacy(privacy))
}

// stored counts the objects in the default storage whose name begins with a text.
func (s *site) stored(t *testing.T, name string) int {
	t.Helper()
	_, store := s.App.Stores.Default()
	n := 0
	for _, object := range collect(t, store.List) {
		if strings.Contains(object, "/"+name+".") {
			n++
		}
	}
	return n
}

// collect writes down what a list function yields.
func collect[T any](t *testing.T, list func(context.Context, string, func(T) error) error) (all []string) {
	t.Helper()
	err := list(t.Context(), "", func(item T) error {
		all = append(all, fmt.Sprintf("%+v", item))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
