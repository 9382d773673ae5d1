package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// comparison is what one engine takes on sites of several sizes.
type comparison struct {
	engine string
	sizes  []int
	rows   []compared
	sites  []*grown
}

// compared is one sort of requests, on each site.
type compared struct {
	what  string
	cells []timing
}

// timing is milliseconds of so many requests.
type timing struct {
	median, worst float64 // worst: 99 of 100 take no longer
	count         int
}

func (t *comparison) add(c compared) {
	t.rows = append(t.rows, c)
	line := []string{t.engine, c.what}
	for _, cell := range c.cells {
		line = append(line, fmt.Sprintf("%s (%s) ms", number(cell.median), number(cell.worst)))
	}
	fmt.Fprintln(os.Stderr, strings.Join(append(line, c.verdict()), "  "))
}

// ratio is how much longer the last site takes than the first.
func (c compared) ratio() float64 {
	first, last := c.cells[0].median, c.cells[len(c.cells)-1].median
	if first == 0 {
		return 0
	}
	return last / first
}

func (c compared) verdict() string {
	switch first, last := c.cells[0].median, c.cells[len(c.cells)-1].median; {
	case len(c.cells) < 2:
		return ""
	case c.ratio() <= scaleRatio:
		return "met"
	case last-first < scaleNoise:
		return "met, less than 1 ms"
	}
	return "not met"
}

// table is the comparison as cells.
func (t *comparison) table() [][]string {
	head := []string{t.engine + ": median (99 of 100) in ms"}
	for _, n := range t.sizes {
		head = append(head, short(n))
	}
	rows := [][]string{append(head, "Ratio", "")}
	for _, c := range t.rows {
		row := []string{c.what}
		for _, cell := range c.cells {
			row = append(row, number(cell.median)+" ("+number(cell.worst)+")")
		}
		rows = append(rows, append(row, number(c.ratio()), c.verdict()))
	}
	fact := func(what string, value func(*grown) string) {
		row := []string{what}
		for _, g := range t.sites {
			row = append(row, value(g))
		}
		rows = append(rows, append(row, "", ""))
	}
	fact("start to ready, ms", func(g *grown) string {
		slices.Sort(g.begin)
		return number(ms(g.begin[len(g.begin)/2]))
	})
	fact("memory of server and decoders after all this, MB", func(g *grown) string { return number(float64(g.memory) / 1e6) })
	fact("database, GB", func(g *grown) string { return number(float64(g.bytes) / 1e9) })
	if slices.ContainsFunc(t.sites, func(g *grown) bool { return g.seeding > 0 }) {
		fact("seeding, s", func(g *grown) string { return number(g.seeding.Seconds()) })
	}
	return rows
}

// short writes 100k and 10M.
func short(n int) string {
	switch {
	case n >= 1_000_000 && n%1_000_000 == 0:
		return strconv.Itoa(n/1_000_000) + "M"
	case n >= 1000 && n%1000 == 0:
		return strconv.Itoa(n/1000) + "k"
	}
	return strconv.Itoa(n)
}

// scaleText is the section of the documentation.
func (b *bench) scaleText() string {
	var s strings.Builder
	var sizes []string
	for _, n := range b.comparisons[0].sizes {
		sizes = append(sizes, strconv.Itoa(n))
	}
	fmt.Fprintf(&s, `## Sites of several sizes

Written by %[1]smake bench-scale BENCH_WRITE=1%[1]s on %[2]s: %[3]s, %[4]d cores, %[5]s. The sites are those of
%[1]svitrine seed --files N%[1]s for %[6]s files. Both are served at the same time, each by a server of its own, and asked
in turn, one request at a time, after two to warm up, so that whatever else the machine does meets both alike. The
large one may take %[7]g times as long as the small one; differences of less than %[8]d ms are noise.

`, "`", time.Now().UTC().Format(time.DateOnly), processor(), runtime.NumCPU(), version(b.binary), strings.Join(sizes, " and "), scaleRatio, scaleNoise)
	for i, c := range b.comparisons {
		if i > 0 {
			s.WriteByte('\n')
		}
		s.WriteString(markdown(c.table(), 1, 1+len(c.sizes)))
	}
	return s.String()
}
