package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"vitrine/internal/vitrine"
)

// assetFiles are icons, which are there without any build, and what Vite made of
// frontend/ (make dist), which is missing until then.
//
//go:embed assets all:dist
var assetFiles embed.FS

// assetTypes are the content types of the files that pages load.
var assetTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".md":    "text/markdown; charset=utf-8",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

// assets are the files that pages load, by their path below /assets/. Paths
// carry a digest of what is behind them, so that a browser keeps it for ever and
// yet never has an old one.
type assets struct {
	hash  string // of the icons together
	files map[string]*asset
}

// asset is one file, as it is and, if Vite made it, compressed beforehand.
type asset struct {
	plain, gzip, brotli []byte
	named               bool // found by its name: the path need not hold a digest
}

func readAssets() (assets, error) {
	a := assets{files: make(map[string]*asset)}
	icons, err := fs.ReadDir(assetFiles, "assets")
	if err != nil {
		return a, err
	}
	sum := sha256.New()
	for _, f := range icons {
		content, err := assetFiles.ReadFile(path.Join("assets", f.Name()))
		if err != nil {
			return a, err
		}
		a.files[f.Name()] = &asset{plain: content, named: true}
		_, _ = sum.Write(content) // a hash never fails
	}
	a.hash = hex.EncodeToString(sum.Sum(nil)[:8])
	built, err := fs.Glob(assetFiles, "dist/assets/*")
	if err != nil {
		return a, err
	}
	for _, name := range built {
		if err := a.addBuilt(name); err != nil {
			return a, err
		}
	}
	return a, nil
}

// addBuilt takes in a file of the front end, or one of its compressed forms.
func (a *assets) addBuilt(name string) error {
	content, err := assetFiles.ReadFile(name)
	if err != nil {
		return err
	}
	base := path.Base(name)
	coding := path.Ext(base)
	if coding == ".gz" || coding == ".br" {
		base = strings.TrimSuffix(base, coding)
	}
	if assetTypes[path.Ext(base)] == "" {
		return fmt.Errorf("%s: no content type for such files", name)
	}
	f := a.files[base]
	if f == nil {
		f = &asset{named: base == "licenses.md"}
		a.files[base] = f
	}
	switch coding {
	case ".gz":
		f.gzip = content
	case ".br":
		f.brotli = content
	default:
		f.plain = content
	}
	return nil
}

// iconPath is the path of an icon of the folder assets, without the base path.
func (a *assets) iconPath(name string) string { return "/assets/" + a.hash + "/" + name }

// asset serves one of the files. Icons are there without a digest too, for the
// web app manifest. Under an old digest, which a page from before an update may
// ask for, the present one is better than none.
func (q *visit) asset() error {
	name := strings.TrimPrefix(q.r.URL.Path, "/assets/")
	hash, icon, underDigest := strings.Cut(name, "/")
	if underDigest {
		name = icon
	}
	f, ok := q.assets.files[name]
	if !ok || underDigest && !f.named {
		return vitrine.NotFound("page")
	}
	h := q.w.Header()
	switch {
	case !f.named, hash == q.assets.hash:
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	case underDigest:
		h.Set("Cache-Control", "no-cache")
	default:
		h.Set("Cache-Control", "public, max-age=86400")
	}
	content := f.plain
	if f.gzip != nil {
		h.Add("Vary", "Accept-Encoding")
		chosen, coding := f.chosen(q.r.Header.Get("Accept-Encoding"))
		if content = chosen; coding != "" {
			h.Set("Content-Encoding", coding)
		}
	}
	h.Set("Content-Type", assetTypes[path.Ext(name)])
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("X-Content-Type-Options", "nosniff")
	if path.Ext(name) == ".svg" {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	}
	if q.r.Method != http.MethodHead {
		_, _ = q.w.Write(content)
	}
	return nil
}

// chosen is the smallest form that the header Accept-Encoding allows.
func (f *asset) chosen(accept string) (content []byte, coding string) {
	var br, gz bool
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		parameters = strings.ReplaceAll(parameters, " ", "")
		if weight, ok := strings.CutPrefix(parameters, "q="); ok && strings.Trim(weight, "0.") == "" {
			continue // not wanted
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "br":
			br = true
		case "gzip", "*":
			gz = true
		}
	}
	switch {
	case br && f.brotli != nil:
		return f.brotli, "br"
	case gz && f.gzip != nil:
		return f.gzip, "gzip"
	}
	return f.plain, ""
}
