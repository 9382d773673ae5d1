package main_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/storage"
)

// TestMoveKilled kills moves in the middle, again and again, while the site is open.
func TestMoveKilled(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ engine, to string }{{"sqlite", "local"}, {"postgres", "s3"}} {
		t.Run(test.engine, func(t *testing.T) {
			t.Parallel()
			moveKilled(t, test.engine, test.to)
		})
	}
}

func moveKilled(t *testing.T, engine, to string) {
	g := newGround(t, engine)
	g.environ = append(g.environ, "VITRINE_SETTING_FLOOD_PROTECTION=off", "VITRINE_STORAGE_OTHER=local:"+filepath.Join(t.TempDir(), "other"))
	if to == "s3" {
		b := apptest.Bucket(t)
		g.environ[len(g.environ)-1] = "VITRINE_STORAGE_OTHER=s3://" + b.Bucket + "/" + b.Prefix + "?path_style=true&endpoint=http://" + b.Endpoint
		g.environ = append(g.environ, "VITRINE_STORAGE_OTHER_ACCESS_KEY="+b.AccessKey, "VITRINE_STORAGE_OTHER_SECRET_KEY="+b.SecretKey)
	}
	g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org")
	key := g.run(t, "key", "create", "--user", "ann")
	kept := &acknowledged{files: make(map[string]string)}
	s := g.serve(t)
	ctx, stop := context.WithCancel(t.Context())
	var uploads sync.WaitGroup
	uploads.Go(func() { kept.uploadUntil(ctx, t, s, key) })
	enough := func() bool {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		return len(kept.files) >= 20
	}
	for begun := time.Now(); !enough() && time.Since(begun) < 2*time.Minute; {
		time.Sleep(50 * time.Millisecond)
	}
	for round := range 4 {
		cmd := g.command(t, "storage", "move", "--from", "local", "--to", "other", "--rate", "300KB")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(300+211*round) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed
	}
	stop()
	uploads.Wait()
	if r := g.try(t, "", "storage", "move", "--from", "local", "--to", "other"); r.code != 0 || !regexp.MustCompile(`^\d+ files \(.*\) were moved from local to other; the old copies are removed after 1h\.\n`).MatchString(r.out) {
		t.Errorf("moved at last: %+v", r)
	}
	if out := g.run(t, "storage", "list"); !regexp.MustCompile(`(?m)^local +all +0 `).MatchString(out) {
		t.Errorf("list:\n%s", out)
	}
	for path, want := range kept.files {
		if got, err := digestOf(s.url + path); err != nil || got != want {
			t.Errorf("acknowledged, and now %q, %v: %s", got, err, path)
		}
	}
	if r := g.try(t, "", "storage", "verify", "--deep"); r.code != 0 || !strings.Contains(r.out, "0 problems, 0 mended.") {
		t.Errorf("verified: %+v", r)
	}
	s.stop(t)
	nothingLeft(t, g)
}

// nothingLeft lets two hours pass and looks into the storage that files have left.
func nothingLeft(t *testing.T, g ground) {
	t.Helper()
	c, err := app.Load(app.Sources{Environ: g.environ})
	if err != nil {
		t.Fatal(err)
	}
	c.Clock = func() time.Time { return time.Now().Add(2 * time.Hour) }
	a, err := app.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	// On PostgreSQL all nodes go by its clock, which nobody can set: what is due is brought near.
	if _, err := a.DB.SQL().ExecContext(t.Context(), "UPDATE removals SET due_at = 1"); err != nil {
		t.Fatal(err)
	}
	a.SettleRemovals(t.Context())
	_, st := a.Stores.Default()
	var left []string
	if err := st.List(t.Context(), "", func(i storage.Info) error { left = append(left, i.Key); return nil }); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestStorageCommands shows, moves, stops, verifies and mends.
func TestStorageCommands(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, g ground) {
		other := filepath.Join(t.TempDir(), "other")
		g.environ = append(g.environ, "VITRINE_STORAGE_OTHER=local:"+other+"?kinds=video&capacity=1GB")
		g.run(t, "seed", "--password", "demodemo")
		out := g.run(t, "storage", "list")
		if !regexp.MustCompile(`(?m)^local +all +[1-9]\d* .* - +\S+ \wB +ok, default$`).MatchString(out) || !regexp.MustCompile(`(?m)^other +video +0 +0 B +1 GB .*ok$`).MatchString(out) {
			t.Errorf("list:\n%s", out)
		}
		for args, want := range map[string]string{
			"move --from local --to nowhere":                     `There is no storage "nowhere" in the configuration`,
			"move --from local --to local":                       "The files are in local already",
			"move --from local --to other --rate fast":           "--rate=fast is not a size",
			"move --from local --to other --workers 0":           "--workers must be 1 to 256",
			"move --from local --to other --kind sound":          "--kind must be one of",
			"move --from local --to other --limit 1 --bytes 1KB": "can't be used together",
			"move --from local":                                  "missing flags: --to",
			"verify --only nowhere":                              `There is no storage "nowhere" in the configuration`,
		} {
			if r := g.try(t, "", append([]string{"storage"}, strings.Fields(args)...)...); r.code != 2 || !strings.Contains(r.err, want) || r.out != "" {
				t.Errorf("%s: %+v", args, r)
			}
		}
		if r := g.try(t, "", "storage", "move", "--from", "local", "--to", "other", "--user", "nobody"); r.code != 1 {
			t.Errorf("of nobody: %+v", r)
		}
		g.run(t, "storage", "move", "--from", "local", "--to", "other", "--kind", "video")
		if films, err := filepath.Glob(filepath.Join(other, "*", "*", "*", "*.mp4")); err != nil || len(films) == 0 {
			t.Errorf("no film was moved: %v", err)
		}
		interrupted(t, g)

		thumbs, err := filepath.Glob(filepath.Join(g.data, "images", "*", "*", "*", "*.th.jpg"))
		if err != nil || len(thumbs) == 0 {
			t.Fatalf("no thumbs: %v", err)
		}
		if err := os.Remove(thumbs[len(thumbs)-1]); err != nil {
			t.Fatal(err)
		}
		r := g.try(t, "", "storage", "verify")
		if r.code != 1 || !regexp.MustCompile(`(?m)^file \d+ \(http://\S+\) in \w+: the thumb: it is missing$`).MatchString(r.out) || !strings.Contains(r.out, ": 1 problems, 0 mended.\n") {
			t.Errorf("verified: %+v", r)
		}
		if r := g.try(t, "", "storage", "verify", "--mend"); r.code != 0 || !strings.Contains(r.out, ": 1 problems, 1 mended.\n") {
			t.Errorf("mended: %+v", r)
		}
		if r := g.try(t, "", "storage", "verify", "--deep"); r.code != 0 {
			t.Errorf("verified again: %+v", r)
		}
	})
}

// interrupted stops a move with Ctrl+C.
func interrupted(t *testing.T, g ground) {
	t.Helper()
	cmd := g.command(t, "storage", "move", "--from", "local", "--to", "other", "--rate", "100KB", "--workers", "1", "--kind", "image")
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(out.String(), "Stopped. The same command goes on where it ended.\n") {
		t.Errorf("stopped: %v\n%s", err, out.String())
	}
	g.run(t, "storage", "move", "--from", "other", "--to", "local", "--kind", "image")
}
