package web

import (
	"embed"
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sync"

	"vitrine/internal/locale"
)

//go:embed templates
var templateFiles embed.FS

// pages are the templates by language and name, each with the layout and the
// partials. A page is parsed when it is first asked for in a language: all of them
// would take half a second of every start, and forty megabytes.
type pages struct {
	locale *locale.Bundle
	mu     sync.RWMutex
	shared map[string]*template.Template // by language: layouts and partials
	ready  map[pageKey]*template.Template
}

type pageKey struct{ lang, name string }

func newPages(b *locale.Bundle) *pages {
	return &pages{locale: b, shared: make(map[string]*template.Template), ready: make(map[pageKey]*template.Template)}
}

// page is the template of a page in a language. It is safe for many goroutines.
func (p *pages) page(lang, name string) (*template.Template, error) {
	key := pageKey{lang, name}
	p.mu.RLock()
	t := p.ready[key]
	p.mu.RUnlock()
	if t != nil {
		return t, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.ready[key]; t != nil {
		return t, nil
	}
	t, err := p.parse(lang, name)
	if err != nil {
		return nil, err
	}
	p.ready[key] = t
	return t, nil
}

// parse makes a page out of the shared templates and its own. It holds the lock.
func (p *pages) parse(lang, name string) (*template.Template, error) {
	texts := p.locale.For(lang)
	if p.shared[lang] == nil {
		shared := template.New("")
		for _, folder := range []string{"layouts", "partials"} {
			files, err := fs.Glob(templateFiles, path.Join("templates", folder, "*.html"))
			if err != nil {
				return nil, err
			}
			for _, file := range files {
				if err := parseInto(shared, file, texts); err != nil {
					return nil, err
				}
			}
		}
		p.shared[lang] = shared
	}
	t, err := p.shared[lang].Clone()
	if err != nil {
		return nil, err
	}
	return t, parseInto(t, "templates/pages/"+name+".html", texts)
}

// execute fills one template of a page.
func (p *pages) execute(w io.Writer, lang, page, name string, data any) error {
	t, err := p.page(lang, page)
	if err == nil {
		err = t.ExecuteTemplate(w, name, data)
	}
	if err != nil {
		return fmt.Errorf("render %s of page %s: %w", name, page, err)
	}
	return nil
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
