package main_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"vitrine/internal/app/apptest"
)

// TestBackupAndRestore kills a backup and a restore in the middle, and looks at the site
// that comes of it in the end.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	for from, to := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		t.Run(from+" to "+to, func(t *testing.T) {
			t.Parallel()
			g, n := newGround(t, from), newGround(t, to)
			g.environ = append(g.environ, "VITRINE_SETTING_FLOOD_PROTECTION=off", "VITRINE_SLOW_QUERY=off")
			n.environ = append(n.environ, "VITRINE_SLOW_QUERY=off")
			g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org")
			key := g.run(t, "key", "create", "--user", "ann")
			s := g.serve(t)
			digests := make(map[string]string)
			for range 12 {
				content := apptest.Picture(t, 320, 240)
				body, contentType := form(content)
				got, err := post(s.url, key, contentType, bytes.NewReader(body))
				if err != nil || got.Status != http.StatusOK {
					t.Fatalf("%+v, %v", got, err)
				}
				sum := md5.Sum(content)
				digests[got.Image.URL[strings.Index(got.Image.URL, "/images/"):]] = hex.EncodeToString(sum[:])
			}
			folder := filepath.Join(t.TempDir(), "backup")
			killedWhen(t, g, func() bool {
				list, err := filepath.Glob(filepath.Join(folder, "objects", "*", "*"))
				return err == nil && len(list) > 3
			}, "backup", folder, "--rate", "30KB")
			if r := g.try(t, "", "backup", folder, "--verify"); r.code != 1 || !strings.Contains(r.err, "was never finished: run vitrine backup again") {
				t.Errorf("verify an unfinished backup: %+v", r)
			}
			if out := g.run(t, "backup", folder); !regexp.MustCompile(`^Snapshot \S+: 12 files, 0 albums, 1 users\.\n24 objects with .* were new\.$`).MatchString(out) {
				t.Errorf("said %q", out)
			}
			if out := g.run(t, "backup", folder, "--verify"); !strings.Contains(out, "24 objects") {
				t.Errorf("said %q", out)
			}
			if out := g.run(t, "doctor"); !regexp.MustCompile(`(?m)^ok +backup +the last one shows ` + time.Now().UTC().Format("2006") + `\S+, with 12 files$`).MatchString(out) {
				t.Errorf("the doctor does not tell of the backup:\n%s", out)
			}
			s.stop(t)

			if r := n.try(t, "no\n", "restore", folder); r.code != 1 || !strings.Contains(r.err, "Nothing was restored") {
				t.Errorf("without yes: %+v", r)
			}
			began := time.Now()
			killedWhen(t, n, func() bool { return time.Since(began) > 700*time.Millisecond }, "restore", folder, "--yes")
			if r := n.try(t, "", "restore", folder, "--yes"); r.code == 0 {
				if !regexp.MustCompile(`^Restored \S+: 12 files, 0 albums, 1 users; as many rows as the backup has\.\n24 objects with `).MatchString(r.out) {
					t.Errorf("said %q", r.out)
				}
			} else if !strings.Contains(r.err, "not empty") { // it was done before it could be killed
				t.Fatalf("%+v", r)
			}
			if r := n.try(t, "", "restore", folder, "--yes"); r.code != 1 || !strings.Contains(r.err, "1 in users") {
				t.Errorf("restored twice: %+v", r)
			}
			if out := n.run(t, "doctor"); !regexp.MustCompile(`(?m)^ok +backup +vitrine backup was not used here yet$`).MatchString(out) {
				t.Errorf("the doctor tells of a backup of another place:\n%s", out)
			}
			s = n.serve(t)
			for path, want := range digests {
				if got, err := digestOf(s.url + path); err != nil || got != want {
					t.Errorf("%s: %s, %v", path, got, err)
				}
			}
			body, contentType := form(apptest.Picture(t, 64, 64))
			if got, err := post(s.url, key, contentType, bytes.NewReader(body)); err != nil || got.Status != http.StatusOK {
				t.Errorf("with the old key: %+v, %v", got, err)
			}
		})
	}
}

// killedWhen starts a command and kills it when something is so, if it lives so long.
func killedWhen(t *testing.T, g ground, so func() bool, args ...string) {
	t.Helper()
	cmd := g.command(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed
		close(ended)
	}()
	for range 3000 {
		select {
		case <-ended:
			return
		case <-time.After(10 * time.Millisecond):
		}
		if so() {
			break
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	<-ended
}

func TestBackupMistakes(t *testing.T) {
	t.Parallel()
	g := newGround(t, "sqlite")
	g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org")
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"backup"}, 2, `expected "<folder>"`},
		{[]string{"backup", other}, 1, "has something else in it (letter.txt)"},
		{[]string{"backup", "/proc/nowhere"}, 1, "The folder /proc/nowhere cannot be used"},
		{[]string{"backup", t.TempDir(), "--rate", "fast"}, 2, `Invalid rate "fast"`},
		{[]string{"backup", t.TempDir(), "--keep", "0"}, 2, "--keep is 1 or more"},
		{[]string{"backup", t.TempDir(), "--verify"}, 1, "There is no backup in"},
		{[]string{"restore", t.TempDir(), "--yes"}, 1, "There is no backup in"},
	} {
		r := g.try(t, "", c.args...)
		if r.code != c.code || !strings.Contains(r.err, c.want) || strings.Count(r.err, "\n") != 1 {
			t.Errorf("%v: %+v", c.args, r)
		}
	}
}
