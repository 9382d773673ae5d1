package web_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

type goquerySelection = goquery.Selection

// wantName fails if assistive technology would not know what an element is.
func wantName(t *testing.T, p page, e *goquery.Selection) {
	t.Helper()
	if _, ok := e.Attr("alt"); ok && goquery.NodeName(e) == "img" {
		return
	}
	if label, _ := e.Attr("aria-label"); strings.TrimSpace(label) != "" {
		return
	}
	if by, ok := e.Attr("aria-labelledby"); ok && strings.TrimSpace(p.Find("#"+by).Text()) != "" {
		return
	}
	if id, ok := e.Attr("id"); ok && strings.TrimSpace(p.Find("label[for="+id+"]").Text()) != "" {
		return
	}
	if strings.TrimSpace(e.Closest("label").Text()) != "" {
		return
	}
	if goquery.NodeName(e) == "button" && strings.TrimSpace(e.Text()) != "" {
		return
	}
	html, _ := goquery.OuterHtml(e)
	t.Errorf("%.80s has no name", html)
}
