package main

import (
	"regexp"
	"strings"
	"testing"
)

func TestSummarise(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		events string
		ok     bool
		want   []string
		not    []string
	}{
		{
			name: "leaves count and parents do not",
			events: `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA/sqlite/one","Elapsed":0.2}
{"Action":"pass","Package":"p","Test":"TestA/postgres/one","Elapsed":0.3}
{"Action":"pass","Package":"p","Test":"TestA/sqlite","Elapsed":0.2}
{"Action":"pass","Package":"p","Test":"TestA/postgres","Elapsed":0.3}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.5}
{"Action":"skip","Package":"p","Test":"TestB","Elapsed":0}
{"Action":"pass","Package":"p","Elapsed":0.6}`,
			ok:   true,
			want: []string{"\ntests: 2 passed, 0 failed, 1 skipped\n", `on sqlite +1 +0 +0`, `on postgres +1 +0 +0`, `on s3 +0 +0 +0`, "skipped: p TestB", "packages: 1"},
		},
		{
			name: "a failure is shown with its output",
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:7: three is not four\n"}
{"Action":"fail","Package":"p","Test":"TestA","Elapsed":0}
{"Action":"fail","Package":"p","Elapsed":0.6}`,
			want: []string{"FAIL p TestA", "three is not four", "failed: p TestA", "\ntests: 0 passed, 1 failed, 0 skipped\n"},
			not:  []string{"broken:"},
		},
		{
			name: "a panic takes the package down",
			events: `{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}
{"Action":"fail","Package":"p","Elapsed":0.6}`,
			want: []string{"panic: oh", "broken: p", "\ntests: 0 passed, 1 failed, 0 skipped\n"},
		},
		{
			name: "a build that breaks",
			events: `{"ImportPath":"p [p.test]","Action":"build-output","Output":"p/a.go:1: undefined: x\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"fail","Package":"p","Elapsed":0,"FailedBuild":"p [p.test]"}`,
			want: []string{"undefined: x", "broken: p", "1 failed"},
		},
		{
			name: "a parent that fails by itself counts",
			events: `{"Action":"pass","Package":"p","Test":"TestA/one","Elapsed":0.2}
{"Action":"fail","Package":"p","Test":"TestA","Elapsed":0.5}
{"Action":"fail","Package":"p","Elapsed":0.6}`,
			want: []string{"\ntests: 1 passed, 1 failed, 0 skipped\n"},
		},
		{name: "nothing ran", events: `{"Action":"skip","Package":"p","Elapsed":0}`, want: []string{"\ntests: 0 passed, 0 failed, 0 skipped\n"}},
		{name: "words of the go command are passed on", events: "go: no such tool\n", want: []string{"go: no such tool"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if ok := summarise(strings.NewReader(test.events), &out); ok != test.ok {
				t.Errorf("ok = %v, want %v", ok, test.ok)
			}
			for _, want := range test.want {
				if !regexp.MustCompile(want).MatchString(out.String()) {
					t.Errorf("no %q in:\n%s", want, out.String())
				}
			}
			for _, not := range test.not {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q in:\n%s", not, out.String())
				}
			}
		})
	}
}
