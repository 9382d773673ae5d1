package cluster_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// auditors is how many files are looked at at once.
const auditors = 8

const (
	auditLimit = 6 * time.Minute
	// patience is for nodes that ask to try again: what is said with a 503 is not lost.
	// The machine may be busy.
	patience = 30 * time.Second
	// forgetLimit is for nodes that remember what another one has deleted: two seconds.
	forgetLimit = 5 * time.Second
)

// audit compares what is there with what was promised. Nothing may be under way.
// It returns how many acknowledged files are lost, and how many things are left
// behind that nobody was promised.
func (s *site) audit(t *testing.T, everything bool) (lost, left int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), auditLimit)
	defer cancel()
	var a audit
	for _, step := range []struct {
		what string
		do   func(context.Context, *audit) error
	}{
		{"files", func(ctx context.Context, a *audit) error { return s.auditFiles(ctx, a, everything) }},
		{"sweep", s.sweep},
		{"rows", s.auditRows},
		{"objects", s.auditObjects},
		{"counters", s.auditCounters},
		{"spools", s.auditSpools},
	} {
		if err := step.do(ctx, &a); err != nil {
			t.Errorf("audit of %s: %v", step.what, err)
		}
	}
	for _, complaint := range a.complaints[:min(len(a.complaints), 20)] {
		t.Error(complaint)
	}
	return a.lost, a.left
}

// audit is what was found.
type audit struct {
	mu         sync.Mutex
	lost, left int
	complaints []string
}

func (a *audit) lose(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lost++
	a.complaints = append(a.complaints, "lost: "+fmt.Sprintf(format, args...))
}

func (a *audit) leave(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left++
	a.complaints = append(a.complaints, "left behind: "+fmt.Sprintf(format, args...))
}

func (a *audit) complain(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.complaints = append(a.complaints, fmt.Sprintf(format, args...))
}

