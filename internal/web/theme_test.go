package web_test

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// offered are the themes of the choice at the foot of pages, without that of the system.
func offered(t *testing.T) (names []string, p page) {
	t.Helper()
	p = newSite(t, options{}).get(t, "/api-v1")
	p.Find("form.themes button").Each(func(_ int, e *goquery.Selection) {
		if name, _ := e.Attr("value"); name != "system" {
			names = append(names, name)
		}
	})
	return names, p
}

// TestThemesCanBeRead: text stands out from its ground by 4.5 to 1 (WCAG 2.2,
// 1.4.3) and the edges of controls by 3 to 1 (1.4.11), in every theme.
func TestThemesCanBeRead(t *testing.T) {
	t.Parallel()
	built(t)
	css := styles(t)
	names, _ := offered(t)
	if len(names) < 12 {
		t.Errorf("only %d themes", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			colours := palette(css, name)
			want := func(text, ground string, least float64) {
				t.Helper()
				got := contrast(colours.of(t, text), colours.of(t, ground))
				if got < least {
					t.Errorf("%s on %s: %.2f to 1, at least %.1f is wanted", text, ground, got, least)
				}
			}
			for _, ground := range []string{"--color-base-100", "--color-base-200"} {
				for _, text := range []string{"--color-base-content", "--muted", "--link", "--color-primary", "--color-info", "--color-success", "--color-warning", "--color-error"} {
					want(text, ground, 4.5)
				}
			}
			want("--color-base-content", "--color-base-300", 4.5)
			want("--edge", "--color-base-100", 3)
			for _, ground := range []string{"primary", "secondary", "accent", "neutral", "info", "success", "warning", "error"} {
				want("--color-"+ground+"-content", "--color-"+ground, 4.5)
			}
		})
	}
}

// TestThemesKnowTheirGround: the browser's bars have the colour of the page.
func TestThemesKnowTheirGround(t *testing.T) {
	t.Parallel()
	built(t)
	css := styles(t)
	s := newSite(t, options{})
	names, usual := offered(t)
	for _, name := range names {
		want := palette(css, name).of(t, "--color-base-100").String()
		if got := s.get(t, "/api-v1", "Cookie", "theme="+name).attr("meta[name=theme-color]", "content"); got != want {
			t.Errorf("%s: theme-color %s, the page is %s", name, got, want)
		}
		if name == "light" || name == "dark" {
			if got := usual.attr("meta[name=theme-color][media*="+name+"]", "content"); got != want {
				t.Errorf("system, %s: theme-color %s, the page is %s", name, got, want)
			}
		}
	}
}

func TestThemeChoice(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{url: "https://pics.example.org/gallery"})
	for _, c := range []struct{ name, path, referer, location, cookie string }{
		{"one", "/api-v1?theme=dim", "", "/gallery/api-v1", "theme=dim"},
		{"with the query of the page", "/search?theme=nord", "https://pics.example.org/gallery/search?q=a%26b&theme=x", "/gallery/search?q=a%26b", "theme=nord"},
		{"with its own query", "/search?q=1&theme=dark", "", "/gallery/search?q=1", "theme=dark"},
		{"from another host", "/search?theme=nord", "https://evil.example/gallery/search?q=1", "/gallery/search", "theme=nord"},
		{"from another page", "/search?theme=nord", "https://pics.example.org/gallery/other?q=1", "/gallery/search", "theme=nord"},
		{"back to the system's", "/api-v1?theme=system", "", "/gallery/api-v1", "theme=system; Path=/gallery/; Max-Age=0"},
		{"unknown", "/api-v1?theme=..%2fx", "", "", ""},
		{"another parameter", "/api-v1?mytheme=dim", "", "", ""},
		{"other host in the path", "//evil.example/?theme=dim", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := s.get(t, c.path, "Referer", c.referer)
			if got := p.header.Get("Location"); got != c.location || (got != "") != (p.status == http.StatusSeeOther) {
				t.Errorf("status %d, Location %q", p.status, got)
			}
			if got := p.header.Get("Set-Cookie"); !strings.HasPrefix(got, c.cookie) || (got == "") != (c.cookie == "") {
				t.Errorf("Set-Cookie %q", got)
			}
		})
	}
	for cookie, want := range map[string]string{"dim": "dim", "system": "", "<script>": "", "": ""} {
		p := s.get(t, "/api-v1", "Cookie", "theme="+cookie)
		if got := p.attr("html", "data-theme"); got != want {
			t.Errorf("cookie %q: theme %q", cookie, got)
		}
		if got := p.attr("form.themes [aria-pressed=true]", "value"); got != want && (want != "" || got != "system") {
			t.Errorf("cookie %q: %q is pressed", cookie, got)
		}
	}
}

