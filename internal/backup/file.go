package backup

import (
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"vitrine/internal/vitrine"
)

// fileReader reads from the rows of files what objects they have.
type fileReader struct {
	rows *tableReader
	at   map[string]int // columns by name
}

// fileColumns are those that name objects.
var fileColumns = []string{
	"id", "storage", "folder", "name", "extension", "format", "size", "thumb_size", "medium_size", "frame_size", "md5",
}

func openFiles(folder string, p Part) (*fileReader, error) {
	t, err := openTable(folder, p)
	if err != nil {
		return nil, err
	}
	r := &fileReader{rows: t, at: make(map[string]int)}
	names := t.names()
	for _, name := range fileColumns {
		if r.at[name] = slices.Index(names, name); r.at[name] < 0 {
			t.close()
			return nil, damaged("the files have no column " + name)
		}
	}
	return r, nil
}

func (r *fileReader) close() { r.rows.close() }

// next gives the objects of the next file in the order original, thumb, medium, frame;
// none and no error after the last file.
func (r *fileReader) next() ([]entry, error) {
	row, err := r.rows.next()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text := func(name string) string { s, _ := row[r.at[name]].(string); return s }
	number := func(name string) int64 { n, _ := row[r.at[name]].(int64); return n }
	md5, _ := row[r.at["md5"]].([]byte)
	f := vitrine.File{
		ID: number("id"), Folder: text("folder"), Name: text("name"), Extension: text("extension"), Format: vitrine.Format(text("format")),
		Size: number("size"), Thumb: vitrine.Variant{Size: number("thumb_size")},
		Medium: vitrine.Variant{Size: number("medium_size")}, Frame: vitrine.Variant{Size: number("frame_size")},
	}
	e := entry{
		File: f.ID, Storage: text("storage"), MD5: hex.EncodeToString(md5),
		Key: f.Key(), Size: f.Size, MIME: f.Format.MIME(),
	}
	list := []entry{e}
	for _, kind := range []vitrine.VariantKind{vitrine.Thumb, vitrine.Medium, vitrine.Frame} {
		if v := f.Variant(kind); v.Exists() {
			e.Key, e.Size, e.MIME = f.VariantKey(kind), v.Size, f.VariantFormat().MIME()
			list = append(list, e)
		}
	}
	return list, nil
}
