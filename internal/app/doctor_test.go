package app_test

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/db"
)

func TestExamineBackup(t *testing.T) {
	t.Parallel()
	everywhere(t, apptest.Options{}, func(t *testing.T, s *apptest.Site) {
		examine := func() app.Finding {
			for _, f := range app.Examine(t.Context(), s.App.Config) {
				if f.Name == "backup" {
					return f
				}
			}
			t.Fatal("nothing is said of backups")
			return app.Finding{}
		}
		if f := examine(); f.State != app.Good || !strings.Contains(f.Text, "not used here") {
			t.Errorf("none: %+v", f)
		}
		wantUpload(t, s.Upload(t, s.UserKey, "a.jpg", apptest.Picture(t, 64, 64)))
		for _, c := range []struct {
			name   string
			o      app.BackupOptions
			change string // SQL before it
			state  app.State
			text   string
		}{
			{"whole", app.BackupOptions{}, "", app.Good, "with 1 files"},
			{"rows only", app.BackupOptions{NoObjects: true}, "", app.Good, "without the files themselves"},
			{"of a file that is lost", app.BackupOptions{}, "UPDATE files SET name = 'lost'", app.Weak, "of their objects were missing or damaged"},
		} {
			if c.change != "" {
				if _, err := s.App.DB.SQL().ExecContext(t.Context(), c.change); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.App.Backup(t.Context(), filepath.Join(t.TempDir(), "backup"), "test", c.o); err != nil {
				t.Fatal(err)
			}
			if f := examine(); f.State != c.state || !strings.Contains(f.Text, c.text) || (f.State == app.Weak) != (f.Advice != "") {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		err := s.App.DB.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return tx.SetMark(ctx, "last backup", `{"moment":"2026-01-02T03:04:05Z","files":7}`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if f := examine(); f.State != app.Weak || !strings.Contains(f.Text, "2026-01-02T03:04:05Z, with 7 files") || f.Advice == "" {
			t.Errorf("old: %+v", f)
		}
	})
}

func TestExamineAddress(t *testing.T) {
	t.Parallel()
	site := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	for _, c := range []struct {
		name  string
		c     app.Config
		state app.State
	}{
		{"this machine", app.Config{Listen: "127.0.0.1:8080"}, app.Good},
		{"by name", app.Config{Listen: "localhost:8080"}, app.Good},
		{"everybody, no address", app.Config{Listen: ":8080"}, app.Weak},
		{"an address of this machine", app.Config{Listen: ":8080", URL: site("http://localhost:8080")}, app.Good},
		{"no encryption", app.Config{Listen: ":80", URL: site("http://pics.example.org")}, app.Weak},
		{"a proxy that is not trusted", app.Config{Listen: "127.0.0.1:8080", URL: site("https://pics.example.org")}, app.Weak},
		{"as it should be", app.Config{Listen: "127.0.0.1:8080", URL: site("https://pics.example.org"), TrustedProxies: proxies}, app.Good},
	} {
		f := app.ExamineAddress(c.c)
		if f.State != c.state || f.Text == "" || (f.State == app.Weak) != (f.Advice != "") {
			t.Errorf("%s: got %+v", c.name, f)
		}
	}
}

// TestBoundMemory: both versions of control groups bound the memory, where they do.
func TestBoundMemory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, text string
		want       int64
	}{
		{"memory.max", "1000\n", 1000}, {"memory.max", "max\n", 5000}, {"memory.max", "9000\n", 5000},
		{"memory/memory.limit_in_bytes", "2000\n", 2000}, {"memory/memory.limit_in_bytes", "9223372036854771712\n", 5000},
		{"other", "1\n", 5000},
	} {
		root := t.TempDir()
		path := filepath.Join(root, c.file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(c.text), 0o600)); err != nil {
			t.Fatal(err)
		}
		if got := app.BoundMemory(5000, root); got != c.want {
			t.Errorf("%s %q: %d, want %d", c.file, c.text, got, c.want)
		}
	}
}
