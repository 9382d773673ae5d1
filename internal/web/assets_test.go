package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestAssets: everything that a page names is there, for ever, below the base path.
func TestAssets(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{url: "https://pics.example.org/gallery"})
	p := s.get(t, "/")
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png"}
	p.Find("link[rel=stylesheet], link[rel=icon], link[rel=apple-touch-icon], link[rel=modulepreload], script[src]").Each(func(_ int, e *goquerySelection) {
		address, _ := e.Attr("href")
		if address == "" {
			address, _ = e.Attr("src")
		}
		path, ok := strings.CutPrefix(address, "/gallery")
		if !ok {
			t.Errorf("%s has no base path", address)
		}
		a := s.get(t, path)
		if a.status != 200 || a.header.Get("Content-Type") != types[filepath.Ext(path)] || !strings.Contains(a.header.Get("Cache-Control"), "immutable") || a.header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	})
	icon := strings.TrimPrefix(p.attr("link[rel=icon]", "href"), "/gallery")
	old := s.get(t, "/assets/0000000000000000/"+filepath.Base(icon))
	if old.status != 200 || old.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("under an old digest: %d %v", old.status, old.header)
	}
}

func TestAssetsCompressed(t *testing.T) {
	t.Parallel()
	built(t)
	s := newSite(t, options{})
	p := s.get(t, "/")
	style := p.attr("link[rel=stylesheet]", "href")
	plain := s.get(t, style).body
	for accept, coding := range map[string]string{
		"": "", "gzip, deflate, br, zstd": "br", "gzip;q=1.0, br;q=0.5": "br", "gzip": "gzip", "br;q=0, gzip": "gzip",
		"*": "gzip", "identity": "", "gzip;q=0": "", "deflate": "",
	} {
		a := s.get(t, style, "Accept-Encoding", accept)
		if got := a.header.Get("Content-Encoding"); got != coding || a.header.Get("Vary") != "Accept-Encoding" || a.header.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%q: %q, %v", accept, got, a.header)
		}
		if coding == "gzip" {
			r, err := gzip.NewReader(strings.NewReader(a.body))
			must(t, err)
			text, err := io.ReadAll(r)
			must(t, err)
			if string(text) != plain {
				t.Errorf("%q: not the same text", accept)
			}
		}
	}
}

// chunk is an entry of Vite's manifest.
type chunk struct {
	File    string
	CSS     []string
	Imports []string
}

// built reads the manifest of the front end. Without a build there is nothing
// to test; make test builds it first.
func built(t *testing.T) map[string]chunk {
	t.Helper()
	text, err := os.ReadFile("dist/manifest.json")
	if os.IsNotExist(err) {
		t.Skip("the front end is not built: make dist")
	}
	must(t, err)
	var manifest map[string]chunk
	must(t, json.Unmarshal(text, &manifest))
	return manifest
}

// TestBudgets: what a page loads before it can be used, compressed by gzip.
func TestBudgets(t *testing.T) {
	t.Parallel()
	manifest := built(t)
	for entry, budget := range map[string]int{"base": 10_000, "settings": 20_000, "viewer": 30_000, "list": 45_000, "upload": 130_000} {
		var files, styles []string
		var visit func(key string)
		visit = func(key string) {
			c := manifest[key]
			if c.File == "" {
				t.Fatalf("%s is not in the manifest", key)
			}
			if slices.Contains(files, c.File) {
				return
			}
			files = append(files, c.File)
			styles = append(styles, c.CSS...)
			for _, k := range c.Imports {
				visit(k)
			}
		}
		visit("src/entries/" + entry + ".ts")
		scripts, style := gzipped(t, files), gzipped(t, styles)
		t.Logf("%-8s scripts %6d of %6d bytes in %d files, styles %d bytes", entry, scripts, budget, len(files), style)
		if scripts > budget {
			t.Errorf("%s: %d bytes of scripts, %d are allowed: %v", entry, scripts, budget, files)
		}
		if style > 45_000 {
			t.Errorf("%s: %d bytes of styles, 45000 are allowed: %v", entry, style, styles)
		}
	}
}

// gzipped is the size of files of the front end together.
func gzipped(t *testing.T, files []string) int {
	t.Helper()
	sum := 0
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("dist", f+".gz"))
		must(t, err)
		sum += len(text)
	}
	return sum
}

// otherHosts finds what a browser would load, or a library would ask for. Names
// of namespaces and addresses in comments and messages are not such.
var otherHosts = regexp.MustCompile(`(?:@import|url\(|src=|href=|fetch\(|import\(|importScripts\(|from)\s*["'(]?\s*(?:https?:)?//[a-z0-9]`)

// TestNothingFromOtherHosts: no script or style loads anything from elsewhere.
func TestNothingFromOtherHosts(t *testing.T) {
	t.Parallel()
	built(t)
	files, err := filepath.Glob("dist/assets/*")
	must(t, err)
	for _, f := range files {
		if filepath.Ext(f) != ".js" && filepath.Ext(f) != ".css" {
			continue
		}
		text, err := os.ReadFile(f)
		must(t, err)
		if m := otherHosts.FindIndex(text); m != nil {
			t.Errorf("%s: …%s…", f, text[max(0, m[0]-40):min(len(text), m[1]+60)])
		}
		if i := bytes.Index(text, []byte("unpkg.com")); i >= 0 {
			t.Errorf("%s names a host that serves scripts", f)
		}
	}
}
