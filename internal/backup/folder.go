package backup

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"vitrine/internal/vitrine"
)

// What lies in a folder; doc.go shows it.
const (
	manifestName  = "backup.json"
	lockName      = "lock"
	snapshotsName = "snapshots"
	objectsName   = "objects"
	incomingName  = "incoming"
	indexName     = "objects.jsonl.zst"
	partSuffix    = ".part"
	tableSuffix   = ".jsonl.zst"

	// Password hashes are among the rows.
	fileMode   = 0o600
	folderMode = 0o700

	// shardLength is how many hex digits of a digest name the folder of an object: 4096
	// folders, 7,000 objects each where there are thirty millions.
	shardLength = 3
)

// folder is the folder of backups, held for writing.
type folder struct {
	path string
	lock *os.File
}

// openFolder makes the folder ready and keeps other writers out until close.
func openFolder(path string) (*folder, error) {
	for _, p := range []string{path, filepath.Join(path, snapshotsName), filepath.Join(path, objectsName), filepath.Join(path, incomingName)} {
		if err := os.MkdirAll(p, folderMode); err != nil {
			return nil, unusable(path, err)
		}
	}
	if entries, err := os.ReadDir(path); err != nil {
		return nil, unusable(path, err)
	} else if i := slices.IndexFunc(entries, func(e os.DirEntry) bool { return !isOurs(e.Name()) }); i >= 0 {
		return nil, vitrine.Errorf(vitrine.CodeConflict, "The folder %s has something else in it (%s): give backups a folder of their own", path, entries[i].Name())
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, unusable(path, err)
	}
	// Mounted remotes may have no locks; then the operator's care is all there is.
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		lock.Close()
		return nil, vitrine.Errorf(vitrine.CodeConflict, "Another vitrine backup is writing to %s", path)
	}
	return &folder{path, lock}, nil
}

func isOurs(name string) bool {
	return slices.Contains([]string{manifestName, manifestName + ".new", lockName, snapshotsName, objectsName, incomingName, "lost+found"}, name)
}

func (f *folder) close() { f.lock.Close() }

// timeForm is how the instant of a snapshot names it: names have the order of time.
const timeForm = "2006-01-02T150405Z"

// newName is the name of a new snapshot of an instant. It follows all others, also those
// of the same second, and those that a wrong clock has given.
func newName(path string, at time.Time) (string, error) {
	finished, parts, err := snapshots(path)
	if err != nil {
		return "", err
	}
	at = at.UTC()
	for _, name := range append(finished, parts...) {
		other, err := time.Parse(timeForm, strings.TrimSuffix(name, partSuffix))
		if err == nil && !at.Truncate(time.Second).After(other) {
			at = other.Add(time.Second)
		}
	}
	return at.Format(timeForm), nil
}

// snapshots are the names of snapshots, oldest first: finished ones, and those that are
// not, with their suffix.
func snapshots(path string) (finished, parts []string, err error) {
	entries, err := os.ReadDir(filepath.Join(path, snapshotsName))
	if err != nil {
		return nil, nil, unusable(path, err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		if strings.HasSuffix(e.Name(), partSuffix) {
			parts = append(parts, e.Name())
		} else if _, err := os.Stat(filepath.Join(path, snapshotsName, e.Name(), manifestName)); err == nil {
			finished = append(finished, e.Name())
		}
	}
	return finished, parts, nil
}

func snapshotPath(folder, name string) string { return filepath.Join(folder, snapshotsName, name) }

// objectPath is where an object lies.
func objectPath(folder, digest string) string {
	return filepath.Join(folder, objectsName, digest[:shardLength], digest)
}

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && s == strings.ToLower(s)
}

// hasObject reports whether the object is there in its size.
func hasObject(folder, digest string, size int64) bool {
	fi, err := os.Stat(objectPath(folder, digest))
	return err == nil && fi.Mode().IsRegular() && fi.Size() == size
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) { // mounted remotes
		err = nil
	}
	return errors.Join(err, f.Close())
}
