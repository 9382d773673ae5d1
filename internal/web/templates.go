package web

import (
	"embed"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"vitrine/internal/locale"
)

//go:embed templates
var templateFiles embed.FS

// pages are the parsed templates by language and name.
type pages map[string]map[string]*template.Template

// parsePages parses every page once for every language, each with the layout
// and the partials.
func parsePages(b *locale.Bundle) (pages, error) {
	all := make(pages)
	pageFiles, err := fs.Glob(templateFiles, "templates/pages/*.html")
	if err != nil {
		return nil, err
	}
	for _, lang := range b.Languages() {
		texts := b.For(lang)
		shared := template.New("")
		for _, folder := range []string{"layouts", "partials"} {
			files, err := fs.Glob(templateFiles, path.Join("templates", folder, "*.html"))
			if err != nil {
				return nil, err
			}
			for _, name := range files {
				if err := parseInto(shared, name, texts); err != nil {
					return nil, err
				}
			}
		}
		all[lang] = make(map[string]*template.Template)
		for _, file := range pageFiles {
			name := strings.TrimSuffix(path.Base(file), ".html")
			t, err := shared.Clone()
			if err != nil {
				return nil, err
			}
			if err := parseInto(t, file, texts); err != nil {
				return nil, err
			}
			all[lang][name] = t
		}
	}
	return all, nil
}

// parseInto parses a file of the templates in one language.
func parseInto(t *template.Template, name string, texts *locale.Localizer) error {
	source, err := templateFiles.ReadFile(name)
	if err != nil {
		return err
	}
	translated, err := translate(string(source), texts)
	if err == nil {
		translated, err = drawIcons(translated)
	}
	if err == nil {
		_, err = t.Parse(translated)
	}
	if err != nil {
		return fmt.Errorf("template %s in %s: %w", name, texts.Lang(), err)
	}
	return nil
}

// textCall is a call of t with the key of a text of the catalogues.
var textCall = regexp.MustCompile(`\{\{t "([a-z0-9_.]+)"\}\}`)

// translate puts the texts into a template before it is parsed: looking them up
// at each rendering took longer than all the rest of a page. They are plain text
// and escaped here, for content and attributes in double quotes.
func translate(source string, texts *locale.Localizer) (string, error) {
	ids := texts.IDs()
	var missing error
	translated := textCall.ReplaceAllStringFunc(source, func(call string) string {
		id := textCall.FindStringSubmatch(call)[1]
		if _, ok := slices.BinarySearch(ids, id); !ok {
			missing = fmt.Errorf("no text %q", id)
		}
		return html.EscapeString(texts.T(id))
	})
	return translated, missing
}
