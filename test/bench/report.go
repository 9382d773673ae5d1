package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// report is one line of the table.
type report struct {
	what, unit       string
	measured, target float64 // target 0: none
	more             bool    // more is better
	limit            float64 // of this machine in this run; 0: none
	limitIs          string  // what the limit is, or another remark
}

func (b *bench) add(r report) {
	b.reports = append(b.reports, r)
	fmt.Fprintf(os.Stderr, "%s: %s %s\n", r.what, number(r.measured), r.unit)
}

// verdict is met, not met, or nothing where there is no target.
func (r report) verdict() string {
	switch {
	case r.target == 0:
		return ""
	case r.more && r.measured >= r.target, !r.more && r.measured <= r.target:
		return "met"
	}
	return "not met"
}

// number writes three digits that matter.
func number(f float64) string {
	switch {
	case f == 0:
		return ""
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// rows is the table as cells.
func (b *bench) rows() [][]string {
	rows := [][]string{{"What", "Unit", "Target", "Measured", "Limit", "", "Remark"}}
	for _, r := range b.reports {
		rows = append(rows, []string{r.what, r.unit, number(r.target), number(r.measured), number(r.limit), r.verdict(), r.limitIs})
	}
	return rows
}

// print writes the tables for a terminal.
func (b *bench) print(w io.Writer) {
	if len(b.reports) > 0 {
		printTable(w, b.rows(), 2, 4)
	}
	for _, c := range b.comparisons {
		printTable(w, c.table(), 1, 1+len(c.sizes))
	}
}

// text is the section of the documentation.
func (b *bench) text() string {
	return fmt.Sprintf(`## Beside the limits of the machine

Written by %[1]smake bench BENCH_WRITE=1%[1]s on %[2]s: %[3]s, %[4]d cores, %[5]s, SQLite and a local folder.
Photographs are made by the run itself. CPU is that of the server and its decoders as the kernel counts it, for one
acknowledged, durable upload. The limit is measured in the same run: the pixels of the same picture decoded and reduced
with nothing around it, plus MD5, write and sync of its bytes; for raw files it is nginx. Figures of two runs differ
by up to a tenth on a shared machine.

`, "`", time.Now().UTC().Format(time.DateOnly), processor(), runtime.NumCPU(), version(b.binary)) + markdown(b.rows(), 2, 4)
}

// overloadText is the section of what happens when it is too much.
func (b *bench) overloadText() string {
	return fmt.Sprintf(`## Too much at once

Written by %[1]smake bench-scale BENCH_WRITE=1%[1]s on %[2]s: %[3]s, %[4]d cores, %[5]s, SQLite and a local folder.

`, "`", time.Now().UTC().Format(time.DateOnly), processor(), runtime.NumCPU(), version(b.binary)) + markdown(b.rows(), 2, 4)
}

// processor is the name of the processor.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOARCH
}

func version(binary string) string {
	out, err := exec.Command(binary, "version").Output()
	if err != nil {
		return "vitrine"
	}
	return strings.TrimSpace(string(out))
}
