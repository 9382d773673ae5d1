package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"

	"vitrine/internal/links"
	"vitrine/internal/vitrine"
)

//go:embed assets
var assetFiles embed.FS

// assetTypes are the content types of the files in assets.
var assetTypes = map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

// assets are the files that pages load. Their addresses carry a digest of all of
// them, so that a browser keeps them for ever and yet never has an old one.
type assets struct {
	hash        string
	files       map[string][]byte
	style, icon string // paths for pages, with the base path
}

func readAssets(l *links.Builder) (assets, error) {
	a := assets{files: make(map[string][]byte)}
	list, err := assetFiles.ReadDir("assets")
	if err != nil {
		return a, err
	}
	sum := sha256.New()
	for _, f := range list {
		content, err := assetFiles.ReadFile(path.Join("assets", f.Name()))
		if err != nil {
			return a, err
		}
		a.files[f.Name()] = content
		_, _ = sum.Write(content) // a hash never fails
	}
	a.hash = hex.EncodeToString(sum.Sum(nil)[:8])
	a.style = l.Path("/assets/" + a.hash + "/style.css")
	a.icon = l.Path("/assets/" + a.hash + "/favicon.svg")
	return a, nil
}

// asset serves one of the files. Under an old digest, which a page from before
// an update may ask for, the present file is better than none.
func (q *visit) asset() error {
	hash, name, _ := strings.Cut(strings.TrimPrefix(q.r.URL.Path, "/assets/"), "/")
	content, ok := q.assets.files[name]
	if !ok {
		return vitrine.NotFound("page")
	}
	h := q.w.Header()
	if hash == q.assets.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Content-Type", assetTypes[path.Ext(name)])
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	if q.r.Method != http.MethodHead {
		_, _ = q.w.Write(content)
	}
	return nil
}
