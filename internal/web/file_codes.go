package web

import (
	"fmt"
	"html"
	"strings"

	"vitrine/internal/vitrine"
)

// codes are the links and embed codes of a file, to be copied.
func (q *visit) codes(f *vitrine.File, p *filePage) []code {
	t := q.texts
	list := []code{{t.T("codes.page"), p.Layout.Canonical}, {t.T("codes.file"), p.Original}}
	e := embedder{page: p.Layout.Canonical, title: p.Heading}
	var pictures []code // label and address of what can be embedded as a picture
	if p.Film == nil {
		pictures = append(pictures, code{t.T("codes.full"), p.Original})
	} else {
		list = append(list, code{"HTML · " + t.T("codes.film"), e.film(p)})
	}
	for _, k := range []vitrine.VariantKind{vitrine.Frame, vitrine.Medium, vitrine.Thumb} {
		if f.Variant(k).Exists() {
			c := code{t.T(codeLabels[k]), q.Links.Variant(f, k)}
			pictures, list = append(pictures, c), append(list, c)
		}
	}
	for _, c := range pictures {
		list = append(list, code{"HTML · " + c.Label, e.html(c.Text)})
	}
	for _, c := range pictures {
		list = append(list, code{"Markdown · " + c.Label, e.markdown(c.Text)})
	}
	for _, c := range pictures {
		list = append(list, code{"BBCode · " + c.Label, e.bbcode(c.Text)})
	}
	return list
}

var codeLabels = map[vitrine.VariantKind]string{
	vitrine.Frame: "codes.frame", vitrine.Medium: "codes.medium", vitrine.Thumb: "codes.thumb",
}

// embedder writes codes that show a picture and lead to the page of its file.
// Titles are strangers' text: each code escapes them for the language it is in.
type embedder struct{ page, title string }

func (e embedder) html(picture string) string {
	return fmt.Sprintf(`<a href="%s"><img src="%s" alt="%s"></a>`,
		html.EscapeString(e.page), html.EscapeString(picture), html.EscapeString(e.title))
}

func (e embedder) film(p *filePage) string {
	return fmt.Sprintf(`<video controls preload="none" width="%d" height="%d" poster="%s" src="%s"></video>`,
		p.Film.Width, p.Film.Height, html.EscapeString(p.Preview.URL), html.EscapeString(p.Film.URL))
}

var markdownEscaper = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `<`, `\<`, "\n", " ", "\r", " ")

func (e embedder) markdown(picture string) string {
	return "[![" + markdownEscaper.Replace(e.title) + "](" + picture + ")](" + e.page + ")"
}

func (e embedder) bbcode(picture string) string {
	return "[url=" + e.page + "][img]" + picture + "[/img][/url]"
}
