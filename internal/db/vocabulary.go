package db

import (
	"context"
	"slices"
	"unicode/utf8"
)

// A search for the beginning of a word looks for the words that begin so: an index of
// words would have to read all that begin so, of all files, to find the newest.
const (
	// mostLonger is for how many words a beginning stands: those that most have.
	mostLonger = 50
	// selectLonger looks at a few thousand words, in their order.
	selectLonger = `SELECT v.word FROM (
			SELECT word, seen FROM vocabulary WHERE place = $1 AND word > $2 AND word < $3 ORDER BY word LIMIT 5000) v
		ORDER BY v.seen DESC, length(v.word), v.word LIMIT $4`
)

// learning writes the statement that adds words to the vocabulary; more also counts
// those that it has.
func learning(di dialect, more bool) string {
	text := `INSERT INTO vocabulary (seen, place, word) SELECT CAST($1 AS BIGINT), CAST($2 AS SMALLINT), n.value FROM ` + di.each("$3") + ` AS n
		WHERE TRUE ON CONFLICT (place, word) DO `
	if more {
		return text + `UPDATE SET seen = vocabulary.seen + excluded.seen`
	}
	return text + `NOTHING`
}

// lengthen finds the words that open ends stand for. partial says that there are more
// than are looked for.
func (d *DB) lengthen(ctx context.Context, w wordTable, s *search) (partial bool, err error) {
	for i := range s.all {
		more, err := d.lengthenPhrase(ctx, w, &s.all[i])
		if err != nil {
			return false, err
		}
		partial = partial || more
	}
	for i := range s.none {
		if _, err := d.lengthenPhrase(ctx, w, &s.none[i]); err != nil {
			return false, err
		}
	}
	return partial, nil
}

func (d *DB) lengthenPhrase(ctx context.Context, w wordTable, p *phrase) (partial bool, err error) {
	if !p.prefix {
		return false, nil
	}
	begin := p.words[len(p.words)-1]
	rows, err := d.reader.query(ctx, selectLonger, wordTables[w].place, begin, begin+string(utf8.MaxRune), mostLonger+1)
	p.longer, err = collect(rows, err, func(s scanner) (word string, err error) { return word, s.Scan(&word) })
	if err != nil {
		return false, d.fail("look for longer words", err)
	}
	if len(p.longer) > mostLonger {
		p.longer, partial = slices.Delete(p.longer, mostLonger, len(p.longer)), true
	}
	return partial, nil
}
