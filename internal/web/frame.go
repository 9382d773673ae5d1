package web

import (
	"bytes"
	"fmt"
	"html/template"

	"vitrine/internal/vitrine"
)

// frame is what stands above and below every page. It changes with the settings
// only, and is rendered when they do: it was a third of the work of a page.
type frame struct{ Top, Bottom template.HTML }

// frames are those of all languages under one snapshot of the settings.
type frames struct {
	settings  *vitrine.Settings
	home, api string            // paths
	usual     map[string]*frame // by language
	afterForm map[string]*frame // without the choice of a language
}

// frameData is what the templates "top" and "bottom" are given.
type frameData struct {
	Site, Home, API string
	Languages       []languageLink
}

// languageLink is a language that the visitor may choose.
type languageLink struct {
	Tag, Name string
	Current   bool
}

// frames are those for the settings in force. Two visits may both make them
// after a change, which does no harm.
func (q *visit) frames() *frames {
	if f := q.door.framed.Load(); f != nil && f.settings == q.settings {
		return f
	}
	f := &frames{
		settings: q.settings, home: q.Links.Path("/"), api: q.Links.Path("/api-v1"),
		usual: make(map[string]*frame), afterForm: make(map[string]*frame),
	}
	for lang := range q.pages {
		data := frameData{Site: q.settings.SiteName, Home: f.home, API: f.api}
		f.afterForm[lang] = q.renderFrame(lang, data)
		if len(q.settings.Languages) > 1 {
			for _, tag := range q.settings.Languages {
				data.Languages = append(data.Languages, languageLink{tag, q.Locale.For(tag).T("language.name"), tag == lang})
			}
		}
		f.usual[lang] = q.renderFrame(lang, data)
	}
	q.door.framed.Store(f)
	return f
}

// renderFrame makes one frame. The templates are tested with every page; should
// one fail all the same, the page goes without.
func (q *visit) renderFrame(lang string, data frameData) *frame {
	part := func(name string) template.HTML {
		var buf bytes.Buffer
		if err := q.pages[lang]["home"].ExecuteTemplate(&buf, name, data); err != nil {
			q.Logger.ErrorContext(q.r.Context(), "page failed", "err", fmt.Errorf("render %s: %w", name, err))
			return ""
		}
		return template.HTML(buf.String()) // our own template's output, escaped there
	}
	return &frame{part("top"), part("bottom")}
}
