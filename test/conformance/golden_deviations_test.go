package conformance_test

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// deviation says where our answers are not those of the recordings, and why.
// Differences on purpose cite the contract: the topic of its table of decisions.
type deviation struct {
	of    string                   // numbers of recordings "001 035-041", or "*"
	paths string                   // of the answer, patterns as of path.Match, separated by spaces
	ok    func(want, got any) bool // what the difference must be like
	why   string
}

// Kinds of differences.

// anyhow: both may be anything.
func anyhow(_, _ any) bool { return true }

// becomes: whatever was recorded, got is this.
func becomes(v any) func(want, got any) bool {
	return func(_, got any) bool { return same(got, v) }
}

// anyOf: whatever was recorded, got is one of these.
func anyOf(values ...any) func(want, got any) bool {
	return func(_, got any) bool {
		return slices.ContainsFunc(values, func(v any) bool { return same(got, v) })
	}
}

// gone: the recording has something there, and we do not.
func gone(want, got any) bool { return want != missing && got == missing }

// novel: we have something there, and the recording does not.
func novel(want, got any) bool { return want == missing && got != missing }

// asNumber: the recording has a text, and we have the number in it.
func asNumber(want, got any) bool {
	s, ok := want.(string)
	f, err := strconv.ParseFloat(s, 64)
	return ok && err == nil && same(got, f)
}

// smaller: both have numbers, and ours is the smaller one.
func smaller(want, got any) bool {
	w, wok := want.(float64)
	g, gok := got.(float64)
	return wok && gok && g > 0 && g < w
}

// otherValue: both have something there.
func otherValue(want, got any) bool { return want != missing && got != missing && got != nil }

// otherText: both have texts, and ours says more.
func otherText(want, got any) bool {
	w, wok := want.(string)
	g, gok := got.(string)
	return wok && gok && strings.HasPrefix(g, w)
}

func same(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

func (d deviation) covers(number string, diff difference) bool {
	return inRange(d.of, number) && slices.ContainsFunc(strings.Fields(d.paths), func(p string) bool {
		ok, err := path.Match(p, diff.path)
		return err == nil && ok
	}) && d.ok(diff.want, diff.got)
}

func inRange(list, number string) bool {
	for part := range strings.FieldsSeq(list) {
		from, to, ok := strings.Cut(part, "-")
		if part == "*" || part == number || ok && number >= from && number <= to {
			return true
		}
	}
	return false
}

// replacement stands for a recording whose whole answer is another one here.
type replacement struct {
	why   string
	check func(t *testing.T, r *replay, got answer)
}

// usage notes which rows were needed, so that none outlives its difference.
type usage struct {
	mu       sync.Mutex
	rows     []bool
	replaced map[string]bool
}

func (u *usage) covers(number string, diff difference) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for i, d := range deviations {
		if d.covers(number, diff) {
			u.rows[i] = true
			return true
		}
	}
	return false
}

func (u *usage) replace(number string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.replaced[number] = true
}

// check fails the test for rows that nothing needed.
func (u *usage) check(t *testing.T) {
	t.Helper()
	for i, d := range deviations {
		if !u.rows[i] {
			t.Errorf("no recording needs the deviation %s of %s any more (%s)", d.paths, d.of, d.why)
		}
	}
	for number, r := range replacements {
		if !u.replaced[number] {
			t.Errorf("no recording %s was replaced (%s)", number, r.why)
		}
	}
}
