package db

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/maypok86/otter/v2"
)

// A search for the beginning of a word looks for the words that begin so: an index of
// words would have to read all that begin so, of all files, to find the newest.
const (
	// mostLonger is for how many words a beginning stands: those that most have.
	mostLonger = 8
	// selectLonger looks at a few thousand words, in their order, the beginning itself
	// among them.
	selectLonger = `SELECT v.word, v.seen FROM (
			SELECT word, seen FROM vocabulary WHERE place = $1 AND word >= $2 AND word < $3 ORDER BY word LIMIT 5000) v
		ORDER BY v.seen DESC, length(v.word), v.word LIMIT $4`
	selectSeen = `SELECT seen FROM vocabulary WHERE place = $1 AND word = $2`
)

// knownWord is a word of the vocabulary.
type knownWord struct {
	text string
	seen int64 // about how many things have it; of what few have, it may be 0
}

// beginnings remembers for what the beginnings of words stand that very many words have:
// new words do not soon belong to those that most have.
type beginnings struct {
	entries *otter.Cache[beginning, stands]
}

type beginning struct {
	table wordTable
	text  string
}

type stands struct {
	words []string
	seen  int64 // about how many things have any of them
}

const (
	keptBeginnings = 4000 // of some hundred bytes
	keepBeginning  = 5 * time.Minute
)

func newBeginnings() beginnings {
	return beginnings{otter.Must(&otter.Options[beginning, stands]{
		MaximumSize: keptBeginnings, ExpiryCalculator: otter.ExpiryWriting[beginning, stands](keepBeginning),
	})}
}

// close may be called for a DB that was never to search.
func (b beginnings) close() {
	if b.entries != nil {
		b.entries.StopAllGoroutines()
	}
}

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

// known is what the vocabulary tells of a search.
type known struct {
	partial bool  // there are more words than are looked for
	least   int64 // about how many things, at most, have all of its words
}

// lengthen finds the words that open ends stand for, and how rare the words are.
func (d *DB) lengthen(ctx context.Context, w wordTable, s *search) (known, error) {
	k := known{least: math.MaxInt64}
	for i := range s.all {
		partial, seen, err := d.lengthenPhrase(ctx, w, &s.all[i])
		if err != nil {
			return known{}, err
		}
		k.partial, k.least = k.partial || partial, min(k.least, seen)
	}
	for i := range s.none {
		if _, _, err := d.lengthenPhrase(ctx, w, &s.none[i]); err != nil {
			return known{}, err
		}
	}
	return k, nil
}

// lengthenPhrase tells about how many things, at most, have the words of a phrase.
func (d *DB) lengthenPhrase(ctx context.Context, w wordTable, p *phrase) (partial bool, seen int64, err error) {
	whole, seen := p.words, int64(math.MaxInt64)
	if p.prefix {
		last := len(p.words) - 1
		whole = p.words[:last]
		if partial, seen, err = d.longer(ctx, w, p, p.words[last]); err != nil {
			return false, 0, err
		}
	}
	for _, word := range whole {
		if strings.HasPrefix(word, fieldEnd) {
			continue // a mark of very many
		}
		n, err := scanID(d.reader.row(ctx, selectSeen, wordTables[w].place, word))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return false, 0, d.fail("look for a word", err)
		}
		seen = min(seen, n)
	}
	return partial, seen, nil
}

// longer gives a phrase the words that begin so, those that most have first; seen is
// about how many have any, or the beginning itself.
func (d *DB) longer(ctx context.Context, w wordTable, p *phrase, begin string) (partial bool, seen int64, err error) {
	if s, ok := d.beginnings.entries.GetIfPresent(beginning{w, begin}); ok {
		p.longer = s.words
		return true, s.seen, nil
	}
	rows, err := d.reader.query(ctx, selectLonger, wordTables[w].place, begin, begin+string(utf8.MaxRune), mostLonger+2)
	list, err := collect(rows, err, func(s scanner) (k knownWord, err error) { return k, s.Scan(&k.text, &k.seen) })
	if err != nil {
		return false, 0, d.fail("look for longer words", err)
	}
	p.longer = nil
	for _, k := range list {
		seen += k.seen
		if k.text != begin {
			p.longer = append(p.longer, k.text)
		}
	}
	if len(p.longer) > mostLonger {
		p.longer, partial = p.longer[:mostLonger:mostLonger], true
		d.beginnings.entries.Set(beginning{w, begin}, stands{p.longer, seen})
	}
	return partial, seen, nil
}
