package walls_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
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
	for i, name := range a {
		if want := strings.Repeat("0", 4-len(itoa(i+1))) + itoa(i+1); !strings.HasPrefix(name, want) {
			t.Errorf("%s: number %s is missing", name, want)
		}
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// localeKeys reads the keys of a catalogue: a flat object of messages, each a
// text or an object of plural forms.
func localeKeys(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]any
	if err := json.Unmarshal(text, &messages); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return slices.Sorted(maps.Keys(messages))
}

func TestCataloguesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "internal/locale/catalogs/*.json"))
	if err != nil || len(files) < 5 {
		t.Fatalf("catalogues: %v %v", files, err)
	}
	english := localeKeys(t, filepath.Join(root, "internal/locale/catalogs/en.json"))
	for _, file := range files {
		keys := localeKeys(t, file)
		for _, k := range english {
			if !slices.Contains(keys, k) {
				t.Errorf("%s has no %q", filepath.Base(file), k)
			}
		}
		for _, k := range keys {
			if !slices.Contains(english, k) {
				t.Errorf("%s has %q, which English has not", filepath.Base(file), k)
			}
		}
	}
}

// messageID finds the ids that code and templates ask the catalogues for.
var messageID = regexp.MustCompile(`(?:\.T|\bT|\.N|\bN)[ (]+"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)"`)

func TestMessagesThatAreAskedForExist(t *testing.T) {
	t.Parallel()
	english := localeKeys(t, filepath.Join(root, "internal/locale/catalogs/en.json"))
	check := func(path string, text []byte) {
		for _, m := range messageID.FindAllSubmatch(text, -1) {
			if !slices.Contains(english, string(m[1])) {
				t.Errorf("%s asks for %q, which no catalogue has", path, m[1])
			}
		}
	}
	source(t, false, func(p goPackage, name string, text []byte) { check(p.room()+"/"+name, text) })
	err := filepath.WalkDir(filepath.Join(root, "internal/web/templates"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		check(path, text)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
