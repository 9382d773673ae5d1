package db

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// search is what somebody looks for: all of these, none of those.
type search struct {
	all, none []phrase
	open      bool // the last word of all may go on
}

// phrase are words that follow each other; with prefix the last one may go on.
type phrase struct {
	words  []string
	prefix bool
	longer []string // words that begin as the last one, to be found in its place
}

const (
	// Bounds of a search; what is beyond is passed over.
	maxPhrases     = 16
	maxPhraseWords = 32

	// prefixLength is from which length on the last word of a search of files also finds
	// longer ones: shorter ones begin too many.
	prefixLength = 3
)

// quotes are read as straight ones.
var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "＂", `"`)

// parseSearch reads words, "phrases", -words and -"phrases". Everything without a minus
// must be there. A word that consists of several, such as IMG_1234, is a phrase. The
// last of them, if not in quotes and of at least prefix characters, finds longer ones
// too.
// Whatever the input, it is a valid search; nil if there is nothing to find.
func parseSearch(input string, prefix int) *search {
	var s search
	rest := quotes.Replace(input)
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" || len(s.all)+len(s.none) == maxPhrases {
			break
		}
		rest = s.take(rest, prefix)
	}
	if len(s.all) == 0 {
		return nil
	}
	if s.open {
		s.all[len(s.all)-1].prefix = true
	}
	return &s
}

// take reads one word or phrase and returns what follows.
func (s *search) take(input string, prefix int) (rest string) {
	text, excluded := strings.CutPrefix(input, "-")
	quoted, isQuoted := strings.CutPrefix(text, `"`)
	if isQuoted {
		text, rest, _ = strings.Cut(quoted, `"`)
	} else if i := strings.IndexFunc(text, func(r rune) bool { return r == '"' || unicode.IsSpace(r) }); i >= 0 {
		text, rest = text[:i], text[i:]
	}
	p, ok := phraseOf(text)
	switch {
	case !ok:
	case excluded:
		s.none = append(s.none, p.phrase)
	default:
		s.open = !isQuoted && p.spaced && utf8.RuneCountInString(p.words[len(p.words)-1]) >= prefix
		s.all = append(s.all, p.phrase)
	}
	return rest
}

// spacedPhrase is a phrase that says whether its last word is of a script with blanks.
type spacedPhrase struct {
	phrase
	spaced bool
}

func phraseOf(text string) (p spacedPhrase, ok bool) {
	words := wordsOf(text)
	words = words[:min(len(words), maxPhraseWords)]
	// The run may go on in the text, where its last character here is the first half of
	// a pair: the pair before it says all.
	if n := len(words); n > 0 && words[n-1].tail {
		words = words[:n-1]
	}
	if len(words) == 0 {
		return p, false
	}
	for _, w := range words {
		p.words = append(p.words, w.text)
	}
	last := words[len(words)-1]
	p.spaced = !last.pair && !last.single && !last.tail
	p.prefix = last.single // the first half of a pair, or the last character of a run
	return p, true
}
