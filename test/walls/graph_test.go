package walls_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "vitrine"

// root is the top of the project, seen from this folder.
const root = "../.."

// goPackage is what "go list -json" says about a package.
type goPackage struct {
	Dir, ImportPath, Name, Doc         string
	GoFiles, CgoFiles                  []string
	TestGoFiles, XTestGoFiles          []string
	Imports, TestImports, XTestImports []string
}

// room is the package's name in the tables: its path below internal/, or below
// the project for what stands outside.
func (p goPackage) room() string { return roomOf(p.ImportPath) }

func roomOf(path string) string {
	rest, ok := strings.CutPrefix(path, module+"/internal/")
	if ok {
		return rest
	}
	return strings.TrimPrefix(path, module+"/")
}

func ours(path string) bool { return strings.HasPrefix(path, module+"/") }

// forTests reports whether the package exists for tests only.
func (p goPackage) forTests() bool {
	return strings.HasSuffix(p.ImportPath, "test") || strings.HasPrefix(p.ImportPath, module+"/test/")
}

var graph = sync.OnceValues(func() ([]goPackage, error) {
	cmd := exec.Command("go", "list", "-json=Dir,ImportPath,Name,Doc,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New(stderr.String())
	}
	var list []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
})

// packages are all packages of the project.
func packages(t *testing.T) []goPackage {
	t.Helper()
	list, err := graph()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.forTests() {
			continue
		}
		allowed, known := mayImport[p.room()]
		switch {
		case p.room() == "cmd/vitrine":
			allowed = []string{"app", "sched", "vitrine"}
		case !known && strings.HasPrefix(p.room(), "db/migrations"), !known && strings.Contains(p.room(), "/internal/"):
			allowed = []string{}
		case !known:
			t.Errorf("%s: no such room in the table of test/walls", p.room())
			continue
		}
		for _, path := range p.Imports {
			if r := roomOf(path); ours(path) && !slices.Contains(allowed, r) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s", p.room(), r)
			}
		}
	}
}

func TestForeignPackagesStayWhereTheyBelong(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.forTests() {
			continue
		}
		for _, path := range p.Imports {
			for foreign, rooms := range only {
				if (path == foreign || strings.HasPrefix(path, foreign+"/")) && !slices.Contains(rooms, p.room()) {
					t.Errorf("%s imports %s, which belongs to %v", p.room(), path, rooms)
				}
			}
			if slices.Contains(noHTTP, p.room()) && (path == "net/http" || strings.HasPrefix(path, "net/http/")) {
				t.Errorf("%s is a deed and imports %s", p.room(), path)
			}
			if slices.Contains(pure, p.room()) && strings.Contains(path, ".") {
				t.Errorf("%s is pure and imports %s", p.room(), path)
			}
		}
		if len(p.CgoFiles) > 0 && p.room() != "vips" {
			t.Errorf("%s uses cgo: %v", p.room(), p.CgoFiles)
		}
	}
}

func TestPackagesForTestsAreImportedByTestsOnly(t *testing.T) {
	t.Parallel()
	byPath := map[string]goPackage{}
	for _, p := range packages(t) {
		byPath[p.ImportPath] = p
	}
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			if q, ok := byPath[path]; ok && q.forTests() && !p.forTests() {
				t.Errorf("%s imports %s, which is for tests", p.room(), q.room())
			}
		}
		if strings.HasPrefix(p.ImportPath, module+"/test/") && p.room() != "test/bench" {
			for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
				if ours(path) && !slices.Contains([]string{"app", "app/apptest", "vitrine"}, roomOf(path)) {
					t.Errorf("%s is black-box and imports %s", p.room(), roomOf(path))
				}
			}
		}
	}
}

// longestChain is the most arrows that may stand in a row.
const longestChain = 6

func TestChainsAreShort(t *testing.T) {
	t.Parallel()
	imports := map[string][]string{}
	for _, p := range packages(t) {
		if p.forTests() {
			continue
		}
		for _, path := range p.Imports {
			if ours(path) {
				imports[p.ImportPath] = append(imports[p.ImportPath], path)
			}
		}
	}
	memo := map[string][]string{}
	var chain func(path string) []string
	chain = func(path string) []string {
		if c, ok := memo[path]; ok {
			return c
		}
		var longest []string
		for _, next := range imports[path] {
			if c := chain(next); len(c) > len(longest) {
				longest = c
			}
		}
		memo[path] = append([]string{roomOf(path)}, longest...)
		return memo[path]
	}
	for path := range imports {
		if c := chain(path); len(c)-1 > longestChain {
			t.Errorf("%d arrows in a row: %s", len(c)-1, strings.Join(c, " → "))
		}
	}
}

func TestPackageNames(t *testing.T) {
	t.Parallel()
	forbidden := []string{"util", "utils", "common", "helper", "helpers", "types", "models", "base", "misc", "shared"}
	for _, p := range packages(t) {
		if slices.Contains(forbidden, filepath.Base(p.ImportPath)) {
			t.Errorf("%s: a package is named after what it holds", p.room())
		}
	}
}