func styles(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("dist/assets/base-*.css")
	if err != nil || len(files) != 1 {
		t.Fatalf("%d styles, %v", len(files), err)
	}
	text, err := os.ReadFile(files[0])
	must(t, err)
	return string(text)
}

// properties are the custom properties of a theme.
type properties map[string]string

var (
	rule        = regexp.MustCompile(`([^{}]*)\{([^{}]*)\}`)
	declaration = regexp.MustCompile(`(--[a-z0-9-]+):([^;]+)`)
)

// palette reads what the styles set for a theme: later rules win.
func palette(css, name string) properties {
	found := make(properties)
	for _, r := range rule.FindAllStringSubmatch(css, -1) {
		selectors := strings.FieldsFunc(r[1], func(c rune) bool { return c == ',' || c == ')' || c == '(' })
		if !slices.Contains(selectors, "[data-theme="+name+"]") && (!slices.Contains(selectors, "[data-theme]") || strings.Contains(r[1], ":not")) {
			continue
		}
		for _, d := range declaration.FindAllStringSubmatch(r[2], -1) {
			found[d[1]] = d[2]
		}
	}
	return found
}

// rgb is a colour in linear sRGB, each part from 0 to 1.
type rgb [3]float64

// lab is a colour in OKLab (Björn Ottosson, https://bottosson.github.io/posts/oklab/).
type lab [3]float64

var (
	oklch = regexp.MustCompile(`^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$`)
	hex   = regexp.MustCompile(`^#([0-9a-f]{3}|[0-9a-f]{6})$`)
	mix   = regexp.MustCompile(`^color-mix\(in oklab, ?(.+?) ([\d.]+)%, ?(.+)\)$`)
)

func (p properties) of(t *testing.T, name string) rgb { return p.lab(t, "var("+name+")").rgb() }

func (p properties) lab(t *testing.T, value string) lab {
	t.Helper()
	number := func(s string) float64 {
		f, err := strconv.ParseFloat(s, 64)
		must(t, err)
		return f
	}
	value = strings.TrimSpace(value)
	if name, ok := strings.CutPrefix(value, "var("); ok {
		return p.lab(t, p[strings.TrimSuffix(name, ")")])
	}
	if m := oklch.FindStringSubmatch(value); m != nil {
		l, c, h := number(m[1])/100, number(m[2]), number(m[3])*math.Pi/180
		return lab{l, c * math.Cos(h), c * math.Sin(h)}
	}
	if m := mix.FindStringSubmatch(value); m != nil {
		a, b, share := p.lab(t, m[1]), p.lab(t, m[3]), number(m[2])/100
		return lab{a[0]*share + b[0]*(1-share), a[1]*share + b[1]*(1-share), a[2]*share + b[2]*(1-share)}
	}
	if m := hex.FindStringSubmatch(value); m != nil {
		digits := m[1]
		if len(digits) == 3 {
			digits = fmt.Sprintf("%c%c%c%c%c%c", digits[0], digits[0], digits[1], digits[1], digits[2], digits[2])
		}
		n, err := strconv.ParseUint(digits, 16, 32)
		must(t, err)
		return rgb{linear(n >> 16), linear(n >> 8 & 255), linear(n & 255)}.lab()
	}
	t.Fatalf("no colour: %q", value)
	return lab{}
}

func linear(part uint64) float64 {
	v := float64(part) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func (c rgb) lab() lab {
	l := math.Cbrt(0.4122214708*c[0] + 0.5363325363*c[1] + 0.0514459929*c[2])
	m := math.Cbrt(0.2119034982*c[0] + 0.6806995451*c[1] + 0.1073969566*c[2])
	s := math.Cbrt(0.0883024619*c[0] + 0.2817188376*c[1] + 0.6299787005*c[2])
	return lab{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

func (c lab) rgb() rgb {
	l := math.Pow(c[0]+0.3963377774*c[1]+0.2158037573*c[2], 3)
	m := math.Pow(c[0]-0.1055613458*c[1]-0.0638541728*c[2], 3)
	s := math.Pow(c[0]-0.0894841775*c[1]-1.2914855480*c[2], 3)
	clip := func(v float64) float64 { return min(max(v, 0), 1) }
	return rgb{
		clip(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		clip(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		clip(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
}

// String is the colour as #rrggbb.
func (c rgb) String() string {
	out := "#"
	for _, v := range c {
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		out += fmt.Sprintf("%02x", int(math.Round(v*255)))
	}
	return out
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	light := func(c rgb) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
