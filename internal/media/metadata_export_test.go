package media

import (
	"bytes"

	"vitrine/internal/vitrine"
)

// The seams of this room that its outside tests look at.
var (
	Sniff          = sniff
	ReadMetadata   = readMetadata
	NeedsCleaning  = needsCleaning
	CleanOriginal  = cleanOriginal
	RemovePosition = removePosition
	BlankPosition  = blankPosition
)

type (
	Metadata     = metadata
	CleanOptions = cleanOptions
)

// WithoutSecrets leaves out what only this package knows.
func WithoutSecrets(m metadata) metadata {
	m.removable = false
	return m
}

// CleanFilm blanks a film in memory.
func CleanFilm(b []byte, format vitrine.Format, o cleanOptions) ([]byte, error) {
	r := bytes.NewReader(b)
	edits, err := planFilm(newWindow(r, int64(len(b))), format, o)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = applyEdits(&out, r, int64(len(b)), edits)
	return out.Bytes(), err
}
