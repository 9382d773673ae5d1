package locale_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	uppyImport = regexp.MustCompile(`"@uppy/([a-z-]+)`)
	uppyAsks   = regexp.MustCompile(`[iI]18n(?:\(\))?\('(\w+)'`)
	uppyText   = regexp.MustCompile(`(?sm)^ {8}(\w+): ?(\{.*?^ {8}\}|[^\n]*),$`)
	uppyMark   = regexp.MustCompile(`%\{\w+\}`)
)

// TestUppy: the texts of the parts of Uppy that we use are all there, in every
// language, with Uppy's placeholders, and no others.
func TestUppy(t *testing.T) {
	t.Parallel()
	const packages = "../../frontend/node_modules/@uppy"
	if _, err := os.Stat(packages); err != nil {
		t.Skip("the packages of the front end are not there: make dist fetches them")
	}
	read := func(pattern string) string {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		var all strings.Builder
		for _, f := range files {
			if filepath.Base(f) == "Editor.js" {
				continue // controls of the image editor, in whose place are our own
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
		return all.String()
	}
	asked, texts := map[string]bool{}, map[string]string{}
	for _, m := range uppyImport.FindAllStringSubmatch(read("../../frontend/src/upload/*.ts"), -1) {
		code := read(filepath.Join(packages, m[1], "lib", "*.js"))
		for _, ask := range uppyAsks.FindAllStringSubmatch(code, -1) {
			asked["uppy."+ask[1]] = true
		}
		for _, text := range uppyText.FindAllStringSubmatch(code, -1) {
			texts["uppy."+text[1]] = text[2]
		}
	}
	marks := func(text string) string {
		found := uppyMark.FindAllString(text, -1)
		slices.Sort(found)
		return strings.Join(slices.Compact(found), " ")
	}
	b := bundle(t)
	for _, lang := range b.Languages() {
		var ours []string
		for _, id := range b.For(lang).IDs() {
			if !strings.HasPrefix(id, "uppy.") {
				continue
			}
			ours = append(ours, id)
			if got, want := marks(b.For(lang).Raw(id)), marks(texts[id]); got != want {
				t.Errorf("%s: %s has %q, Uppy %q", lang, id, got, want)
			}
		}
		if want := slices.Sorted(maps.Keys(asked)); !slices.Equal(ours, want) {
			t.Errorf("%s has\n%v, Uppy asks for\n%v", lang, ours, want)
		}
	}
}
