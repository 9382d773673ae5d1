package web_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vitrine/internal/vitrine"
)

// codesOn are the codes of a page, by group and label.
func codesOn(p page) map[string]string {
	codes := make(map[string]string)
	p.Find("fieldset.codes").Each(func(_ int, g *goquery.Selection) {
		group := strings.TrimSpace(g.Find("legend").Text())
		g.Find("input[readonly]").Each(func(_ int, e *goquery.Selection) {
			value, _ := e.Attr("value")
			codes[group+": "+strings.TrimSpace(e.Closest("label").Text())] = value
		})
	})
	return codes
}

// TestCodes: each code escapes a stranger's title for the language it is in.
func TestCodes(t *testing.T) {
	t.Parallel()
	const raw = "https://cdn.example.net/images/2026/11/21/"
	s := newSite(t, options{media: "https://cdn.example.net"})
	s.add(t, func(f *vitrine.File) {
		f.Title = "<b>\"x\"</b> [y](z) `c` *d* _e_ & \\ |\r\n\r\n![i] 名\u0000前"
	})
	s.add(t, film)
	s.add(t, func(f *vitrine.File) {
		f.Slug, f.Name, f.Title, f.Medium = "small", "sm[all](x) y", "Small", vitrine.Variant{}
	})
	s.add(t, func(f *vitrine.File) {
		f.Slug, f.Name, f.Title, f.Alt = "alt", "alt", "[url=x]T[/url]", "A cat on a wall"
	})
	for _, c := range []struct {
		name, path string
		want       map[string]string // "" where there must be none
	}{
		{"hostile title", "/image/aB3dE7x", map[string]string{
			"Links: Page of the file":       "{viewer}",
			"Links: Direct link":            raw + "photo.jpg",
			"Links: Still":                  "",
			"Links: Medium size":            raw + "photo.md.jpg",
			"Links: Thumbnail":              raw + "photo.th.jpg",
			"HTML: Full size":               `<img src="` + raw + `photo.jpg" alt="{html}">`,
			"HTML: Full size, linked":       `<a href="{viewer}"><img src="` + raw + `photo.jpg" alt="{html}"></a>`,
			"HTML: Medium size, linked":     `<a href="{viewer}"><img src="` + raw + `photo.md.jpg" alt="{html}"></a>`,
			"HTML: Thumbnail, linked":       `<a href="{viewer}"><img src="` + raw + `photo.th.jpg" alt="{html}"></a>`,
			"Markdown: Full size":           `![{markdown}](` + raw + `photo.jpg)`,
			"Markdown: Full size, linked":   `[![{markdown}](` + raw + `photo.jpg)]({viewer})`,
			"Markdown: Medium size, linked": `[![{markdown}](` + raw + `photo.md.jpg)]({viewer})`,
			"Markdown: Thumbnail, linked":   `[![{markdown}](` + raw + `photo.th.jpg)]({viewer})`,
			"BBCode: Full size":             `[img]` + raw + `photo.jpg[/img]`,
			"BBCode: Full size, linked":     `[url={viewer}][img]` + raw + `photo.jpg[/img][/url]`,
			"BBCode: Medium size, linked":   `[url={viewer}][img]` + raw + `photo.md.jpg[/img][/url]`,
			"BBCode: Thumbnail, linked":     `[url={viewer}][img]` + raw + `photo.th.jpg[/img][/url]`,
			"Delete link: Delete link":      "",
			"HTML: Medium size":             "",
		}},
		{"film", "/clip/ZfGd", map[string]string{
			"Links: Still":            raw + "badgers.fr.jpeg",
			"Links: Medium size":      "",
			"HTML: Player":            `<video controls preload="none" width="496" height="360" poster="` + raw + `badgers.fr.jpeg" src="` + raw + `badgers.mp4"></video>`,
			"HTML: Still, linked":     `<a href="{viewer}"><img src="` + raw + `badgers.fr.jpeg" alt="Badgers animated music video MrWeebl"></a>`,
			"Markdown: Player":        `[![Badgers animated music video MrWeebl](` + raw + `badgers.fr.jpeg)](` + raw + `badgers.mp4)`,
			"BBCode: Player":          `[video]` + raw + `badgers.mp4[/video]`,
			"BBCode: Still, linked":   `[url={viewer}][img]` + raw + `badgers.fr.jpeg[/img][/url]`,
			"HTML: Thumbnail, linked": `<a href="{viewer}"><img src="` + raw + `badgers.th.jpeg" alt="Badgers animated music video MrWeebl"></a>`,
		}},
		{"what the picture shows", "/image/alt", map[string]string{
			"HTML: Full size":           `<img src="` + raw + `alt.jpg" alt="A cat on a wall">`,
			"BBCode: Full size, linked": `[url={viewer}][img]` + raw + `alt.jpg[/img][/url]`,
		}},
		{"hostile name, no medium", "/image/small", map[string]string{
			"Links: Direct link":            raw + "sm%5Ball%5D%28x%29%20y.jpg",
			"Markdown: Full size":           "![Small](" + raw + "sm%5Ball%5D%28x%29%20y.jpg)",
			"Markdown: Medium size, linked": "",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := s.get(t, c.path)
			fill := strings.NewReplacer(
				"{viewer}", p.attr("link[rel=canonical]", "href"),
				"{html}", `&lt;b&gt;&#34;x&#34;&lt;/b&gt; [y](z) `+"`c`"+` *d* _e_ &amp; \ | ![i] 名前`,
				"{markdown}", `\<b>"x"\</b> \[y\](z) \`+"`c\\`"+` \*d\* \_e\_ \& \\ \| \!\[i\] 名前`,
			)
			codes := codesOn(p)
			for label, want := range c.want {
				if got := codes[label]; got != fill.Replace(want) {
					t.Errorf("%s is %s\nwant %s", label, got, fill.Replace(want))
				}
			}
		})
	}
}
