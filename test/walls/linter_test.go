package walls_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestLinterHasTheSameWalls compares the table with the rules of the linter.
func TestLinterHasTheSameWalls(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct {
						Files, Allow []string
						Deny         []struct{ Pkg string }
					}
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	rules := config.Linters.Settings.Depguard.Rules
	for room, allowed := range mayImport {
		if slices.Contains(allowed, "*") {
			continue
		}
		rule, ok := rules[strings.ReplaceAll(room, "/", "-")]
		if !ok || len(rule.Deny) != 1 || rule.Deny[0].Pkg != module || !slices.Contains(rule.Files, "**/internal/"+room+"/*.go") {
			t.Errorf(".golangci.yml has no rule for %s", room)
			continue
		}
		var want []string
		for _, a := range allowed {
			want = append(want, module+"/internal/"+a+"$")
		}
		if !slices.Equal(rule.Allow, want) {
			t.Errorf(".golangci.yml lets %s import %v, the table %v", room, rule.Allow, want)
		}
	}
	for foreign := range only {
		if !strings.Contains(foreign, ".") {
			continue // of the standard library: only here
		}
		found := false
		for name, rule := range rules {
			found = found || strings.HasPrefix(name, "only-") && len(rule.Deny) == 1 && rule.Deny[0].Pkg == foreign
		}
		if !found {
			t.Errorf(".golangci.yml has no rule that keeps %s in its room", foreign)
		}
	}
}
