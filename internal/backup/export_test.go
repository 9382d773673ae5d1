package backup

import "vitrine/internal/db"

// AppendRow and ParseRow are the form of a row.
func AppendRow(b []byte, values []any) ([]byte, error)           { return appendRow(b, values) }
func ParseRow(line []byte, kinds []db.ColumnKind) ([]any, error) { return parseRow(line, kinds) }
