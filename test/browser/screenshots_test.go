//go:build screenshots

package browser_test

import "testing"

// TestScreenshots takes the pictures of the README. It is no test: it never fails
// because of what they show.
func TestScreenshots(t *testing.T) {
	for _, s := range play(t, "screenshots").Suites {
		s.tell(t, "")
	}
}
