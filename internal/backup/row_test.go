package backup_test

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"vitrine/internal/backup"
	"vitrine/internal/db"
)

var kinds = []db.ColumnKind{db.IntColumn, db.TextColumn, db.BytesColumn, db.TruthColumn}

func TestRows(t *testing.T) {
	t.Parallel()
	for name, row := range map[string][]any{
		"nothing":     {nil, nil, nil, nil},
		"empty":       {int64(0), "", []byte{}, int64(0)},
		"limits":      {int64(math.MinInt64), strings.Repeat("x", 1<<20), bytes.Repeat([]byte{0, 255}, 1<<18), int64(1)},
		"largest":     {int64(math.MaxInt64), "\u0001\n\t\"\\/\u2028</script>", []byte("\n"), int64(1)},
		"languages":   {int64(1), "日本語 🌄 ё ﷽", []byte("ё"), int64(0)},
		"zero byte":   {int64(1), "a\x00b", []byte{0}, int64(0)},
		"not UTF-8":   {int64(1), "a\xffb\"", []byte{1}, int64(0)},
		"backslashes": {int64(1), `\\\"`, []byte{1}, int64(0)},
	} {
		line, err := backup.AppendRow(nil, row)
		if err != nil || !json.Valid(line) || bytes.Count(line, []byte("\n")) != 1 {
			t.Errorf("%s: %.100q, %v", name, line, err)
		}
		got, err := backup.ParseRow(line, kinds)
		if err != nil || !reflect.DeepEqual(got, row) {
			t.Errorf("%s: %.100q, %v", name, got, err)
		}
	}
	if _, err := backup.AppendRow(nil, []any{1.5}); err == nil {
		t.Error("a fraction was written")
	}
}

func FuzzParseRow(f *testing.F) {
	for _, seed := range []string{`[1,"a","AA==",0]`, `[null,null,null,null]`, `[1,["/w=="],"",1]`, `[1,"\u00e9","x",0]`, `[`, `[1,"`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := backup.ParseRow(line, kinds)
		if err != nil {
			return
		}
		again, err := backup.AppendRow(nil, row)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := backup.ParseRow(again, kinds); err != nil || !reflect.DeepEqual(got, row) {
			t.Errorf("%q became %q, %v", row, got, err)
		}
	})
}

// BenchmarkRow is a row of a file there and back.
func BenchmarkRow(b *testing.B) {
	row := []any{}
	var kinds []db.ColumnKind
	for range 30 {
		row, kinds = append(row, int64(123456)), append(kinds, db.IntColumn)
	}
	for range 12 {
		row, kinds = append(row, "evening over the fjord"), append(kinds, db.TextColumn)
	}
	for range 5 {
		row, kinds = append(row, bytes.Repeat([]byte{7}, 16)), append(kinds, db.BytesColumn)
	}
	var line []byte
	for b.Loop() {
		line, _ = backup.AppendRow(line[:0], row)
		if _, err := backup.ParseRow(line, kinds); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(line)))
}
