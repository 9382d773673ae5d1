package vitrine_test

import (
	"testing"

	"vitrine/internal/vitrine"
)

func TestCleanTexts(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct{ text, line string }{
		"one\r\ntwo\rthree\nfour": {"one\ntwo\nthree\nfour", "one two three four"},
		"tab\there":               {"tab\there", "tab here"},
		"\x00\x01\x7f\u0085":      {},
		"\xc3\x28":                {"\uFFFD(", "\uFFFD("},
		" outer space ":           {" outer space ", " outer space "},
	} {
		if got := vitrine.CleanText(in); got != want.text {
			t.Errorf("%q as text: got %q, want %q", in, got, want.text)
		}
		if got := vitrine.CleanLine(in); got != want.line {
			t.Errorf("%q as line: got %q, want %q", in, got, want.line)
		}
	}
}
