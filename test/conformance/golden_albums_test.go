package conformance_test

import "testing"

// prepareAlbums makes what the recordings call vo, a public album, and XW, a
// private one.
func (r *replay) prepareAlbums(t *testing.T) {
	t.Helper()
}
