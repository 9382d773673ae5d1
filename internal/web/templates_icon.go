package web

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
)

// iconFiles are pictures of lucide, those that templates name: make dist copies
// them from its package.
//
//go:embed icons
var iconFiles embed.FS

// iconCall is a call of icon with the name of a picture and, if need be, classes.
var iconCall = regexp.MustCompile(`\{\{icon "([a-z0-9-]+)"(?: "([^"{}]*)")?\}\}`)

// drawIcons puts the pictures into a template before it is parsed. They say
// nothing by themselves: what they stand for is in words beside them.
func drawIcons(source string) (string, error) {
	var failed error
	drawn := iconCall.ReplaceAllStringFunc(source, func(call string) string {
		match := iconCall.FindStringSubmatch(call)
		svg, err := iconFiles.ReadFile("icons/" + match[1] + ".svg")
		if err != nil {
			failed = fmt.Errorf("no icon %q: make dist fetches those of lucide", match[1])
			return ""
		}
		_, shapes, _ := strings.Cut(string(svg), "<svg")
		_, shapes, _ = strings.Cut(shapes, ">")
		shapes, _, _ = strings.Cut(shapes, "</svg>")
		return `<svg class="` + strings.TrimSpace("icon "+match[2]) + `" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">` +
			strings.ReplaceAll(shapes, "\n", "") + `</svg>`
	})
	return drawn, failed
}
