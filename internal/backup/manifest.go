package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vitrine/internal/vitrine"
)

// format is the version of what a backup looks like. Higher ones are refused.
const format = 1

// Manifest says what a snapshot holds.
type Manifest struct {
	Format   int       `json:"format"`
	Snapshot string    `json:"snapshot"` // name of its folder below snapshots
	Program  string    `json:"program"`
	Schema   int64     `json:"schema"` // newest migration of its tables
	Engine   string    `json:"engine"` // where the rows came from
	Began    time.Time `json:"began"`  // shortly before the moment of the rows, UTC
	Finished time.Time `json:"finished"`
	Tables   []Part    `json:"tables"`
	Objects  *Objects  `json:"objects"` // nil: rows only
}

// Part is a compressed file of a snapshot.
type Part struct {
	Name   string `json:"name"` // of the table
	Rows   int64  `json:"rows"`
	LastID int64  `json:"last_id,omitempty"` // the highest id that the table ever gave
	File   string `json:"file"`
	Bytes  int64  `json:"bytes"`  // of the file
	SHA256 string `json:"sha256"` // of the file, in hex
}

// Objects count what the index of a snapshot names.
type Objects struct {
	Index   Part  `json:"index"`
	Count   int64 `json:"count"` // without those that are missing
	Bytes   int64 `json:"bytes"`
	Missing int64 `json:"missing"` // no storage had them
	Damaged int64 `json:"damaged"` // not as their row says; kept as they were
}

// Rows are those of the table, 0 if there is none.
func (m *Manifest) Rows(table string) int64 {
	for _, t := range m.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

// readManifest reads a manifest and a number that tells it from others. Where there is
// none the error says whether a backup was begun there.
func readManifest(folder, snapshot string) (*Manifest, int64, error) {
	path := filepath.Join(folder, manifestName)
	if snapshot != "" {
		path = filepath.Join(folder, snapshotsName, filepath.Base(snapshot), manifestName)
	}
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && snapshot != "":
		return nil, 0, vitrine.Errorf(vitrine.CodeNotFound, "The backup has no finished snapshot %q", snapshot)
	case errors.Is(err, fs.ErrNotExist):
		if begun, _ := filepath.Glob(filepath.Join(folder, snapshotsName, "*"+partSuffix)); len(begun) > 0 {
			return nil, 0, vitrine.Errorf(vitrine.CodeNotFound, "The backup in %s was never finished: run vitrine backup again, it goes on where it was", folder)
		}
		return nil, 0, vitrine.Errorf(vitrine.CodeNotFound, "There is no backup in %s: it has no %s", folder, manifestName)
	case err != nil:
		return nil, 0, unusable(folder, err)
	}
	var m Manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return nil, 0, damaged(path + " cannot be read")
	}
	if m.Format > format {
		return nil, 0, vitrine.Errorf(vitrine.CodeInvalid, "The backup was made by a newer version of Vitrine (%s): use that one", m.Program)
	}
	if m.Format < 1 || m.Snapshot == "" || m.Snapshot != filepath.Base(m.Snapshot) || len(m.Tables) == 0 {
		return nil, 0, damaged(path + " is not complete")
	}
	for _, p := range m.parts() {
		if p.File != filepath.Base(p.File) || len(p.SHA256) != 2*sha256.Size {
			return nil, 0, damaged(path + " names a file that cannot be")
		}
	}
	sum := sha256.Sum256(content)
	return &m, int64(binary.BigEndian.Uint64(sum[:8]) >> 1), nil
}

// parts are all files of the snapshot.
func (m *Manifest) parts() []Part {
	list := append([]Part(nil), m.Tables...)
	if m.Objects != nil {
		list = append(list, m.Objects.Index)
	}
	return list
}

// write puts the manifest at a path, whole or not at all.
func (m *Manifest) write(path string) error {
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write a manifest: %w", err)
	}
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err
	}
	_, err = f.Write(append(content, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
