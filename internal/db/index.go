package db

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
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

// wordTables are all of them: what they are about, and their number in the vocabulary.
var wordTables = map[wordTable]struct {
	of    string
	place int
}{fileWords: {"files", 1}, albumWords: {"albums", 2}, userWords: {"users", 3}}

func (w wordTable) insert(di dialect) string {
	return `INSERT INTO ` + string(w) + ` (rowid, words) VALUES ($1, ` + di.wordsValue() + `)`
}

func (w wordTable) delete() string { return `DELETE FROM ` + string(w) + ` WHERE rowid = $1` }

// entry is what the search knows of a thing: the words of its texts, and marks of what
// it belongs to, which nobody can type.
type entry struct {
	id     int64
	fields [][]word
	marks  []string
}

func newEntry(id int64, marks []string, texts ...string) *entry {
	e := &entry{id: id}
	room := maxWords
	for _, text := range texts {
		if words := wordsOf(text); len(words) > 0 {
			words = words[:min(len(words), room)]
			room -= len(words)
			e.fields = append(e.fields, words)
		}
	}
	if len(e.fields) > 0 {
		e.marks = marks
	}
	return e
}

// empty reports whether nothing would find it.
func (e *entry) empty() bool { return len(e.fields) == 0 }

// longNumber is from which length on a word with digits is of a kind that every file has
// its own of, such as a digest: nobody looks for its beginning.
const longNumber = 12

// words are those that a search for a beginning may mean, each once, in order.
func (e *entry) words() (list []string) {
	for _, f := range e.fields {
		for _, w := range f {
			if len(w.text) < longNumber || !strings.ContainsAny(w.text, "0123456789") {
				list = append(list, w.text)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// fileEntry is by what a file is found: its title, original name, tags, description and
// what it shows, within its category and kind.
func fileEntry(f *vitrine.File) *entry {
	texts := make([]string, 0, 4+len(f.Tags))
	texts = append(texts, f.Title, strings.TrimSuffix(f.OriginalFilename, path.Ext(f.OriginalFilename)))
	for _, tag := range f.Tags {
		texts = append(texts, tag.Name)
	}
	var marks []string
	if f.CategoryID != 0 {
		marks = append(marks, categoryMark(f.CategoryID))
	}
	if k := kindOf(f); k != 0 {
		marks = append(marks, kindMark(k))
	}
	return newEntry(f.ID, marks, append(texts, f.Alt, f.Description)...)
}

func categoryMark(id int64) string { return "c" + strconv.FormatInt(id, 10) }
func kindMark(kind int) string     { return "k" + strconv.Itoa(kind) }

func albumEntry(a *vitrine.Album) *entry { return newEntry(a.ID, nil, a.Name, a.Description) }
func userEntry(u *vitrine.User) *entry   { return newEntry(u.ID, nil, u.Username, u.Name) }

// seenStep is of how many things the vocabulary counts the words of one, as many times:
// what is in a word's row need not be exact, and it is seldom locked.
const seenStep = 16

// index makes a thing findable that was not.
func (t *Tx) index(ctx context.Context, w wordTable, e *entry) error {
	if e.empty() {
		return nil
	}
	if _, err := t.exec(ctx, t.db.texts.insertWords[w], e.id, t.db.dialect.document(e)); err != nil {
		return fmt.Errorf("index words: %w", err)
	}
	words := e.words()
	if len(words) == 0 {
		return nil
	}
	list, err := json.Marshal(words)
	if err != nil {
		return fmt.Errorf("write words: %w", err)
	}
	text, seen := t.db.texts.learn, 0
	if e.id%seenStep == 0 {
		text, seen = t.db.texts.learnMore, seenStep
	}
	if _, err := t.exec(ctx, text, seen, wordTables[w].place, string(list)); err != nil {
		return fmt.Errorf("learn words: %w", err)
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
