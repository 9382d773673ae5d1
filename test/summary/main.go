package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	if !summarise(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// summarise reads events until the input ends. Lines that are no events, such
// as the words of the go command itself, are passed on.
func summarise(r io.Reader, w io.Writer) bool {
	start := time.Now()
	var t Tally
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				_, _ = w.Write(line)
			} else if text := t.Add(e); text != "" {
				fmt.Fprint(w, text)
			}
			if e.Action == "pass" && e.Test == "" && e.Package != "" {
				fmt.Fprintf(w, "ok   %s  %.1f s\n", e.Package, e.Elapsed)
			}
		}
		if err != nil {
			break
		}
	}
	return t.Report(w, time.Since(start))
}
