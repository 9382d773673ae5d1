package fileserver

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
	"unicode"

	"vitrine/internal/catalog"
	"vitrine/internal/vitrine"
)

// copyBuffer is how much of a file is held while it goes into an archive. Bytes.
const copyBuffer = 128 << 10

// Archives answers with whole albums, packed while they are sent: nothing is
// written to disk, and no more than a buffer is held. It is safe for many
// goroutines.
type Archives struct {
	cfg     Config
	turns   turns
	buffers sync.Pool
}

// NewArchives makes the door of archives. It sees the path behind /zip/, with or
// without a slash in front.
func NewArchives(c Config) http.Handler {
	return &Archives{
		cfg: c.withDefaults(), turns: turns{each: make(map[netip.Addr]int)},
		buffers: sync.Pool{New: func() any { return new([copyBuffer]byte) }},
	}
}

// ServeHTTP implements http.Handler. An album that must not be seen is a 404, the
// same for all reasons.
func (h *Archives) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	safe(header)
	keepHere(header)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	began, err := h.serve(w, r)
	if err == nil {
		return
	}
	if !errors.Is(err, context.Canceled) && vitrine.CodeOf(err) == vitrine.CodeInternal {
		h.cfg.Logger.ErrorContext(r.Context(), "archive not served", "request_id", r.Header.Get("X-Request-Id"), "err", err)
	}
	if began {
		panic(http.ErrAbortHandler) // cut the connection: the archive is not whole
	}
	refuse(w, h.status(header, err))
}

// status is that of a refusal, with how long to wait.
func (h *Archives) status(header http.Header, err error) int {
	switch vitrine.CodeOf(err) {
	case vitrine.CodeNotFound, vitrine.CodePassword, vitrine.CodeForbidden, vitrine.CodeUnauthorized:
		return http.StatusNotFound
	case vitrine.CodeFlood:
		header.Set("Retry-After", "60")
		return http.StatusTooManyRequests
	case vitrine.CodeBusy, vitrine.CodeMaintenance:
		header.Set("Retry-After", "30")
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// serve reports whether the answer has begun, and what went wrong.
func (h *Archives) serve(w http.ResponseWriter, r *http.Request) (began bool, err error) {
	ctx, actor := r.Context(), h.cfg.Identify(r)
	slug, ok := vitrine.ParseSlug(strings.TrimPrefix(r.URL.Path, "/"))
	if !ok {
		return false, vitrine.NotFound("album")
	}
	album, err := h.cfg.Catalog.Album(ctx, actor, slug)
	if err != nil {
		return false, err
	}
	header := w.Header()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Disposition", attachment(album.Name, ".zip"))
	header.Set("Cache-Control", "private, no-store")
	header.Set("X-Robots-Tag", "noindex")
	if r.Method == http.MethodHead {
		return false, nil
	}
	leave, err := h.turns.enter(actor.Address)
	if err != nil {
		header.Del("Content-Disposition")
		return false, err
	}
	defer leave()
	return true, h.pack(ctx, w, actor, album)
}

// pack writes the archive. Pictures and films are stored as they are: they do
// not get smaller. Sizes are told behind each file, with Zip64 where they need it.
func (h *Archives) pack(ctx context.Context, w io.Writer, actor vitrine.Actor, a *vitrine.Album) error {
	buffer := h.buffers.Get().(*[copyBuffer]byte)
	defer h.buffers.Put(buffer)
	archive := zip.NewWriter(w)
	err := h.cfg.Catalog.WalkAlbum(ctx, actor, a, func(path string, c *catalog.Content) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return h.packFile(ctx, archive, path, c, buffer[:])
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

func (h *Archives) packFile(ctx context.Context, archive *zip.Writer, path string, c *catalog.Content, buffer []byte) error {
	body, err := h.cfg.Catalog.Read(ctx, c)
	if vitrine.Is(err, vitrine.CodeNotFound) {
		return nil // deleted a moment ago
	}
	if err != nil {
		return err
	}
	defer body.Close()
	entry, err := archive.CreateHeader(&zip.FileHeader{
		Name: path, Method: zip.Store, Modified: c.File.CreatedAt.UTC().Truncate(time.Second),
	})
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{entry}, struct{ io.Reader }{body}, buffer)
	return err
}

// attachment proposes the name under which an answer is kept, in any language
// (RFC 6266).
func attachment(name, extension string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, name)
	if name = strings.Trim(name, " ."); name == "" {
		name = "album"
	}
	if v := mime.FormatMediaType("attachment", map[string]string{"filename": name + extension}); v != "" {
		return v
	}
	return "attachment"
}
