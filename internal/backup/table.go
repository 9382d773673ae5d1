package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"vitrine/internal/db"
)

// A file of a table begins with a line that describes the columns, has one for each row
// in the order of the primary key, and ends with a line that says how many there were.

type tableHead struct {
	Table   string       `json:"table"`
	Columns []columnHead `json:"columns"`
}

type columnHead struct {
	Name string        `json:"name"`
	Kind db.ColumnKind `json:"kind"`
}

type tableFoot struct {
	Rows int64 `json:"rows"`
}

// writeTable writes a table of the snapshot into a folder.
func writeTable(ctx context.Context, s *db.Snapshot, t db.Table, folder string, say func(rows int64)) (Part, error) {
	p := Part{Name: t.Name, LastID: t.LastID, File: t.Name + tableSuffix}
	w, err := create(filepath.Join(folder, p.File))
	if err != nil {
		return p, err
	}
	head := tableHead{Table: t.Name}
	for _, c := range t.Columns {
		head.Columns = append(head.Columns, columnHead(c))
	}
	line, err := json.Marshal(head)
	if err == nil {
		err = w.line(append(line, '\n'))
	}
	if err == nil {
		err = s.Rows(ctx, t, func(values []any) error {
			if line, err = appendRow(line[:0], values); err != nil {
				return fmt.Errorf("write a row of %s: %w", t.Name, err)
			}
			p.Rows++
			say(p.Rows)
			return w.line(line)
		})
	}
	if err == nil {
		if line, err = json.Marshal(tableFoot{p.Rows}); err == nil {
			err = w.line(append(line, '\n'))
		}
	}
	if err != nil {
		w.abandon()
		return p, err
	}
	return w.close(p)
}

// tableReader reads the rows of a table.
type tableReader struct {
	in    *reader
	part  Part
	head  tableHead
	kinds []db.ColumnKind
	rows  int64
}

func openTable(folder string, p Part) (*tableReader, error) {
	in, err := open(filepath.Join(folder, p.File))
	if err != nil {
		return nil, err
	}
	t := &tableReader{in: in, part: p}
	line, err := in.line()
	if err == nil {
		err = json.Unmarshal(line, &t.head)
	}
	if err != nil || t.head.Table != p.Name || len(t.head.Columns) == 0 {
		in.close()
		return nil, damaged(p.File + " does not begin as it should")
	}
	for _, c := range t.head.Columns {
		t.kinds = append(t.kinds, c.Kind)
	}
	return t, nil
}

func (t *tableReader) close() { t.in.close() }

// names are those of the columns.
func (t *tableReader) names() []string {
	names := make([]string, len(t.head.Columns))
	for i, c := range t.head.Columns {
		names[i] = c.Name
	}
	return names
}

// skip passes over rows.
func (t *tableReader) skip(rows int64) error {
	for ; rows > 0; rows-- {
		line, err := t.in.line()
		if err != nil || len(line) == 0 || line[0] != '[' {
			return damaged(t.part.File + " has fewer rows than it should have")
		}
		t.rows++
	}
	return nil
}

// next is the next row, io.EOF after the last.
func (t *tableReader) next() ([]any, error) {
	line, err := t.in.line()
	if err != nil {
		return nil, damaged(t.part.File + " ends too early")
	}
	if line[0] == '{' {
		return nil, t.end(line)
	}
	values, err := parseRow(line, t.kinds)
	if err != nil {
		return nil, damaged(fmt.Sprintf("row %d of %s cannot be read", t.rows+1, t.part.File))
	}
	t.rows++
	return values, nil
}

func (t *tableReader) end(line []byte) error {
	var foot tableFoot
	if err := json.Unmarshal(line, &foot); err != nil || foot.Rows != t.rows || t.rows != t.part.Rows {
		return damaged(t.part.File + " does not have as many rows as it should have")
	}
	if _, err := t.in.line(); !errors.Is(err, io.EOF) {
		return damaged(t.part.File + " goes on after its end")
	}
	return io.EOF
}
