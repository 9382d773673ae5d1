package catalog

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vitrine/internal/db"
	"vitrine/internal/vitrine"
)

// maxCursor is longer than any cursor that we ever gave out: once a title of 255
// characters with 4 bytes each, two numbers, and a third more for base 64.
const maxCursor = 1500

// cursorSorts gives each order its number in cursors. Append only.
var cursorSorts = []vitrine.Sort{vitrine.SortNewest, vitrine.SortOldest, vitrine.SortViews, vitrine.SortTitle, vitrine.SortTrend}

// encodeCursor writes where a page ends: the order, the position's id, its number
// and its text. It names a place in a list and carries no right.
func encodeCursor(s vitrine.Sort, p *db.Position) string {
	if p == nil {
		return ""
	}
	b := []byte{byte(slices.Index(cursorSorts, s) + 1)}
	b = binary.AppendUvarint(b, uint64(p.ID))
	b = binary.AppendVarint(b, p.Number)
	b = append(b, p.Text...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeCursor reads one, or returns nil for what is none of this order.
func decodeCursor(s vitrine.Sort, cursor string) *db.Position {
	if cursor == "" || len(cursor) > maxCursor {
		return nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(b) == 0 || int(b[0]) != slices.Index(cursorSorts, s)+1 {
		return nil
	}
	b = b[1:]
	id, n := binary.Uvarint(b)
	if n <= 0 || id == 0 || id > 1<<63-1 {
		return nil
	}
	number, m := binary.Varint(b[n:])
	if m <= 0 {
		return nil
	}
	text := string(b[n+m:])
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return nil
	}
	return &db.Position{Number: number, Text: text, ID: int64(id)}
}

// idCursor is the cursor of lists by id.
func idCursor(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 36)
}

func parseIDCursor(s string) int64 {
	id, err := strconv.ParseInt(s, 36, 64)
	if err != nil || id < 1 {
		return 0
	}
	return id
}
