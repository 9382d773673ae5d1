package main

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// event is one line of "go test -json"; see "go doc test2json".
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build-output and build-fail
	Test        string
	Output      string
	Elapsed     float64 // seconds
	FailedBuild string
}

// result is the end of one test.
type result struct {
	name    string // package path, a space, test name
	action  string // pass, fail or skip
	elapsed time.Duration
}

// grounds are the name segments that say on what a test ran.
var grounds = []string{"sqlite", "postgres", "local", "s3"}

// Tally is what is known so far. The zero Tally is empty and ready for use; it
// is not safe for several goroutines.
type Tally struct {
	results  map[string]result // by package and test
	output   map[string][]string
	packages map[string]string // package to its last action
	broken   []string          // packages that failed outside of any test
}

// Add takes one event and returns what a person should see at once: the output
// of a test that just failed, or of a build that broke. Mostly that is nothing.
func (t *Tally) Add(e event) string {
	if t.results == nil {
		t.results = map[string]result{}
		t.output = map[string][]string{}
		t.packages = map[string]string{}
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		return e.Output
	case "output":
		t.output[key] = append(t.output[key], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			return t.endPackage(e)
		}
		t.results[key] = result{key, e.Action, time.Duration(e.Elapsed * float64(time.Second))}
		text := t.output[key]
		delete(t.output, key)
		if e.Action == "fail" {
			return "FAIL " + key + "\n" + indent(text)
		}
	}
	return ""
}

// endPackage notes the end of a package. A package that failed although none of
// its tests did was broken as a whole: it did not build, panicked, or ran out of
// time; then all that it printed is shown.
func (t *Tally) endPackage(e event) string {
	t.packages[e.Package] = e.Action
	text := t.output[e.Package+" "]
	for key, lines := range t.output {
		if strings.HasPrefix(key, e.Package+" ") && key != e.Package+" " && e.Action == "fail" {
			text = append(text, lines...) // a test that never ended: where a panic prints
		}
		if strings.HasPrefix(key, e.Package+" ") {
			delete(t.output, key)
		}
	}
	if e.Action != "fail" {
		return ""
	}
	for _, r := range t.results {
		if r.action == "fail" && strings.HasPrefix(r.name, e.Package+" ") {
			return ""
		}
	}
	t.broken = append(t.broken, e.Package)
	return "FAIL " + e.Package + "\n" + indent(text)
}

// leaves are the tests without subtests, in the order of their names.
func (t *Tally) leaves() []result {
	parents := map[string]bool{}
	for key := range t.results {
		for i := strings.LastIndexByte(key, '/'); i > strings.IndexByte(key, ' ') && i >= 0; i = strings.LastIndexByte(key[:i], '/') {
			parents[key[:i]] = true
		}
	}
	var list []result
	for key, r := range t.results {
		// A parent that failed on its own account counts too.
		if !parents[key] || r.action == "fail" && !t.failedBelow(key) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b result) int { return cmp.Compare(a.name, b.name) })
	return list
}

func (t *Tally) failedBelow(parent string) bool {
	for key, r := range t.results {
		if r.action == "fail" && strings.HasPrefix(key, parent+"/") {
			return true
		}
	}
	return false
}

func indent(lines []string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.Join(lines, "")) {
		if strings.HasPrefix(strings.TrimSpace(line), "=== ") || strings.HasPrefix(strings.TrimSpace(line), "--- ") {
			continue
		}
		b.WriteString("    " + line)
	}
	return b.String()
}
