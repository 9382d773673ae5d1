package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// slowest is how many tests the list of slow ones names.
const slowest = 10

// count is a number of leaves by how they ended.
type count struct{ passed, failed, skipped int }

func (c *count) add(action string) {
	switch action {
	case "pass":
		c.passed++
	case "fail":
		c.failed++
	case "skip":
		c.skipped++
	}
}

// Report writes the table and the closing line, and reports whether all is
// well: at least one test passed and nothing failed.
func (t *Tally) Report(w io.Writer, elapsed time.Duration) bool {
	leaves := t.leaves()
	var all count
	on := map[string]*count{}
	for _, g := range grounds {
		on[g] = &count{}
	}
	for _, r := range leaves {
		all.add(r.action)
		segments := strings.Split(r.name[strings.IndexByte(r.name, ' ')+1:], "/")
		for _, g := range grounds {
			if slices.Contains(segments, g) {
				on[g].add(r.action)
			}
		}
	}

	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "\n\tpassed\tfailed\tskipped\t\n")
	fmt.Fprintf(table, "all\t%d\t%d\t%d\t\n", all.passed, all.failed, all.skipped)
	for _, g := range grounds {
		fmt.Fprintf(table, "on %s\t%d\t%d\t%d\t\n", g, on[g].passed, on[g].failed, on[g].skipped)
	}
	_ = table.Flush() // a pipe that closed: nobody reads any more
	fmt.Fprintf(w, "packages: %d, in %s\n", t.tested(), elapsed.Round(time.Second))

	t.list(w, "skipped", leaves, "skip")
	t.slow(w, leaves)
	t.list(w, "failed", leaves, "fail")
	for _, p := range slices.Sorted(slices.Values(t.broken)) {
		fmt.Fprintf(w, "broken: %s\n", p)
	}
	failed := all.failed + len(t.broken)
	fmt.Fprintf(w, "\ntests: %d passed, %d failed, %d skipped\n", all.passed, failed, all.skipped)
	return failed == 0 && all.passed > 0
}

// tested is the number of packages that had tests.
func (t *Tally) tested() int {
	n := 0
	for _, action := range t.packages {
		if action != "skip" { // what test2json says of packages without test files
			n++
		}
	}
	return n
}

func (t *Tally) list(w io.Writer, title string, leaves []result, action string) {
	for _, r := range leaves {
		if r.action == action {
			fmt.Fprintf(w, "%s: %s\n", title, r.name)
		}
	}
}

func (t *Tally) slow(w io.Writer, leaves []result) {
	byTime := slices.Clone(leaves)
	slices.SortStableFunc(byTime, func(a, b result) int { return cmp.Compare(b.elapsed, a.elapsed) })
	for _, r := range byTime[:min(slowest, len(byTime))] {
		if r.elapsed >= 100*time.Millisecond {
			fmt.Fprintf(w, "slow: %6.1f s  %s\n", r.elapsed.Seconds(), r.name)
		}
	}
}
