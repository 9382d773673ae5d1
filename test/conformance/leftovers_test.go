package conformance_test

import (
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// leftovers lists what lies in the spool and in the local storage of a site.
func (s *site) leftovers(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, folder := range []string{"spool", "images"} {
		err := filepath.WalkDir(filepath.Join(s.Data, folder), func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				list = append(list, strings.TrimPrefix(path, s.Data))
			}
			return nil // what vanishes while we look is no leftover
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(list)
	return list
}

// wantClean fails the test if a refused upload left anything behind, or if the
// server does not work any more.
func (s *site) wantClean(t *testing.T, before []string, got answer) {
	t.Helper()
	if got.Status == http.StatusOK {
		t.Fatalf("not refused: %s", got)
	}
	// An answer may arrive a moment before the last temporary file is removed.
	var now []string
	for range 1500 {
		if now = s.leftovers(t); len(now) <= len(before) || got.Status == http.StatusTooManyRequests || got.number("error.code") == 101 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	for _, path := range now {
		if strings.HasPrefix(path, "/spool/") {
			t.Errorf("left behind in the spool: %s", path)
		}
		// A test that uploads twice has the first file in the storage.
		if !slices.Contains(before, path) && got.number("error.code") != 101 && got.Status != http.StatusTooManyRequests {
			t.Errorf("left behind: %s", path)
		}
	}
	if alive := s.get(t, "/readyz"); alive.Status != http.StatusOK {
		t.Errorf("not ready any more: %s", alive)
	}
}
