package walls_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageIsExplained(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		text, err := os.ReadFile(filepath.Join(p.Dir, "doc.go"))
		switch {
		case err != nil:
			t.Errorf("%s has no doc.go", p.room())
		case p.Doc == "" || !bytes.HasPrefix(text, []byte("// ")) && !bytes.HasPrefix(text, []byte("/*")):
			t.Errorf("%s: doc.go does not begin with the package comment", p.room())
		case len(strings.Fields(string(text))) < 20:
			t.Errorf("%s: doc.go says too little: what the room owns, what it must not know, where to start reading", p.room())
		}
	}
}

// source calls fn with every Go file of the packages; tests tells whether files
// of tests are wanted too.
func source(t *testing.T, tests bool, fn func(p goPackage, name string, text []byte)) {
	t.Helper()
	for _, p := range packages(t) {
		names := slices.Concat(p.GoFiles, p.CgoFiles)
		if tests {
			names = slices.Concat(names, p.TestGoFiles, p.XTestGoFiles)
		} else if p.forTests() {
			continue
		}
		for _, name := range names {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			fn(p, name, text)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	source(t, true, func(p goPackage, name string, text []byte) {
		path := p.room() + "/" + name
		if n := bytes.Count(text, []byte("\n")); n > 400 && long[path] == "" {
			t.Errorf("%s has %d lines: split it, or list it in test/walls with the reason", path, n)
		}
	})
}

var engines = regexp.MustCompile(`(?i)sqlite|postgres|\bs3\b`)

func TestEnginesAreKnownToFewRooms(t *testing.T) {
	t.Parallel()
	source(t, false, func(p goPackage, name string, text []byte) {
		switch {
		case !strings.HasPrefix(p.ImportPath, module+"/internal/"),
			p.room() == "db", strings.HasPrefix(p.room(), "db/"), p.room() == "jobs", p.room() == "storage/s3", p.room() == "app":
			return
		}
		for i, line := range strings.Split(string(text), "\n") {
			if word := engines.FindString(line); word != "" {
				t.Errorf("%s/%s:%d knows about %s", p.room(), name, i+1, word)
			}
		}
	})
}

var environment = regexp.MustCompile(`\bos\.(Getenv|LookupEnv|Environ|ExpandEnv|Args|Exit)\b|\blog\.Fatal`)

func TestOnlyAppAndCmdTouchTheEnvironment(t *testing.T) {
	t.Parallel()
	source(t, false, func(p goPackage, name string, text []byte) {
		if p.room() == "app" || p.room() == "cmd/vitrine" {
			return
		}
		for i, line := range strings.Split(string(text), "\n") {
			if call := environment.FindString(line); call != "" {
				t.Errorf("%s/%s:%d uses %s", p.room(), name, i+1, call)
			}
		}
	})
}

var migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)

func TestMigrationsComeInPairs(t *testing.T) {
	t.Parallel()
	names := func(engine string) []string {
		entries, err := os.ReadDir(filepath.Join(root, "internal/db/migrations", engine))
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, e := range entries {
			if !migrationName.MatchString(e.Name()) {
				t.Errorf("migrations/%s/%s: name it NNNN_name.sql", engine, e.Name())
			}
			text, err := os.ReadFile(filepath.Join(root, "internal/db/migrations", engine, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("+goose Down")) {
				t.Errorf("migrations/%s/%s: migrations go forward only", engine, e.Name())
			}
			list = append(list, e.Name())
		}
		return list
	}
	a, b := names("sqlite"), names("postgres")
	if !slices.Equal(a, b) {
		t.Errorf("not the same migrations:\nsqlite   %v\npostgres %v", a, b)
	}
	numbers := make(map[string]bool)
	for _, name := range a {
		if n := name[:4]; numbers[n] || n == inGo {
			t.Errorf("%s: number %s is taken", name, n)
		} else {
			numbers[n] = true
		}
	}
}

// inGo is the number of the migration that is no file.
const inGo = "0003"
