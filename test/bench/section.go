package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// writeSection renews one section of a page and leaves the others as they are. A new
// section comes last.
func writeSection(path, name, text string) error {
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	before, rest, found := strings.Cut(string(old), begin)
	_, after, whole := strings.Cut(rest, end)
	switch {
	case !found && before == "":
		before = "# Benchmarks\n\n"
	case !found:
		before = strings.TrimRight(before, "\n") + "\n\n"
	case !whole:
		return fmt.Errorf("%s: the section %s does not end", path, name)
	}
	return os.WriteFile(path, []byte(before+begin+text+end+after), 0o644)
}

// markdown is cells as a table whose columns from, up to to, are numbers.
func markdown(rows [][]string, from, to int) string {
	var s strings.Builder
	for i, row := range rows {
		s.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i > 0 {
			continue
		}
		for j := range row {
			if s.WriteString("|---"); j >= from && j <= to {
				s.WriteByte(':')
			}
		}
		s.WriteString("|\n")
	}
	return s.String()
}

// printTable writes cells for a terminal; the columns from, up to to, are numbers.
func printTable(w io.Writer, rows [][]string, from, to int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	fmt.Fprintln(w)
	for _, row := range rows {
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if i >= from && i <= to {
				fmt.Fprint(w, pad, cell, "  ")
			} else {
				fmt.Fprint(w, cell, pad, "  ")
			}
		}
		fmt.Fprintln(w)
	}
}
