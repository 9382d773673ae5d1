package main_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/internal/app"
	"vitrine/internal/app/apptest"
	"vitrine/internal/storage"
)

// acknowledged is what servers have promised to keep: digests by path.
type acknowledged struct {
	mu    sync.Mutex
	files map[string]string
}

// uploadUntil sends pictures until the server does not answer any more.
func (a *acknowledged) uploadUntil(ctx context.Context, t *testing.T, s *served, key string) {
	for ctx.Err() == nil {
		content := apptest.Picture(t, 320, 240)
		body, contentType := form(content)
		got, err := post(s.url, key, contentType, bytes.NewReader(body))
		if err != nil {
			return
		}
		if got.Status != http.StatusOK {
			t.Errorf("refused before the kill: %+v", got)
			return
		}
		// Bytes are compared as they are served: metadata may have been removed.
		sum := md5.Sum(content)
		a.mu.Lock()
		a.files[got.Image.URL[strings.Index(got.Image.URL, "/images/"):]] = hex.EncodeToString(sum[:])
		a.mu.Unlock()
	}
}

// waitForMore waits until n more uploads are acknowledged than now, however slow
// the machine is.
func (a *acknowledged) waitForMore(t *testing.T, n int) {
	t.Helper()
	count := func() int {
		a.mu.Lock()
		defer a.mu.Unlock()
		return len(a.files)
	}
	want, deadline := count()+n, time.Now().Add(time.Minute)
	for count() < want {
		if time.Now().After(deadline) {
			t.Fatal("no uploads to be killed in a minute")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestKilled kills servers in the middle of uploads, again and again. Nothing
// that was acknowledged is lost, and after a sweep nothing else is there.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, place := range []struct{ engine, store string }{{"sqlite", "local"}, {"postgres", "s3"}} {
		t.Run(place.engine, func(t *testing.T) {
			t.Parallel()
			t.Run(place.store, func(t *testing.T) { killed(t, place.engine, place.store) })
		})
	}
}

func killed(t *testing.T, engine, store string) {
	g := newGround(t, engine)
	g.environ = append(g.environ, "VITRINE_SETTING_FLOOD_PROTECTION=off")
	if store == "s3" {
		b := apptest.Bucket(t)
		g.environ = append(g.environ,
			"VITRINE_STORAGE=s3://"+b.Bucket+"/"+b.Prefix+"?path_style=true&endpoint=http://"+b.Endpoint,
			"VITRINE_S3_ACCESS_KEY="+b.AccessKey, "VITRINE_S3_SECRET_KEY="+b.SecretKey)
	}
	g.run(t, "user", "create", "--username", "ann", "--email", "ann@example.org")
	key := g.run(t, "key", "create", "--user", "ann")
	kept := &acknowledged{files: make(map[string]string)}

	for round := range 5 {
		s := g.serve(t)
		var uploads sync.WaitGroup
		for range 6 {
			uploads.Go(func() { kept.uploadUntil(t.Context(), t, s, key) })
		}
		kept.waitForMore(t, 3)
		time.Sleep(time.Duration(137*round) * time.Millisecond)
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		uploads.Wait()
		_ = s.wait(t) // killed
	}
	t.Logf("%d uploads were acknowledged", len(kept.files))

	s := g.serve(t)
	if n := countFiles(t, filepath.Join(g.data, "spool")); n > 0 {
		t.Errorf("%d files are left in the spool", n)
	}
	for path, want := range kept.files {
		got, err := digestOf(s.url + path)
		if err != nil || got != want {
			t.Errorf("acknowledged, and now %q, %v: %s", got, err, path)
		}
	}
	s.stop(t)
	sweep(t, g, kept)
}

// digestOf fetches a file and returns its MD5, or the status.
func digestOf(address string) (string, error) {
	resp, err := http.Get(address)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return resp.Status, nil
	}
	h := md5.New()
	_, err = io.Copy(h, resp.Body)
	return hex.EncodeToString(h.Sum(nil)), err
}

// sweep removes what no row claims, and compares rows and objects.
func sweep(t *testing.T, g ground, kept *acknowledged) {
	t.Helper()
	c, err := app.Load(app.Sources{Environ: g.environ})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	report, err := a.Catalog.SweepOrphans(t.Context(), -time.Minute) // also what is a moment old
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.DB.SQL().ExecContext(t.Context(), `UPDATE removals SET due_at = 0, leased_until = 0`); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Catalog.RemoveObjects(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("swept %d of %d objects", report.Orphans, report.Seen)

	var claimed, stored []string
	ann, err := a.Account.User(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	ids, err := a.DB.FilesOfOwner(t.Context(), ann.ID, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		f, err := a.DB.FileByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		claimed = append(claimed, f.Keys()...)
	}
	_, st := a.Stores.Default()
	if err := st.List(t.Context(), "", func(i storage.Info) error { stored = append(stored, i.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(claimed)
	slices.Sort(stored)
	if !slices.Equal(claimed, stored) {
		t.Errorf("rows claim %d objects, %d are stored:\nonly claimed %v\nonly stored %v", len(claimed), len(stored), without(claimed, stored), without(stored, claimed))
	}
	if sweeper, ok := st.(storage.Sweeper); ok {
		if n, err := sweeper.Sweep(t.Context(), -time.Minute); err != nil {
			t.Error(err)
		} else {
			t.Logf("swept %d broken writes", n)
		}
		if n := countFiles(t, filepath.Join(g.data, "images")); n != len(stored) {
			t.Errorf("%d files lie in the storage folder, %d are stored", n, len(stored))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(kept.files)) {
		if _, found := slices.BinarySearch(claimed, strings.TrimPrefix(path, "/images/")); !found {
			t.Errorf("acknowledged without a row: %s", path)
		}
	}
}

func countFiles(t *testing.T, folder string) (n int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}
