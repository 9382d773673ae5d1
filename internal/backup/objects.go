package backup

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
)

// Bounds of the way of objects into the backup.
const (
	// ahead is how many files may be under way or wait for their turn in the index.
	ahead = 512
	// The index gets lines only for objects that are durable. A crash loses what was
	// copied since the last time: so much at most.
	settleEvery = 30 * time.Second
	settleLines = 50_000
)

// work is the objects of one file. Whoever fills in the entries closes done.
type work struct {
	entries []entry
	known   []entry // what earlier snapshots say about them
	done    chan struct{}
}

// wait waits for the objects. Those that are copied count even if the backup was broken
// off meanwhile: whoever writes the index may come late, and they would be copied again.
func (w *work) wait(ctx context.Context) error {
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-w.done:
		return nil
	default:
		return context.Cause(ctx)
	}
}

// objects copies what the files of the snapshot name, in the order of their ids as far as
// the index is concerned.
func (c *creation) objects(ctx context.Context) error {
	var files *fileReader
	for _, p := range c.manifest.Tables {
		if p.Name == "files" {
			var err error
			if files, err = openFiles(c.path, p); err != nil {
				return err
			}
			defer files.close()
		}
	}
	known, err := c.knownIndexes()
	if err != nil {
		return err
	}
	defer closeAll(known)
	w, err := create(filepath.Join(c.path, indexName))
	if err != nil {
		return err
	}
	out := &indexWriter{creation: c, w: w, settled: time.Now()}
	if err := c.copyAll(ctx, files, known, out); err != nil {
		// What is durable by now need not be copied again.
		if settled := out.settle(); settled != nil {
			c.c.Logger.WarnContext(ctx, "the index of an unfinished backup was not settled", "err", settled)
		}
		w.abandon()
		return err
	}
	return out.finish()
}

// knownIndexes are those of the newest finished snapshot and of all that were broken off.
func (c *creation) knownIndexes() (list []*indexReader, err error) {
	finished, parts, err := snapshots(c.folder.path)
	if err != nil {
		return nil, err
	}
	for i := len(finished) - 1; i >= 0 && len(list) == 0; i-- {
		// A damaged one is no reason to stop: its objects are copied anew.
		if r, err := openIndex(snapshotPath(c.folder.path, finished[i]), false); err == nil && !r.ended {
			list = append(list, r)
		}
	}
	for _, name := range parts {
		if name == filepath.Base(c.path) {
			continue
		}
		if r, err := openIndex(snapshotPath(c.folder.path, name), false); err == nil && !r.ended {
			list = append(list, r)
		}
	}
	return list, nil
}

func closeAll(list []*indexReader) {
	for _, r := range list {
		r.close()
	}
}

// copyAll gives the files to workers and their entries to the index, in order.
func (c *creation) copyAll(ctx context.Context, files *fileReader, known []*indexReader, out *indexWriter) error {
	n := workers(c.o.Workers)
	group, ctx := errgroup.WithContext(ctx)
	jobs, order := make(chan *work), make(chan *work, ahead)
	group.Go(func() error {
		defer close(jobs)
		defer close(order)
		for {
			entries, err := files.next()
			if err != nil || entries == nil {
				return err
			}
			w := &work{entries: entries, done: make(chan struct{})}
			for _, r := range known {
				list, err := r.of(entries[0].File)
				if err != nil { // it is damaged from here on
					r.ended = true
				}
				w.known = append(w.known, list...)
			}
			for _, to := range []chan *work{order, jobs} {
				select {
				case to <- w:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
		}
	})
	copier := c.newCopier()
	for range n {
		group.Go(func() error {
			for w := range jobs {
				if err := copier.file(ctx, w); err != nil {
					return err
				}
				close(w.done)
			}
			return nil
		})
	}
	group.Go(func() error {
		t := newTeller(c.o.Progress)
		total := c.manifest.Rows("files")
		var done int64
		for w := range order {
			if err := w.wait(ctx); err != nil {
				return err
			}
			if err := out.add(w.entries); err != nil {
				return err
			}
			done++
			t.say(Step{Doing: "objects of files", Done: done, Total: total, Bytes: out.objects.Bytes})
		}
		return nil
	})
	return group.Wait()
}

// limiter bounds the bytes a second; nil: no limit.
func limiter(bytes int64) *rate.Limiter {
	if bytes <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(bytes), blockSize)
}

// indexWriter writes the index and counts. Lines wait until their objects are durable.
type indexWriter struct {
	*creation
	w       *writer
	objects Objects
	lines   [][]byte
	settled time.Time
}

func (x *indexWriter) add(entries []entry) error {
	for _, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write the index: %w", err)
		}
		x.lines = append(x.lines, append(line, '\n'))
		x.count(e)
	}
	if len(x.lines) < settleLines && time.Since(x.settled) < settleEvery {
		return nil
	}
	return x.settle()
}

func (x *indexWriter) count(e entry) {
	switch e.State {
	case missing:
		x.objects.Missing++
		return
	case spoiled:
		x.objects.Damaged++
	}
	x.objects.Count++
	x.objects.Bytes += e.Size
}

// settle makes all objects durable and then says that they are there.
func (x *indexWriter) settle() error {
	if err := syncAll(x.folder.path); err != nil {
		return err
	}
	for _, line := range x.lines {
		if err := x.w.line(line); err != nil {
			return err
		}
	}
	clear(x.lines)
	x.lines, x.settled = x.lines[:0], time.Now()
	return x.w.flush()
}

func (x *indexWriter) finish() error {
	if err := x.settle(); err != nil {
		return err
	}
	entries := x.w.lines
	foot, err := json.Marshal(indexFoot{entries})
	if err != nil {
		return err
	}
	if err := x.w.line(append(foot, '\n')); err != nil {
		return err
	}
	x.objects.Index, err = x.w.close(Part{Name: "objects", Rows: entries, File: indexName})
	x.manifest.Objects = &x.objects
	return err
}
