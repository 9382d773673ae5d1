package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestIconsAreUsed: each picture that is embedded is named by a template. That
// none is missing is seen when templates are parsed.
func TestIconsAreUsed(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	templates, err := filepath.Glob("templates/*/*.html")
	must(t, err)
	for _, name := range templates {
		text, err := os.ReadFile(name)
		must(t, err)
		all.Write(text)
	}
	icons, err := filepath.Glob("icons/*.svg")
	must(t, err)
	for _, path := range icons {
		name := strings.TrimSuffix(filepath.Base(path), ".svg")
		if !strings.Contains(all.String(), `{{icon "`+name+`"`) {
			t.Errorf("%s is not used: make dist takes it away", path)
		}
	}
}
