package conformance_test

import "testing"

// prepareAlbums makes what the recordings call vo, a public album, and XW, a
// private one, both of the key's owner; and category 1.
func (r *replay) prepareAlbums(t *testing.T) {
	t.Helper()
	owner := admin
	if r.key == r.UserKey {
		owner = user
	}
	r.words["album_id=vo"] = "album_id=" + r.album(t, owner, "public")
	r.words["album_id=XW"] = "album_id=" + r.album(t, owner, "private")
	if id := r.category(t, "First"); id != "1" {
		t.Fatalf("the first category has the number %s", id)
	}
}
