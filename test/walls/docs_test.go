package walls_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vitrine/internal/vitrine"
)

func readDoc(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestOperationsKnowsEverySwitch: settings with their defaults, environment
// variables and commands.
func TestOperationsKnowsEverySwitch(t *testing.T) {
	t.Parallel()
	page := readDoc(t, "docs/OPERATIONS.md")
	defaults := vitrine.DefaultSettings()
	for _, s := range vitrine.AllSettings() {
		value, err := defaults.Value(s.Key)
		if err != nil {
			t.Fatal(err)
		}
		cell := "`" + value + "`"
		if value == "" {
			cell = "empty"
		}
		if !strings.Contains(page, "| `"+s.Key+"` | "+cell+" | ") {
			t.Errorf("docs/OPERATIONS.md has no row for the setting %s with its default %s", s.Key, cell)
		}
	}
	keys := readDoc(t, "internal/app/config_keys.go")
	for _, m := range regexp.MustCompile(`\{name: "(\w+)"`).FindAllStringSubmatch(keys, -1) {
		if name := "`VITRINE_" + strings.ToUpper(m[1]) + "`"; !strings.Contains(page, name) {
			t.Errorf("docs/OPERATIONS.md has no row for %s", name)
		}
	}
}

// TestHouseKnowsEveryRoom: the page has a row for every room that exists.
func TestHouseKnowsEveryRoom(t *testing.T) {
	t.Parallel()
	page := readDoc(t, "docs/ARCHITECTURE.md")
	for _, p := range packages(t) {
		r := p.room()
		if strings.HasPrefix(p.ImportPath, module+"/internal/") && !strings.Contains(r, "/") && !strings.Contains(page, "| `"+r+"` |") {
			t.Errorf("docs/ARCHITECTURE.md has no row for %s", r)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)

// TestLinksBetweenPagesLead: no page points at a file that is not there.
func TestLinksBetweenPagesLead(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	records, err := filepath.Glob(filepath.Join(root, "docs", "adr", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	pages = append(append(pages, records...), filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md"))
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s points at %s, which is not there", filepath.Base(path), m[1])
			}
		}
	}
}
