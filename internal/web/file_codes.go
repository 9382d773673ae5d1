package web

import (
	"fmt"
	"html"
	"strings"

	"vitrine/internal/vitrine"
)

// embedCodes is the codes of one language to embed a file with.
type embedCodes struct {
	Name  string // HTML, Markdown, BBCode
	Codes []code
}

// codes are the links and embed codes of a file, to be copied.
func (q *visit) codes(f *vitrine.File, p *filePage) (links []code, embeds []embedCodes) {
	t := q.texts
	links = []code{{t.T("codes.page"), p.Layout.Canonical}, {t.T("codes.file"), p.Original}}
	e := embedder{page: p.Layout.Canonical, title: p.Heading}
	htmls, markdowns, bbcodes := embedCodes{Name: "HTML"}, embedCodes{Name: "Markdown"}, embedCodes{Name: "BBCode"}
	picture := func(label, address string) {
		htmls.Codes = append(htmls.Codes, code{label, e.html(address)})
		markdowns.Codes = append(markdowns.Codes, code{label, e.markdown(address)})
		bbcodes.Codes = append(bbcodes.Codes, code{label, e.bbcode(address)})
	}
	if p.Film == nil {
		picture(t.T("codes.full"), p.Original)
	} else {
		htmls.Codes = append(htmls.Codes, code{t.T("codes.film"), e.film(p)})
	}
	for _, k := range []vitrine.VariantKind{vitrine.Frame, vitrine.Medium, vitrine.Thumb} {
		if f.Variant(k).Exists() {
			label, address := t.T(codeLabels[k]), q.Links.Variant(f, k)
			links = append(links, code{label, address})
			picture(label, address)
		}
	}
	return links, []embedCodes{htmls, markdowns, bbcodes}
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
