package backup

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"vitrine/internal/db"
)

// markLast is the mark in the site's database that says what its last backup was.
const markLast = "last backup"

// Last is what a site knows of its last finished backup, wherever that lies.
type Last struct {
	Snapshot string    `json:"snapshot"`
	Moment   time.Time `json:"moment"` // of the rows, UTC: nothing newer is in it
	Files    int64     `json:"files"`
	RowsOnly bool      `json:"rows_only"`
	Lost     int64     `json:"lost"` // objects that no storage had, or that were damaged
}

// ReadLast returns nil if no backup of the site was ever finished.
func ReadLast(ctx context.Context, d *db.DB) (*Last, error) {
	text, err := d.Mark(ctx, markLast)
	if err != nil || text == "" {
		return nil, err
	}
	var l Last
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return nil, fmt.Errorf("read what the last backup was: %w", err)
	}
	return &l, nil
}

// tell notes in the site's database that the backup is finished.
func (c *creation) tell(ctx context.Context) error {
	m := c.manifest
	l := Last{Snapshot: m.Snapshot, Moment: m.Began, Files: m.Rows("files"), RowsOnly: m.Objects == nil}
	if m.Objects != nil {
		l.Lost = m.Objects.Missing + m.Objects.Damaged
	}
	text, err := json.Marshal(l)
	if err == nil {
		err = c.c.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return tx.SetMark(ctx, markLast, string(text)) })
	}
	if err != nil { // the backup is good all the same
		c.c.Logger.WarnContext(ctx, "the site was not told of its backup", "err", err)
	}
	return nil
}
