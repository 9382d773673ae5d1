package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"vitrine/internal/storage"
)

// List implements storage.Store. It holds the names of one folder per level in
// memory.
func (s *Store) List(ctx context.Context, after string, fn func(storage.Info) error) error {
	return list(ctx, s.root, "", after, fn)
}

// list walks one folder, whose keys begin with prefix.
func list(ctx context.Context, dir *os.Root, prefix, after string, fn func(storage.Info) error) error {
	names, err := names(dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		key := prefix + name
		if folder, ok := strings.CutSuffix(name, "/"); ok {
			if key < after && !strings.HasPrefix(after, key) {
				continue
			}
			err = listFolder(ctx, dir, folder, key, after, fn)
		} else if key > after {
			err = listFile(dir, name, key, fn)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func listFolder(ctx context.Context, dir *os.Root, name, prefix, after string, fn func(storage.Info) error) error {
	sub, err := dir.OpenRoot(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list objects: %w", err)
	}
	return errors.Join(list(ctx, sub, prefix, after, fn), sub.Close())
}

func listFile(dir *os.Root, name, key string, fn func(storage.Info) error) error {
	fi, err := dir.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("list objects: %w", err)
	case !fi.Mode().IsRegular():
		return nil
	}
	return fn(info(key, fi))
}

// names are the files and folders that keys can lead to, in the order of their
// keys: folders end with a slash, because theirs go on with one ("a-b" before
// "a/b", "a.b" too, "aa" after).
func names(dir *os.Root) ([]string, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	if err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		name := e.Name()
		if _, err := storage.ParseKey(name); err != nil {
			continue
		}
		if e.IsDir() {
			name += "/"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}
