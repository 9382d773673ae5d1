package db

import (
	"context"
	"fmt"
	"path"
	"strings"

	"vitrine/internal/vitrine"
)

// wordTable is a table of the words of things, by their id as its rowid.
type wordTable string

const (
	fileWords  wordTable = "file_words"
	albumWords wordTable = "album_words"
	userWords  wordTable = "user_words"
)

func (w wordTable) insert(di dialect) string {
	return `INSERT INTO ` + string(w) + ` (rowid, words) VALUES ($1, ` + di.wordsValue() + `)`
}

func (w wordTable) delete() string { return `DELETE FROM ` + string(w) + ` WHERE rowid = $1` }

// document is the words of texts as a row of a table of words; empty if they have none.
func (d *DB) document(texts ...string) string { return documentOf(d.dialect, texts) }

func documentOf(di dialect, texts []string) string {
	var fields [][]word
	room := maxWords
	for _, text := range texts {
		if words := wordsOf(text); len(words) > 0 {
			words = words[:min(len(words), room)]
			room -= len(words)
			fields = append(fields, words)
		}
	}
	if len(fields) == 0 {
		return ""
	}
	return di.document(fields)
}

// index makes texts findable that were not.
func (t *Tx) index(ctx context.Context, w wordTable, id int64, texts ...string) error {
	text := t.db.document(texts...)
	if text == "" {
		return nil
	}
	if _, err := t.exec(ctx, t.db.texts.insertWords[w], id, text); err != nil {
		return fmt.Errorf("index words: %w", err)
	}
	return nil
}

// forget takes a thing out of the search.
func (t *Tx) forget(ctx context.Context, w wordTable, id int64) error {
	if _, err := t.exec(ctx, t.db.texts.deleteWords[w], id); err != nil {
		return fmt.Errorf("forget words: %w", err)
	}
	return nil
}

// indexFile makes a new file findable.
func (t *Tx) indexFile(ctx context.Context, f *vitrine.File) error {
	return t.index(ctx, fileWords, f.ID, fileTexts(f)...)
}

// fileTexts are what a file is found by: its title, original name, tags, description and
// what it shows.
func fileTexts(f *vitrine.File) []string {
	texts := make([]string, 0, 4+len(f.Tags))
	texts = append(texts, f.Title, strings.TrimSuffix(f.OriginalFilename, path.Ext(f.OriginalFilename)))
	for _, tag := range f.Tags {
		texts = append(texts, tag.Name)
	}
	return append(texts, f.Alt, f.Description)
}
