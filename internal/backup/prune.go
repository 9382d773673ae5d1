package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// mostUnwanted bounds the digests that prune holds in memory: 32 MB.
const mostUnwanted = 1 << 20

// digest is a SHA-256.
type digest string

// prune takes away snapshots that are too many or were broken off, and the objects that
// only they had. Snapshots that stay are not touched, whatever interrupts it: an object
// that it did not get to may stay behind.
func (c *creation) prune(ctx context.Context) error {
	finished, parts, err := snapshots(c.folder.path)
	if err != nil {
		return err
	}
	keep := c.o.Keep
	if keep < 1 {
		keep = defaultKeep
	}
	gone := parts
	if n := len(finished) - keep; n > 0 {
		gone = append(gone, finished[:n]...)
		finished = finished[n:]
	}
	if len(gone) == 0 {
		return c.emptyIncoming()
	}
	for more := true; more; {
		unwanted, err := c.unwanted(ctx, gone, finished)
		if err != nil {
			return err
		}
		more = len(unwanted) == mostUnwanted
		removed := 0
		for d := range unwanted {
			if err := os.Remove(objectPath(c.folder.path, string(d))); err == nil {
				removed++
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		more = more && removed > 0
	}
	for _, name := range gone {
		path := snapshotPath(c.folder.path, name)
		// Without its manifest it is none any more, should the rest stay.
		if err := os.Remove(filepath.Join(path, manifestName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return c.emptyIncoming()
}

// emptyIncoming removes what runs that were killed left. Nobody else holds the folder.
func (c *creation) emptyIncoming() error {
	path := filepath.Join(c.folder.path, incomingName)
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.Mkdir(path, folderMode)
}

// unwanted are up to mostUnwanted objects that snapshots which go have, and none that
// stays. The indexes are read side by side, since they have the same order; what is left
// then is compared with all that stay once more, since files may share an object.
func (c *creation) unwanted(ctx context.Context, gone, stay []string) (map[digest]bool, error) {
	going, err := c.indexes(gone, false)
	defer closeAll(going)
	if err != nil {
		return nil, err
	}
	staying, err := c.indexes(stay, true)
	defer closeAll(staying)
	if err != nil {
		return nil, err
	}
	list := make(map[digest]bool)
	for len(list) < mostUnwanted {
		file, err := lowest(going)
		if err != nil {
			return nil, err
		}
		if file == 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var keys []string
		for _, r := range staying {
			entries, err := r.of(file)
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				keys = append(keys, e.SHA256)
			}
		}
		for _, r := range going {
			entries, err := r.of(file)
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				if e.SHA256 == "" || slices.Contains(keys, e.SHA256) {
					continue
				}
				if _, err := os.Lstat(objectPath(c.folder.path, e.SHA256)); err == nil {
					list[digest(e.SHA256)] = true
				}
			}
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, c.wanted(ctx, list, stay)
}

// wanted takes off the list what snapshots have that stay.
func (c *creation) wanted(ctx context.Context, list map[digest]bool, stay []string) error {
	staying, err := c.indexes(stay, true)
	defer closeAll(staying)
	if err != nil {
		return err
	}
	for _, r := range staying {
		for {
			e, err := r.take()
			if err != nil {
				return err
			}
			if e == nil {
				break
			}
			delete(list, digest(e.SHA256))
			if r.entries%1000 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

// lowest is the lowest id of a file that comes next in any index, 0 after the last.
func lowest(list []*indexReader) (file int64, err error) {
	for _, r := range list {
		e, err := r.peek()
		if err != nil {
			return 0, err
		}
		if e != nil && (file == 0 || e.File < file) {
			file = e.File
		}
	}
	return file, nil
}

// indexes opens the indexes of snapshots that have one. Those that stay must be whole.
func (c *creation) indexes(names []string, whole bool) (list []*indexReader, err error) {
	for _, name := range names {
		path := snapshotPath(c.folder.path, name)
		if _, err := os.Lstat(filepath.Join(path, indexName)); errors.Is(err, fs.ErrNotExist) {
			continue // rows only
		}
		r, err := openIndex(path, whole)
		if err != nil {
			return list, err
		}
		list = append(list, r)
	}
	return list, nil
}
