package backup

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
)

// entry is a line of the index of objects, which is sorted by the ids of files.
type entry struct {
	File    int64  `json:"file"` // id
	Key     string `json:"key"`
	Storage string `json:"storage"` // where it was, as the row of the file says
	Size    int64  `json:"size"`
	SHA256  string `json:"sha256,omitempty"`
	MD5     string `json:"md5"` // of the file's original, as its row says
	MIME    string `json:"mime"`
	State   state  `json:"state,omitempty"`
}

// state says what is wrong with an object.
type state string

const (
	missing state = "missing" // no storage had it
	spoiled state = "damaged" // it is not as its row says; kept as it was
)

// indexFoot is the last line.
type indexFoot struct {
	Entries int64 `json:"entries"`
}

// indexReader reads an index.
type indexReader struct {
	in      *reader
	whole   bool   // it must have an end
	name    string // of its file
	next    *entry // read ahead; nil: none
	entries int64
	ended   bool
}

// openIndex opens the index of a finished snapshot, or of one that was broken off, which
// ends somewhere.
func openIndex(folder string, whole bool) (*indexReader, error) {
	in, err := open(filepath.Join(folder, indexName))
	if errors.Is(err, fs.ErrNotExist) && !whole {
		return &indexReader{ended: true}, nil
	}
	if err != nil {
		return nil, damaged("the index of objects cannot be opened")
	}
	return &indexReader{in: in, whole: whole, name: filepath.Join(filepath.Base(folder), indexName)}, nil
}

func (r *indexReader) close() {
	if r.in != nil {
		r.in.close()
	}
}

// peek is the next entry, nil after the last.
func (r *indexReader) peek() (*entry, error) {
	if r.next != nil || r.ended {
		return r.next, nil
	}
	line, err := r.in.line()
	if err != nil {
		r.ended = true
		if !r.whole { // whatever broke it off
			return nil, nil
		}
		return nil, damaged(r.name + " ends too early")
	}
	var both struct {
		entry
		Entries *int64 `json:"entries"`
	}
	if err := json.Unmarshal(trim(line), &both); err != nil || both.Entries == nil && !both.entry.valid() {
		r.ended = true
		return nil, damaged(r.name + " has a line that cannot be read")
	}
	if both.Entries != nil {
		r.ended = true
		if *both.Entries != r.entries {
			return nil, damaged(r.name + " does not have as many lines as it should have")
		}
		if _, err := r.in.line(); !errors.Is(err, io.EOF) {
			return nil, damaged(r.name + " goes on after its end")
		}
		return nil, nil
	}
	r.entries++
	r.next = &both.entry
	return r.next, nil
}

// valid reports whether the entry is one that we write.
func (e *entry) valid() bool {
	switch e.State {
	case missing:
		return e.Key != "" && e.SHA256 == ""
	case "", spoiled:
		return e.Key != "" && isDigest(e.SHA256) && e.Size >= 0
	}
	return false
}

// of gives the entries of a file and passes over those of files with lower ids.
func (r *indexReader) of(file int64) (list []entry, err error) {
	for {
		e, err := r.peek()
		if err != nil || e == nil || e.File > file {
			return list, err
		}
		if e.File == file {
			list = append(list, *e)
		}
		r.next = nil
	}
}

// take is the next entry and goes on, nil after the last.
func (r *indexReader) take() (*entry, error) {
	e, err := r.peek()
	r.next = nil
	return e, err
}
