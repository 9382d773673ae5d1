package vitrine

import (
	"regexp"
	"strings"
)

// StopWords are regular expressions (RE2), matched without regard to case.
type StopWords struct{ list []*regexp.Regexp }

// ParseStopWords reads one expression a line; empty lines count for nothing.
func ParseStopWords(s string) (StopWords, error) {
	var w StopWords
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		re, err := regexp.Compile("(?i)" + line)
		if err != nil {
			return StopWords{}, Invalid("stop_words", "Invalid stop word %q: write one regular expression per line", line)
		}
		w.list = append(w.list, re)
	}
	return w, nil
}

// Check refuses if any of the texts matches any of the words.
func (w StopWords) Check(texts ...string) error {
	for _, re := range w.list {
		for _, t := range texts {
			if t != "" && re.MatchString(t) {
				return Errorf(CodeStopWord, "Stop words found")
			}
		}
	}
	return nil
}
