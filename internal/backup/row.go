package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"vitrine/internal/db"
)

// A row is a JSON array on a line of its own: numbers are whole and have 64 bits, bytes
// are base64, text is text. Text that is no UTF-8 is an array with its base64 in it.

// appendRow writes a row with its line end.
func appendRow(b []byte, values []any) ([]byte, error) {
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		switch v := v.(type) {
		case nil:
			b = append(b, "null"...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case []byte:
			b = appendBase64(b, v)
		case string:
			if !utf8.ValidString(v) {
				b = append(appendBase64(append(b, '['), []byte(v)), ']')
				break
			}
			b = appendText(b, v)
		default:
			return nil, fmt.Errorf("a value of type %T cannot be written", v)
		}
	}
	return append(b, ']', '\n'), nil
}

func appendBase64(b, v []byte) []byte {
	b = append(b, '"')
	b = base64.StdEncoding.AppendEncode(b, v)
	return append(b, '"')
}

func appendText(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		if from = i + 1; c < ' ' {
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		} else {
			b = append(b, '\\', c)
		}
	}
	return append(append(b, s[from:]...), '"')
}

var errRow = errors.New("not a row")

// parseRow reads what appendRow has written: kinds are those of the columns.
func parseRow(line []byte, kinds []db.ColumnKind) ([]any, error) {
	p := rowParser{rest: bytes.TrimRight(line, "\n")}
	if !p.take('[') {
		return nil, errRow
	}
	values := make([]any, len(kinds))
	for i, kind := range kinds {
		if i > 0 && !p.take(',') {
			return nil, errRow
		}
		var err error
		if values[i], err = p.value(kind); err != nil {
			return nil, err
		}
	}
	if !p.take(']') || len(p.rest) > 0 {
		return nil, errRow
	}
	return values, nil
}

type rowParser struct{ rest []byte }

func (p *rowParser) take(c byte) bool {
	if len(p.rest) == 0 || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *rowParser) value(kind db.ColumnKind) (any, error) {
	if rest, ok := bytes.CutPrefix(p.rest, []byte("null")); ok {
		p.rest = rest
		return nil, nil
	}
	switch kind {
	case db.IntColumn, db.TruthColumn:
		end := 0
		for end < len(p.rest) && (p.rest[end] == '-' || p.rest[end] >= '0' && p.rest[end] <= '9') {
			end++
		}
		n, err := strconv.ParseInt(string(p.rest[:end]), 10, 64)
		p.rest = p.rest[end:]
		return n, err
	case db.BytesColumn:
		return p.bytes()
	case db.TextColumn:
		if p.take('[') {
			b, err := p.bytes()
			if err != nil || !p.take(']') {
				return nil, errRow
			}
			return string(b), nil
		}
		quoted, escaped, err := p.quoted()
		if err != nil {
			return nil, err
		}
		if !escaped {
			return string(quoted[1 : len(quoted)-1]), nil
		}
		var s string
		err = json.Unmarshal(quoted, &s)
		return s, err
	}
	return nil, errRow
}

func (p *rowParser) bytes() ([]byte, error) {
	quoted, _, err := p.quoted()
	if err != nil {
		return nil, err
	}
	b, err := base64.StdEncoding.AppendDecode([]byte{}, quoted[1:len(quoted)-1])
	if err != nil {
		return nil, errRow
	}
	return b, nil
}

// quoted takes a string with its quotes.
func (p *rowParser) quoted() (quoted []byte, escaped bool, err error) {
	if len(p.rest) == 0 || p.rest[0] != '"' {
		return nil, false, errRow
	}
	for i := 1; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			quoted, p.rest = p.rest[:i+1], p.rest[i+1:]
			return quoted, escaped, nil
		}
	}
	return nil, false, errRow
}
