package web

import (
	"encoding/json"
	"slices"
	"strings"
)

const (
	exifRowsMost   = 200
	exifNameRunes  = 64
	exifValueRunes = 300
)

// derived are fields that repeat others, as readers of EXIF add them.
var derived = []string{"COMPUTED", "width", "height", "SectionsFound", "FileName", "FileDateTime", "FileSize", "FileType", "MimeType"}

// exifRow is one line of the EXIF table. Both texts are a stranger's.
type exifRow struct{ Name, Value string }

// exifRows reads the metadata that is kept with a file: a JSON object with
// strings, or lists and objects of strings. It is sorted by name, and cut where
// somebody put a novel into it.
func exifRows(text string) []exifRow {
	if text == "" {
		return nil
	}
	var fields map[string]any
	if json.Unmarshal([]byte(text), &fields) != nil {
		return nil // an import may have brought something else; a page without it is no harm
	}
	for _, k := range derived {
		delete(fields, k)
	}
	var rows []exifRow
	addEXIF(&rows, "", fields)
	slices.SortFunc(rows, func(a, b exifRow) int { return strings.Compare(a.Name, b.Name) })
	return rows[:min(len(rows), exifRowsMost)]
}

func addEXIF(rows *[]exifRow, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for k, child := range v {
			if name != "" {
				k = name + " " + k
			}
			addEXIF(rows, k, child)
		}
	case []any:
		texts := make([]string, 0, len(v))
		for _, item := range v {
			if s, ok := item.(string); ok {
				texts = append(texts, s)
			}
		}
		addEXIF(rows, name, strings.Join(texts, ", "))
	case string:
		if v = strings.TrimSpace(strings.Map(printable, v)); v != "" {
			*rows = append(*rows, exifRow{cut(name, exifNameRunes), cut(v, exifValueRunes)})
		}
	}
}

// printable drops control characters.
func printable(r rune) rune {
	if r < ' ' || r >= 0x7f && r < 0xa0 {
		return -1
	}
	return r
}
