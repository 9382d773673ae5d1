package packaging_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vitrine/internal/app"
)

// root is the top of the project, seen from this folder.
const root = "../.."

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestConfigurationFileIsUnderstood: as it is installed, and with every line that it
// shows as an example.
func TestConfigurationFileIsUnderstood(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	secret := filepath.Join(folder, "secret")
	if err := os.WriteFile(secret, []byte("postgres://vitrine:secret@db.example.org/vitrine"), 0o600); err != nil {
		t.Fatal(err)
	}
	installed := read(t, "deploy/deb/vitrine.toml")
	all := regexp.MustCompile(`(?m)^#(\[|[a-z0-9_]+ = )`).ReplaceAllString(installed, "$1")
	all = regexp.MustCompile(`(?m)^(\w+_file) = ".*"`).ReplaceAllString(all, `$1 = "`+secret+`"`)
	for name, text := range map[string]string{"as installed": installed, "with all examples": all} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := app.Load(app.Sources{File: path})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if c.Data != "/var/lib/vitrine" {
			t.Errorf("%s: data is in %q, and the service may write to /var/lib/vitrine only", name, c.Data)
		}
	}
	if strings.Count(all, "\n#") > strings.Count(installed, "\n#")-10 {
		t.Error("the examples were not found")
	}
}

var variable = regexp.MustCompile(`\bVITRINE_[A-Z0-9_]*[A-Z0-9]\b`)

// TestVariablesAreKnown: no file names a variable that the program would refuse.
func TestVariablesAreKnown(t *testing.T) {
	t.Parallel()
	seen := 0
	err := fs.WalkDir(os.DirFS(root), "deploy", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, name := range variable.FindAllString(read(t, path), -1) {
			seen++
			if _, err := app.Load(app.Sources{Environ: []string{name + "="}}); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Errorf("only %d variables were found", seen)
	}
}

// TestContainerfileCopiesWhatIsThere: and nothing that .dockerignore keeps out.
func TestContainerfileCopiesWhatIsThere(t *testing.T) {
	t.Parallel()
	allowed := make(map[string]bool)
	for line := range strings.Lines(read(t, ".dockerignore")) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "!"); ok {
			allowed[name] = true
		}
	}
	text := read(t, "deploy/container/Containerfile")
	if m := regexp.MustCompile(`FROM golang:(\d+\.\d+)`).FindStringSubmatch(text); m == nil || !strings.Contains(read(t, "go.mod"), "\ngo "+m[1]+".") {
		t.Errorf("the compiler is not that of go.mod: %v", m)
	}
	for _, m := range regexp.MustCompile(`(?m)^COPY ([^-].*) \S+$`).FindAllStringSubmatch(text, -1) {
		for name := range strings.FieldsSeq(m[1]) {
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Error(err)
			}
			if first, _, _ := strings.Cut(name, "/"); !allowed[first] {
				t.Errorf(".dockerignore keeps %s out", name)
			}
		}
	}
}
