package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"slices"
	"strings"

	"vitrine/internal/links"
	"vitrine/internal/locale"
)

// uppyTexts begins the keys of Uppy's own texts, which follow with Uppy's names.
const uppyTexts = "uppy."

// entryNames are the entries of frontend/src/entries. A page names one in its
// layout; every entry begins with base.
var entryNames = []string{"base", "list", "viewer", "upload", "settings"}

// heads are what pages need in <head> for their styles and scripts, by language
// and entry: made once, since only the nonce changes.
type heads map[string]map[string]template.HTML

// chunk is a file of the front end as Vite's manifest has it.
type chunk struct {
	File    string   `json:"file"`
	CSS     []string `json:"css"`
	Imports []string `json:"imports"` // keys of the manifest
}

// bundle is Vite's manifest: chunks by their source. Without a build it is empty.
type bundle map[string]chunk

func readBundle() (bundle, error) {
	content, err := assetFiles.ReadFile("dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var b bundle
	if err := json.Unmarshal(content, &b); err != nil {
		return nil, fmt.Errorf("dist/manifest.json: %w", err)
	}
	return b, nil
}

// loads are the files of an entry: styles, and scripts, of which the last is the
// entry itself and the others what it imports from the start.
func (b bundle) loads(entry string) (styles, scripts []string) {
	var visit func(key string)
	seen := make(map[string]bool)
	visit = func(key string) {
		c, ok := b[key]
		if !ok || seen[key] {
			return
		}
		seen[key] = true
		for _, imported := range c.Imports {
			visit(imported)
		}
		for _, style := range c.CSS {
			if !slices.Contains(styles, style) {
				styles = append(styles, style)
			}
		}
		scripts = append(scripts, c.File)
	}
	visit("src/entries/" + entry + ".ts")
	return styles, scripts
}

// newHeads writes the heads; nonce is what stands in the place of the nonce.
func newHeads(b bundle, l *links.Builder, texts *locale.Bundle, nonce string) (heads, error) {
	all := make(heads)
	for _, lang := range texts.Languages() {
		all[lang] = make(map[string]template.HTML)
		for _, entry := range entryNames {
			forScripts, err := entryTexts(texts.For(lang), entry)
			if err != nil {
				return nil, err
			}
			all[lang][entry] = newHead(b, l, entry, nonce, forScripts)
		}
	}
	return all, nil
}

func newHead(b bundle, l *links.Builder, entry, nonce string, texts []byte) template.HTML {
	styles, scripts := b.loads(entry)
	if len(scripts) == 0 {
		return "" // nothing was built
	}
	var out strings.Builder
	for _, s := range styles {
		fmt.Fprintf(&out, "\n<link rel=\"stylesheet\" href=\"%s\">", html.EscapeString(l.Path("/"+s)))
	}
	// Bundled scripts that load more of themselves read the nonce here.
	fmt.Fprintf(&out, "\n<meta property=\"csp-nonce\" nonce=\"%s\">", nonce)
	own := len(scripts) - 1
	for _, s := range scripts[:own] {
		fmt.Fprintf(&out, "\n<link rel=\"modulepreload\" href=\"%s\" nonce=\"%s\">", html.EscapeString(l.Path("/"+s)), nonce)
	}
	fmt.Fprintf(&out, "\n<script type=\"module\" src=\"%s\" nonce=\"%s\"></script>", html.EscapeString(l.Path("/"+scripts[own])), nonce)
	fmt.Fprintf(&out, "\n<script type=\"application/json\" id=\"texts\">%s</script>", texts)
	return template.HTML(out.String()) // ours: paths, and JSON that holds no bracket
}

// entryTexts are the texts that the scripts of an entry show: those whose keys
// begin with "js.base." or with "js.<entry>.", and for uploads those that Uppy
// shows. The characters <, > and & are escaped in it.
func entryTexts(texts *locale.Localizer, entry string) ([]byte, error) {
	chosen := make(map[string]any)
	for _, id := range texts.IDs() {
		if !strings.HasPrefix(id, "js.base.") && !strings.HasPrefix(id, "js."+entry+".") && !(entry == "upload" && strings.HasPrefix(id, uppyTexts)) {
			continue
		}
		forms := texts.Forms(id)
		if other, ok := forms["other"]; ok && len(forms) == 1 && !strings.Contains(other, "PluralCount") {
			chosen[id] = other
		} else {
			chosen[id] = forms
		}
	}
	return json.Marshal(chosen)
}
