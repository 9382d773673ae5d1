package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Verification says what Verify found.
type Verification struct {
	Manifest *Manifest
	Objects  int64    // read
	Bytes    int64    // of those
	Faulty   int64    // objects that are missing in the backup or not as they were
	Faults   []string // the first of them, one sentence each
}

// damagedSuffix is added to the names of objects that are not as they were.
const damagedSuffix = ".damaged"

// Verify reads everything of a snapshot again and compares it with its digests: its rows,
// its index and every object. snapshot is a name, or empty for the newest. Objects that
// are not as they were are counted and put aside, so that the next backup copies them
// anew; damaged rows and a damaged index are errors.
func (s *Service) Verify(ctx context.Context, folder, snapshot string, n int, progress Progress) (*Verification, error) {
	m, _, err := readManifest(folder, snapshot)
	if err != nil {
		return nil, err
	}
	v := &verifying{Verification: Verification{Manifest: m}, folder: folder, t: newTeller(progress)}
	if err := v.parts(ctx); err != nil {
		return nil, err
	}
	if m.Objects == nil {
		return &v.Verification, nil
	}
	if err := v.objects(ctx, workers(n)); err != nil {
		return nil, err
	}
	return &v.Verification, nil
}

type verifying struct {
	Verification
	folder string
	mu     sync.Mutex
	t      *teller
}

// parts reads the files of the snapshot: first their digests, then every row.
func (v *verifying) parts(ctx context.Context) error {
	path := snapshotPath(v.folder, v.Manifest.Snapshot)
	if err := checkParts(ctx, path, v.Manifest, v.t); err != nil {
		return err
	}
	for _, p := range v.Manifest.Tables {
		if err := v.table(ctx, path, p); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifying) table(ctx context.Context, path string, p Part) error {
	t, err := openTable(path, p)
	if err != nil {
		return err
	}
	defer t.close()
	for {
		if _, err := t.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if t.rows%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		v.t.say(Step{Doing: "rows of " + p.Name, Done: t.rows, Total: p.Rows})
	}
}

// checkParts compares the digests of all files of a snapshot with its manifest.
func checkParts(ctx context.Context, path string, m *Manifest, t *teller) error {
	for _, p := range m.parts() {
		size, digest, err := digestOf(filepath.Join(path, p.File), func([]byte) error { return ctx.Err() })
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return damaged(p.File + " cannot be read")
		case size != p.Bytes || digest != p.SHA256:
			return damaged(p.File + " is not as it was written")
		}
		t.say(Step{Doing: "digest of " + p.Name})
	}
	return nil
}

func (v *verifying) objects(ctx context.Context, n int) error {
	index, err := openIndex(snapshotPath(v.folder, v.Manifest.Snapshot), true)
	if err != nil {
		return err
	}
	defer index.close()
	group, ctx := errgroup.WithContext(ctx)
	jobs := make(chan entry)
	group.Go(func() error {
		defer close(jobs)
		for {
			e, err := index.take()
			if err != nil || e == nil {
				return err
			}
			if e.State == missing {
				continue
			}
			select {
			case jobs <- *e:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	for range n {
		group.Go(func() error {
			for e := range jobs {
				if err := v.object(ctx, e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// object reads one object. Only the end of the context is an error.
func (v *verifying) object(ctx context.Context, e entry) error {
	size, digest, err := digestOf(objectPath(v.folder, e.SHA256), func([]byte) error { return ctx.Err() })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.Objects++
	v.Bytes += size
	switch {
	case os.IsNotExist(err):
		v.fault(e, "is missing in the backup")
	case err != nil:
		v.fault(e, "cannot be read")
	case size != e.Size || digest != e.SHA256:
		v.fault(e, "is damaged in the backup")
		// Out of the way, so that the next backup copies it anew. On a medium that is read
		// only it stays.
		path := objectPath(v.folder, e.SHA256)
		_ = os.Rename(path, path+damagedSuffix)
	}
	v.t.say(Step{Doing: "objects", Done: v.Objects, Total: v.Manifest.Objects.Count, Bytes: v.Bytes})
	return nil
}

func (v *verifying) fault(e entry, what string) {
	v.Faulty++
	if len(v.Faults) < mostFaults {
		v.Faults = append(v.Faults, fmt.Sprintf("%s %s", e.Key, what))
	}
}
