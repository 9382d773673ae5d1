package db

import (
	"slices"
	"strconv"
	"strings"
)

// worded is what differs between the engines in the search.
type worded interface {
	// wordsValue is how a statement writes document as its parameter $2.
	wordsValue() string
	document(*entry) string
	// seek is a statement that finds the ids of what has the words of a query, the newest
	// first: below @before and from the first one of a window on, up to @limit.
	seek(wordTable) string
	// few is a statement that finds up to @limit ids of what has the words, below @before,
	// in any order.
	few(wordTable) string
	query(*search) string
	window(query string, w window) string
	// each is a table of the values of a JSON array, in a column named value; eachObject
	// of its objects.
	each(parameter string) string
	eachObject(parameter string) string
	// among is the condition that a column is one of the numbers of a JSON array.
	among(column, parameter string) string
	// indexes of words are dropped and made again around making many of them.
	dropWordIndexes() []string
	makeWordIndexes() []string
}

// ---- SQLite ----

func (sqliteDialect) wordsValue() string { return "$2" }

// document is the words with blanks between.
func (sqliteDialect) document(e *entry) string {
	var b strings.Builder
	for i, words := range e.fields {
		if i > 0 {
			b.WriteString(" " + fieldEnd)
		}
		for _, w := range words {
			b.WriteString(" " + w.text)
		}
	}
	for _, m := range e.marks {
		b.WriteString(" " + fieldEnd + m)
	}
	return b.String()
}

// seek reads the words in falling order of their rowid, as FTS5 keeps them.
func (sqliteDialect) seek(w wordTable) string {
	return `SELECT w.rowid FROM ` + string(w) + ` w WHERE w.words MATCH @search AND w.rowid < @before AND w.rowid >= @first
		ORDER BY w.rowid DESC LIMIT @limit`
}

// few reads in rising order, in which FTS5 skips over a frequent word six times as fast.
func (sqliteDialect) few(w wordTable) string {
	return `SELECT w.rowid FROM ` + string(w) + ` w WHERE w.words MATCH @search AND w.rowid < @before LIMIT @limit`
}

func (sqliteDialect) window(string, window) string { return "" }

func (sqliteDialect) each(parameter string) string       { return "json_each(" + parameter + ")" }
func (sqliteDialect) eachObject(parameter string) string { return "json_each(" + parameter + ")" }

func (s sqliteDialect) among(column, parameter string) string {
	return column + " IN (SELECT n.value FROM " + s.each(parameter) + " AS n)"
}

func (sqliteDialect) dropWordIndexes() []string { return nil }
func (sqliteDialect) makeWordIndexes() []string { return nil }

// query is in the language of FTS5 (sqlite.org/fts5.html, section 3).
func (sqliteDialect) query(s *search) string {
	write := func(list []phrase, or string) string {
		parts := make([]string, len(list))
		for i, p := range list {
			parts[i] = `"` + strings.Join(p.words, " ") + `"`
			for _, end := range p.longer {
				parts[i] += ` OR "` + strings.Join(append(slices.Clone(p.words[:len(p.words)-1]), end), " ") + `"`
			}
			parts[i] = "(" + parts[i] + ")"
		}
		return "(" + strings.Join(parts, or) + ")"
	}
	text := write(s.all, " AND ")
	if len(s.none) > 0 {
		text += " NOT " + write(s.none, " OR ")
	}
	return text
}

// ---- PostgreSQL ----

func (postgresDialect) wordsValue() string { return "CAST(CAST($2 AS TEXT) AS TSVECTOR)" }

// document is the words with their positions, and the windows that the id is in as
// words of their own.
func (postgresDialect) document(e *entry) string {
	var b strings.Builder
	at := 0
	for _, words := range e.fields {
		at++
		for _, w := range words {
			b.WriteString("'" + w.text + "':" + strconv.Itoa(at) + " ")
			at++
		}
	}
	for _, m := range e.marks {
		b.WriteString("'" + fieldEnd + m + "' ")
	}
	for level := range allWindows {
		b.WriteString("'" + window{level: level, block: e.id >> windowBits[level]}.marks()[0] + "' ")
	}
	return b.String()
}

// seek meets the words of the window with those of the query within the index, entry by
// entry, and sorts what it finds. As it is written, nothing else is possible: values
// that the planner does not know are taken for rare, and there is no order by the id.
func (postgresDialect) seek(w wordTable) string {
	return `SELECT w.rowid FROM ` + string(w) + ` w WHERE w.words @@ (SELECT CAST(CAST(@window AS TEXT) AS TSQUERY))
		AND w.words @@ (SELECT CAST(CAST(@search AS TEXT) AS TSQUERY)) AND w.rowid + 0 < CAST(@before AS BIGINT)
		ORDER BY w.rowid + 0 DESC LIMIT @limit`
}

func (postgresDialect) few(w wordTable) string {
	return `SELECT w.rowid FROM ` + string(w) + ` w WHERE w.words @@ (SELECT CAST(CAST(@search AS TEXT) AS TSQUERY))
		AND w.rowid + 0 < CAST(@before AS BIGINT) LIMIT @limit`
}

// window is a query for what is in a window; in that of everything it is the query
// itself.
func (postgresDialect) window(query string, w window) string {
	if w.level == allWindows {
		return query
	}
	return "'" + strings.Join(w.marks(), "' | '") + "'"
}

func (postgresDialect) each(parameter string) string {
	return "json_array_elements_text(CAST(CAST(" + parameter + " AS TEXT) AS JSON))"
}

func (postgresDialect) eachObject(parameter string) string {
	return "json_array_elements(CAST(CAST(" + parameter + " AS TEXT) AS JSON))"
}

// among compares with an array, which is looked up in an index whatever the planner
// believes about how many there are; it would join them otherwise.
func (p postgresDialect) among(column, parameter string) string {
	return column + " = ANY (ARRAY(SELECT CAST(n.value AS BIGINT) FROM " + p.each(parameter) + " AS n))"
}

func (postgresDialect) dropWordIndexes() (list []string) {
	for w := range wordTables {
		list = append(list, "DROP INDEX IF EXISTS "+string(w)+"_words")
	}
	return list
}

// makeWordIndexes says it as 0006_scale.sql does.
func (postgresDialect) makeWordIndexes() (list []string) {
	for w := range wordTables {
		list = append(list, "CREATE INDEX IF NOT EXISTS "+string(w)+"_words ON "+string(w)+" USING GIN (words) WITH (gin_pending_list_limit = 256)")
	}
	return list
}

// query is a tsquery (PostgreSQL documentation, 8.11.2).
func (postgresDialect) query(s *search) string {
	write := func(list []phrase, or string) string {
		parts := make([]string, len(list))
		for i, p := range list {
			last := len(p.words) - 1
			for _, w := range p.words[:last] {
				parts[i] += "'" + w + "' <-> "
			}
			parts[i] = "(" + parts[i] + "('" + strings.Join(append([]string{p.words[last]}, p.longer...), "' | '") + "'))"
		}
		return "(" + strings.Join(parts, or) + ")"
	}
	text := write(s.all, " & ")
	if len(s.none) > 0 {
		text += " & !" + write(s.none, " | ")
	}
	return text
}