// auditFiles fetches acknowledged files and their variants, each from a node by
// turns, and what was deleted from all of them.
func (s *site) auditFiles(ctx context.Context, a *audit, everything bool) error {
	var all sync.WaitGroup
	turns := make(chan struct{}, auditors)
	each := func(fn func()) {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			fn()
		})
	}
	for i, f := range s.ledger.kept(everything) {
		each(func() { s.auditFile(ctx, a, f, i) })
	}
	_, deleted := s.ledger.wanted()
	for i, f := range deleted {
		each(func() {
			n := s.nodes[i%nodeCount]
			var got *answer
			err := waitFor(forgetLimit, func() (err error) {
				switch got, err = fetch(ctx, n.url()+f.path); {
				case err != nil || got.status == http.StatusNotFound:
					return err
				case got.status == http.StatusOK && sha256.Sum256(got.body) != f.digest:
					return nil // another file has its name now
				}
				return errors.New("it is there")
			})
			if err != nil {
				a.leave("%s was deleted, and %s serves it: %v", f.title, n.name, statusOf(got, err))
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

func (s *site) auditFile(ctx context.Context, a *audit, f *file, turn int) {
	for j, part := range []struct {
		path string
		size int64
	}{{f.path, f.size}, {f.thumb, f.thumbSize}, {f.medium, f.mediumSize}, {f.page, -1}} {
		n := s.nodes[(turn+j)%nodeCount]
		got, err := fetch(ctx, n.url()+part.path)
		switch {
		case err != nil || got.status != http.StatusOK:
			a.lose("%s: %s at %s: %v", f.title, part.path, n.name, statusOf(got, err))
		case part.size >= 0 && int64(len(got.body)) != part.size, j == 0 && sha256.Sum256(got.body) != f.digest:
			a.lose("%s: %s at %s has other bytes (%d of %d)", f.title, part.path, n.name, len(got.body), part.size)
		}
	}
}

// fetch asks again while the answer is to try again.
func fetch(ctx context.Context, address string) (got *answer, err error) {
	_ = waitFor(patience, func() error {
		got, err = ask(ctx, http.MethodGet, address, nil)
		if err == nil && got.status == http.StatusServiceUnavailable && ctx.Err() == nil {
			time.Sleep(500 * time.Millisecond)
			return errors.New("try again")
		}
		return nil
	})
	return got, err
}

func statusOf(a *answer, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(a.status)
}

// sweep does at once what the nodes' jobs do by and by: it removes the objects of
// deleted files, and those that no row claims, however young.
func (s *site) sweep(ctx context.Context, _ *audit) error {
	if _, err := s.app.Catalog.SweepOrphans(ctx, time.Nanosecond); err != nil {
		return err
	}
	// Orphans wait for some minutes in case a row is still being written, and what a
	// node was at when it was killed until its lease ends.
	if _, err := s.postgres.audit.ExecContext(ctx, `UPDATE removals SET due_at = 0, leased_until = 0`); err != nil {
		return err
	}
	_, err := s.app.Catalog.RemoveObjects(ctx)
	return err
}

// stored is what a row says of a file.
type stored struct {
	title, stem                 string // stem: the key of its objects without kind and extension
	extension, variantExtension string
	size, thumb, medium         int64
}

func (s *site) storedFiles(ctx context.Context) (list []stored, err error) {
	rows, err := s.postgres.audit.QueryContext(ctx, `SELECT title, folder, name, extension, variant_extension, size, thumb_size, medium_size FROM files`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r stored
		var folder, name string
		if err := rows.Scan(&r.title, &folder, &name, &r.extension, &r.variantExtension, &r.size, &r.thumb, &r.medium); err != nil {
			return nil, err
		}
		r.stem = strings.TrimPrefix(folder+"/"+name, "/")
		list = append(list, r)
	}
	return list, rows.Err()
}

// auditRows compares the rows of files with the ledger: one for each acknowledged
// upload, none for a refused one.
func (s *site) auditRows(ctx context.Context, a *audit) error {
	rows, err := s.storedFiles(ctx)
	if err != nil {
		return err
	}
	fates, _ := s.ledger.wanted()
	times := make(map[string]int)
	for _, r := range rows {
		times[r.title]++
	}
	for title, became := range fates {
		switch n := times[title]; {
		case n > 1:
			a.leave("%s is there %d times", title, n)
		case became == acknowledged && n == 0:
			a.lose("%s has no row", title)
		case became == refused && n > 0:
			a.leave("%s was refused or deleted, and has a row", title)
		}
		delete(times, title)
	}
	for title := range times {
		if strings.HasPrefix(title, "upload ") {
			a.leave("%s: nobody knows of it", title)
		}
	}
	return nil
}

// auditObjects compares the bucket with the rows, both ways.
func (s *site) auditObjects(ctx context.Context, a *audit) error {
	rows, err := s.storedFiles(ctx)
	if err != nil {
		return err
	}
	objects, err := s.s3.objects(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for key, size := range map[string]int64{
			r.stem + "." + r.extension: r.size, r.stem + ".th." + r.variantExtension: r.thumb, r.stem + ".md." + r.variantExtension: r.medium,
		} {
			if size == 0 {
				continue
			}
			if got, there := objects[key]; !there || got != size {
				a.lose("%s: the object %s has %d bytes of %d (there: %v)", r.title, key, got, size, there)
			}
			delete(objects, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(objects)) {
		if !strings.Contains(key, ".vitrine-probe-") {
			a.leave("the object %s belongs to no row", key)
		}
	}
	return nil
}

// auditSpools looks for what uploads left on the disks of the nodes.
func (s *site) auditSpools(_ context.Context, a *audit) error {
	for _, n := range s.nodes {
		folder := n.spool()
		if n.small {
			folder = inside(n.process, folder)
		}
		list, err := filesBelow(folder)
		if err != nil {
			return err
		}
		for _, path := range list {
			a.leave("%s: %s", n.name, strings.TrimPrefix(path, filepath.Dir(folder)))
		}
	}
	return nil
}
