package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// The two ways to move are tested from inside, since only the first is used where
// the file system has it.
func TestMove(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]func(int, string, int, string) error{"rename": move, "link": moveByLink} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := t.TempDir(), t.TempDir()
			dir, err := os.Open(to)
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			a, b := filepath.Join(from, "a"), filepath.Join(from, "b")
			for _, path := range []string{a, b} {
				if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := move(here, a, int(dir.Fd()), "x"); err != nil {
				t.Fatal(err)
			}
			if err := move(here, b, int(dir.Fd()), "x"); !errors.Is(err, fs.ErrExist) {
				t.Errorf("taken: got %v", err)
			}
			if got, err := os.ReadFile(filepath.Join(to, "x")); err != nil || string(got) != a {
				t.Errorf("got %q, %v", got, err)
			}
			if _, err := os.Stat(b); err != nil {
				t.Errorf("the refused file: %v", err)
			}
			if _, err := os.Stat(a); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the moved file: %v", err)
			}
			if err := move(here, a, int(dir.Fd()), "y"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("absent: got %v", err)
			}
		})
	}
}
