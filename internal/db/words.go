package db

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The search of both engines works on words that are made here, so that it finds the
// same on both and in every language. A word is a run of letters and digits in lower
// case, compatibility forms made plain (NFKC: full width, ligatures). Latin letters lose
// their marks, as people leave them out when they look for something; those of other
// scripts are letters of their own, but for ё, which most write е.
//
// Scripts without blanks between words are indexed by pairs of characters, each pair
// one further, and the last character of such a run alone: 東京都 is 東京 京都 都. A
// longer query is a phrase of pairs, a single character the beginning of a pair.

const (
	// maxWords bounds what is indexed of one text: positions of PostgreSQL end at 16,383.
	maxWords = 10_000
	// maxWordLength cuts what nobody types: bytes of one word.
	maxWordLength = 100
	// fieldEnd stands between texts, so that no phrase reaches over. It is no letter,
	// thus never a word.
	fieldEnd = "¦"
)

// word is a word of a text.
type word struct {
	text string
	// Of a run without blanks: pair but for the last one, which is the tail of a run of
	// several characters, or single.
	pair, tail, single bool
}

// wordsOf splits a text into its words.
func wordsOf(text string) []word {
	s := splitter{}
	for _, r := range fold(text) {
		switch {
		case isUnspaced(r), (r == 'ー' || unicode.IsMark(r)) && s.unspaced:
			s.begin(true)
			s.run = append(s.run, r)
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r) && len(s.run) > 0:
			s.begin(false)
			s.run = append(s.run, r)
		default:
			s.end()
		}
		if len(s.words)+len(s.run) > maxWords {
			break
		}
	}
	s.end()
	return s.words[:min(len(s.words), maxWords)]
}

// splitter gathers runs of characters into words.
type splitter struct {
	words    []word
	run      []rune
	unspaced bool // the run is of a script without blanks
}

// begin ends a run of the other sort.
func (s *splitter) begin(unspaced bool) {
	if s.unspaced != unspaced {
		s.end()
	}
	s.unspaced = unspaced
}

func (s *splitter) end() {
	switch {
	case len(s.run) == 0:
	case s.unspaced:
		for i := range len(s.run) - 1 {
			s.words = append(s.words, word{text: string(s.run[i : i+2]), pair: true})
		}
		last := word{text: string(s.run[len(s.run)-1:]), tail: len(s.run) > 1, single: len(s.run) == 1}
		s.words = append(s.words, last)
	default:
		text := string(s.run)
		if len(text) > maxWordLength {
			text = strings.ToValidUTF8(text[:maxWordLength], "")
		}
		s.words = append(s.words, word{text: text})
	}
	s.run = s.run[:0]
	s.unspaced = false
}

// unspaced are the scripts that put no blanks between words, or, as Hangul, hang
// endings on them.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

func isUnspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unspaced...) && (unicode.IsLetter(r) || unicode.IsMark(r) || r == '〇')
}

// fold makes what should be found alike equal.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	latin := false // the last letter was Latin: marks after it go
	for _, r := range norm.NFKD.String(s) {
		switch r = unicode.ToLower(r); {
		case unicode.IsMark(r):
			if latin || unicode.Is(unicode.Variation_Selector, r) {
				continue
			}
		case unicode.Is(unicode.Cf, r):
			continue // soft hyphens, joiners
		default:
			latin = unicode.Is(unicode.Latin, r)
		}
		if to, ok := plainLetters[r]; ok {
			b.WriteString(to)
			continue
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(norm.NFC.String(b.String()), "ё", "е")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// plainLetters have no decomposition, but one writes them so without the right keys.
var plainLetters = map[rune]string{
	'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ß': "ss", 'æ': "ae", 'œ': "oe",
	'ı': "i", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k", 'ς': "σ",
}
