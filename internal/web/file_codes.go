package web

import (
	"fmt"
	"html"
	"strings"

	"vitrine/internal/vitrine"
)

// codeGroup is the links to a file, or the codes that show it elsewhere in one
// language. It is shown by the partial "codes" and told to scripts as it is.
type codeGroup struct {
	Key   string      `json:"key"`  // link, html, markdown, bbcode, delete
	Name  string      `json:"name"` // for people
	Codes []embedCode `json:"codes"`
}

// embedCode is one line to be copied. Key tells it from others of its group:
// viewer, direct, frame, medium, thumb; embed, full, medium, thumb; delete.
type embedCode struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Text  string `json:"text"`
}

// codes are the links and embed codes of a file. The delete link is among them
// where it is known; empty: it is not.
func (q *visit) codes(f *vitrine.File, deleteURL string) []codeGroup {
	t := q.texts
	e := embedder{q: q, f: f, viewer: q.Links.Viewer(f), original: q.Links.Original(f), title: f.AltText()}
	groups := []codeGroup{
		{"link", t.T("codes.links"), e.links()},
		{"html", "HTML", e.embeds(e.html, e.htmlLinked)},
		{"markdown", "Markdown", e.embeds(e.markdown, e.markdownLinked)},
		{"bbcode", "BBCode", e.embeds(e.bbcode, e.bbcodeLinked)},
	}
	if deleteURL != "" {
		groups = append(groups, codeGroup{"delete", t.T("codes.delete"), []embedCode{{"delete", t.T("codes.delete"), deleteURL}}})
	}
	return groups
}

// joinCodes puts the codes of many files together, each kind line by line.
func joinCodes(files ...[]codeGroup) []codeGroup {
	var all []codeGroup
	groups := make(map[string]int)
	codes := make(map[string]int)
	for _, file := range files {
		for _, g := range file {
			at, ok := groups[g.Key]
			if !ok {
				at = len(all)
				groups[g.Key] = at
				all = append(all, codeGroup{Key: g.Key, Name: g.Name})
			}
			for _, c := range g.Codes {
				if i, ok := codes[g.Key+" "+c.Key]; ok {
					all[at].Codes[i].Text += "\n" + c.Text
					continue
				}
				codes[g.Key+" "+c.Key] = len(all[at].Codes)
				all[at].Codes = append(all[at].Codes, c)
			}
		}
	}
	return all
}

// embedder writes the codes of one file. Titles are strangers' text: each code
// escapes them for the language that it is in. Addresses need none in Markdown
// and BBCode: package links encodes all but unreserved characters.
type embedder struct {
	q                *visit
	f                *vitrine.File
	viewer, original string
	title            string
}

// codeLabels are the texts beside addresses of variants, and beside codes in
// which they lead to the page.
var codeLabels = map[vitrine.VariantKind]struct{ key, plain, linked string }{
	vitrine.Frame:  {"frame", "codes.frame", "codes.frame_linked"},
	vitrine.Medium: {"medium", "codes.medium", "codes.medium_linked"},
	vitrine.Thumb:  {"thumb", "codes.thumb", "codes.thumb_linked"},
}

func (e embedder) links() []embedCode {
	t := e.q.texts
	list := []embedCode{{"viewer", t.T("codes.viewer"), e.viewer}, {"direct", t.T("codes.direct"), e.original}}
	for _, k := range []vitrine.VariantKind{vitrine.Frame, vitrine.Medium, vitrine.Thumb} {
		if e.f.Variant(k).Exists() {
			label := codeLabels[k]
			list = append(list, embedCode{label.key, t.T(label.plain), e.q.Links.Variant(e.f, k)})
		}
	}
	return list
}

// embeds are the codes of one language: the file itself, and each of its
// pictures as a link to the page. For a film the largest of these is its still.
func (e embedder) embeds(embed func() string, linked func(picture string) string) []embedCode {
	t := e.q.texts
	full, label, first := e.original, "codes.full_linked", "codes.full"
	if e.f.Kind() == vitrine.KindVideo {
		full, label, first = e.poster(), "codes.frame_linked", "codes.film"
	}
	list := []embedCode{{"embed", t.T(first), embed()}, {"full", t.T(label), linked(full)}}
	for _, k := range []vitrine.VariantKind{vitrine.Medium, vitrine.Thumb} {
		if e.f.Variant(k).Exists() {
			label := codeLabels[k]
			list = append(list, embedCode{label.key, t.T(label.linked), linked(e.q.Links.Variant(e.f, k))})
		}
	}
	return list
}

func (e embedder) poster() string { return e.q.poster(e.f).URL }

func (e embedder) html() string {
	if e.f.Kind() == vitrine.KindVideo {
		return fmt.Sprintf(`<video controls preload="none" width="%d" height="%d" poster="%s" src="%s"></video>`,
			e.f.Width, e.f.Height, html.EscapeString(e.poster()), html.EscapeString(e.original))
	}
	return e.htmlPicture(e.original)
}

func (e embedder) htmlPicture(picture string) string {
	return fmt.Sprintf(`<img src="%s" alt="%s">`, html.EscapeString(picture), html.EscapeString(oneLine(e.title)))
}

func (e embedder) htmlLinked(picture string) string {
	return `<a href="` + html.EscapeString(e.viewer) + `">` + e.htmlPicture(picture) + `</a>`
}

// markdownEscaper takes their meaning from the characters that have one within
// the text of a picture: CommonMark 0.31, 2.4 and 6.4, and tables of GitHub.
var markdownEscaper = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`,
	`<`, `\<`, `&`, `\&`, `!`, `\!`, `|`, `\|`, `~`, `\~`, `$`, `\$`,
)

// markdown of a film is its still, leading to the film: the language has none.
func (e embedder) markdown() string {
	if e.f.Kind() == vitrine.KindVideo {
		return "[" + e.markdownPicture(e.poster()) + "](" + e.original + ")"
	}
	return e.markdownPicture(e.original)
}

func (e embedder) markdownPicture(picture string) string {
	return "![" + markdownEscaper.Replace(oneLine(e.title)) + "](" + picture + ")"
}

func (e embedder) markdownLinked(picture string) string {
	return "[" + e.markdownPicture(picture) + "](" + e.viewer + ")"
}

// bbcode holds no title: forums agree on no way to escape one.
func (e embedder) bbcode() string {
	if e.f.Kind() == vitrine.KindVideo {
		return "[video]" + e.original + "[/video]"
	}
	return "[img]" + e.original + "[/img]"
}

func (e embedder) bbcodeLinked(picture string) string {
	return "[url=" + e.viewer + "][img]" + picture + "[/img][/url]"
}

// oneLine is a text without line breaks, other runs of white space and control
// characters: a code is one line to be pasted.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return printable(r)
	}, s)), " ")
}
