package app

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The names of storages that are configured without one, as rows of files have
// them: that of VITRINE_STORAGE is one of these two.
const (
	localStore  = "local"
	bucketStore = "s3"
)

// storageName is the form of names that people give to storages. It has no
// underscore, so that VITRINE_STORAGE_NAME_ACCESS_KEY can be read.
var storageName = regexp.MustCompile(`^[a-z][a-z0-9]{0,31}$`)

// storageKey reads "storages.archive.url", a key as files have it.
func storageKey(key string) (name, field string, ok bool) {
	rest, ok := strings.CutPrefix(key, "storages.")
	if !ok {
		return "", "", false
	}
	name, field, _ = strings.Cut(rest, ".")
	ok = storageName.MatchString(name) && slices.Contains([]string{"url", "access_key", "secret_key"}, field)
	return name, field, ok
}

// storageVariable is the key for what follows VITRINE_STORAGE_, in lower case:
// "archive" or "archive_access_key_file".
func storageVariable(rest string) string {
	name, field, _ := strings.Cut(rest, "_")
	return "storages." + name + "." + cmp.Or(field, "url")
}

// storages reads the further storages and looks whether all of them go together.
func (l *loader) storages(c *Config) {
	names := make(map[string]bool)
	for key := range l.values.All() {
		if name, _, ok := storageKey(key); ok {
			names[name] = true
		}
	}
	before := len(l.mistakes)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		st, err := l.storage(name)
		if err != nil {
			l.mistake(err.Error())
			continue
		}
		if c.Storages == nil {
			c.Storages = make(map[string]Storage)
		}
		c.Storages[name] = st
	}
	if len(l.mistakes) > before {
		return // what was not understood cannot be compared
	}
	for _, err := range c.withDefaults().checkStorages() {
		l.mistake(err.Error())
	}
}

// storage reads one further storage.
func (l *loader) storage(name string) (Storage, error) {
	key := "storages." + name + "."
	value := func(field string) string { return strings.TrimSpace(l.values.String(key + field)) }
	variable := "VITRINE_STORAGE_" + strings.ToUpper(name)
	origin := l.origin[key+"url"]
	if value("url") == "" {
		origin = cmp.Or(l.origin[key+"access_key"], l.origin[key+"secret_key"])
		return Storage{}, fmt.Errorf("%s is for a storage without an address: give %s too", origin, variable)
	}
	st, err := parseStorage(value("url"))
	if err != nil {
		return st, fmt.Errorf("%s: %w", origin, err)
	}
	if b := st.Bucket; b != nil {
		b.AccessKey = cmp.Or(value("access_key"), strings.TrimSpace(l.values.String("s3_access_key")))
		b.SecretKey = cmp.Or(value("secret_key"), strings.TrimSpace(l.values.String("s3_secret_key")))
		if b.AccessKey == "" || b.SecretKey == "" {
			return st, fmt.Errorf("%s names a bucket: give its keys in %s_ACCESS_KEY and %s_SECRET_KEY, or the same with _FILE", origin, variable, variable)
		}
	}
	return st, nil
}

// allStorages are the storages by name, and the name of the default. A site with
// a bucket still serves what lies in the folder from before, if there is one.
func (c Config) allStorages() (all map[string]Storage, defaultName string) {
	all = maps.Clone(c.Storages)
	if all == nil {
		all = make(map[string]Storage)
	}
	for name, st := range all {
		if st.Bucket == nil && st.Folder == "" {
			st.Folder = filepath.Join(c.Data, "images")
			all[name] = st
		}
	}
	defaultName = localStore
	if c.Storage.Bucket != nil {
		defaultName = bucketStore
		if _, named := all[localStore]; !named {
			if _, err := os.Stat(c.Storage.Folder); err == nil {
				before := Storage{Folder: c.Storage.Folder}
				before.Rules.Full = true
				all[localStore] = before
			}
		}
	}
	all[defaultName] = c.Storage
	return all, defaultName
}

// checkStorages tells every mistake that only storages together can have. Two
// names for one place would make each take the other's files for orphans.
func (c Config) checkStorages() (mistakes []error) {
	all, defaultName := c.allStorages()
	if _, twice := c.Storages[defaultName]; twice {
		mistakes = append(mistakes, fmt.Errorf("the name %q belongs to the storage that VITRINE_STORAGE names: give the other one another name", defaultName))
	}
	names := slices.Sorted(maps.Keys(all))
	for i, a := range names {
		for _, b := range names[i+1:] {
			if samePlace(all[a], all[b]) {
				mistakes = append(mistakes, fmt.Errorf("the storages %s and %s are at the same place, or one inside the other: give each its own folder or prefix", a, b))
			}
		}
	}
	if !slices.ContainsFunc(names, func(name string) bool { return !all[name].Rules.Full }) {
		mistakes = append(mistakes, errors.New("every storage has full=true: leave one that takes new files"))
	}
	return mistakes
}

// samePlace reports whether one storage is, or lies within, the other.
func samePlace(a, b Storage) bool {
	if (a.Bucket == nil) != (b.Bucket == nil) {
		return false
	}
	if a.Bucket == nil {
		return within(realPath(a.Folder), realPath(b.Folder), string(filepath.Separator))
	}
	return a.Bucket.Endpoint == b.Bucket.Endpoint && a.Bucket.Bucket == b.Bucket.Bucket &&
		within(strings.Trim(a.Bucket.Prefix, "/"), strings.Trim(b.Bucket.Prefix, "/"), "/")
}

// within reports whether one of two paths begins with the other.
func within(a, b, separator string) bool {
	if a != "" {
		a = strings.TrimSuffix(a, separator) + separator
	}
	if b != "" {
		b = strings.TrimSuffix(b, separator) + separator
	}
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

// realPath is a folder without links, as far as it exists.
func realPath(folder string) string {
	path, err := filepath.Abs(folder)
	if err != nil {
		return filepath.Clean(folder)
	}
	rest := ""
	for dir := path; ; dir = filepath.Dir(dir) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		if dir == filepath.Dir(dir) {
			return path
		}
		rest = filepath.Join(filepath.Base(dir), rest)
	}
}
