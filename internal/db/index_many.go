package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// document is the words of one thing as a row of a table of words.
type document struct {
	id   int64
	text string
}

// indexMany makes many things findable that were not, and counts their words exactly.
// Memory grows with what it is given.
func (t *Tx) indexMany(ctx context.Context, w wordTable, entries []*entry) error {
	var rows []document
	counts := map[string]int64{}
	for _, e := range entries {
		if e.empty() {
			continue
		}
		rows = append(rows, document{e.id, t.db.dialect.document(e)})
		for _, word := range e.words() {
			counts[word]++
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := t.db.dialect.loadWords(ctx, t.tx, w, rows); err != nil {
		return fmt.Errorf("index words: %w", err)
	}
	return learn(ctx, t.tx, t.db.texts.learnMany, w, counts)
}

// execer is a transaction or a connection.
type execer interface {
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}

// learn adds words to the vocabulary by how often they are there. The text is that of
// learningMany.
func learn(ctx context.Context, on execer, text string, w wordTable, counts map[string]int64) error {
	type row struct {
		Word string `json:"word"`
		Seen int64  `json:"seen"`
	}
	rows := make([]row, 0, len(counts))
	for _, word := range sortedKeys(counts) {
		rows = append(rows, row{word, counts[word]})
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write words: %w", err)
	}
	if _, err := on.ExecContext(ctx, text, string(list), wordTables[w].place); err != nil {
		return fmt.Errorf("learn words: %w", err)
	}
	return nil
}

// learningMany is learning for an array of words that are counted.
func learningMany(di dialect) string {
	return `INSERT INTO vocabulary (seen, place, word) SELECT CAST(n.value->>'seen' AS BIGINT), CAST($2 AS SMALLINT), n.value->>'word'
		FROM ` + di.eachObject("$1") + ` AS n WHERE TRUE ON CONFLICT (place, word) DO UPDATE SET seen = vocabulary.seen + excluded.seen`
}
